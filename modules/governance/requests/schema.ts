import { idSchema, instantSchema, pageQuery, sensitive } from '@gatehouse/core/schema'
import type { Principal } from '@gatehouse/runtime/base/context'
import type { AuditFacts, Resource } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import type { Subject } from '../../subjects/index.ts'
import { requestStates, requestSteps } from './states.ts'

/** Requests of one person that are open at once, and those that a person sees. */
export const openMax = 20
export const shownMax = 200
/** So long before the end of the statutory time the staff is told. */
export const warnDays = 7

export const requestKinds = ['access', 'rectification', 'erasure', 'restriction', 'portability', 'objection'] as const
export type RequestKind = (typeof requestKinds)[number]

export const requestKeySchema = idSchema('rights_request')

const prose = (most: number) =>
  sensitive(
    z
      .string()
      .trim()
      .min(1)
      .max(most)
      .regex(/^[^\0\p{Cs}]*$/u, 'a zero byte cannot be kept'),
  )
export const wordsSchema = prose(2_000)
export const answerSchema = prose(4_000)

const shared = {
  id: requestKeySchema,
  kind: z.enum(requestKinds),
  state: z.enum(requestStates),
  words: sensitive(z.string()).nullable(),
  received_at: instantSchema,
  /** The end of the statutory time, as it was computed when the request came in or was extended. */
  due_at: instantSchema,
  overdue: z.boolean(),
  extension_reason: sensitive(z.string()).nullable(),
  answer: sensitive(z.string()).nullable(),
  closed_at: instantSchema.nullable(),
  /** Of a restriction: granted and not lifted, so that the data is only stored. */
  restricts: z.boolean(),
}

export const requestSchema = z.strictObject({ ...shared, subject: idSchema('subject') })
export type RequestView = z.output<typeof requestSchema>
export const ownRequestSchema = z.strictObject(shared)

export const listQuery = z.strictObject({
  ...pageQuery,
  cursor: z.string().max(100).optional(),
  closed: z.stringbool().default(false).describe('Those that are closed in place of those that are open'),
})

export const stepSchema = z.enum(requestSteps)

export const clockSchema = z.strictObject({ answer_months: z.int().min(1).max(12), extension_months: z.int().min(0).max(12) })

export const ownRequest = (_input: unknown, { subject }: Principal): Resource => ({ type: 'own_request', ...(subject === undefined ? {} : { owner: subject }) })

/** What the ledger keeps: which, of what kind, and of whom as a commitment; never a word of it. */
export function requestFacts(
  subject: Pick<Subject, 'id' | 'commitment'>,
  request: { readonly id: string; readonly kind: string; readonly state: string },
): AuditFacts {
  return {
    subject: { id: subject.id, commitment: subject.commitment },
    object: { kind: 'rights_request', id: request.id },
    details: { kind: request.kind, state: request.state },
  }
}
