import type { Id } from '@gatehouse/core/id'
import { sensitive } from '@gatehouse/core/schema'
import { z } from 'zod'

export const userIdLengthMax = 200
export const subjectsPerBatchMax = 1_000

/** What the institution calls a person. Control characters and lone surrogates are refused: two ids must never encode alike. */
const userIdText = /^[^\p{Cc}\p{Cs}]{1,200}$/u

export const userIdSchema = sensitive(
  z.string().max(userIdLengthMax).regex(userIdText, `a user id has 1 to ${userIdLengthMax} characters and no control characters`),
)

/** `archived`: hidden and restorable. Whoever looks for the person finds nobody, as if the institution had never known them. */
export type SubjectStatus = 'active' | 'archived' | 'erased'

export interface Subject {
  readonly id: Id<'subject'>
  /** 32 bytes as lower-case hex: what stands in the log in place of the id. */
  readonly commitment: string
  readonly status: SubjectStatus
}
