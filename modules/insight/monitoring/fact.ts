/** A ledger entry as rules look at it. The person concerned is only a part of the commitment: enough to tell two apart. */
import type { Id } from '@gatehouse/core/id'
import { instantMs } from '@gatehouse/core/instant'
import type { PlacedBody } from '../../ledger/index.ts'

export interface Fact {
  readonly entry: Id<'entry'>
  readonly index: number
  readonly type: string
  readonly atMs: number
  readonly actor: { readonly kind: string; readonly id: string }
  readonly decision?: string | undefined
  readonly partner?: string | undefined
  readonly purpose?: string | undefined
  readonly person?: string | undefined
  readonly object?: { readonly kind: string; readonly id: string } | undefined
  readonly details: Readonly<Record<string, unknown>>
}

/** 64 bits: two of a million persons are taken for one with a chance of one in thirty million. */
const personDigits = 16

export function factOf({ index, body }: PlacedBody): Fact {
  return {
    entry: body.id,
    index,
    type: body.type,
    atMs: instantMs(body.at),
    actor: body.actor,
    decision: body.decision,
    partner: body.partner,
    purpose: body.purpose,
    person: body.subject_c?.slice(0, personDigits),
    object: body.object,
    details: body.details ?? {},
  }
}
