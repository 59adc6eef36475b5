/** All masks, in the order a person would look for them. The reference page and the policy editor are made from this list. */
import { constant } from './constant.ts'
import { dateShift } from './date-shift.ts'
import { dateTruncate } from './date-truncate.ts'
import { drop } from './drop.ts'
import { email } from './email.ts'
import { geoPrefix } from './geo-prefix.ts'
import { hash } from './hash.ts'
import { keep } from './keep.ts'
import { lastN } from './last-n.ts'
import type { Mask } from './mask.ts'
import { numberBucket } from './number-bucket.ts'
import { numberRound } from './number-round.ts'
import { numberTopCode } from './number-top-code.ts'
import { partial } from './partial.ts'
import { phone } from './phone.ts'
import { redact } from './redact.ts'
import { token } from './token.ts'

const typed = [
  keep,
  drop,
  redact,
  constant,
  partial,
  lastN,
  email,
  phone,
  hash,
  token,
  dateTruncate,
  dateShift,
  numberRound,
  numberBucket,
  numberTopCode,
  geoPrefix,
] as const

export type MaskSpec = (typeof typed)[number] extends infer Each ? (Each extends Mask<infer Spec> ? Spec : never) : never
export type MaskKind = MaskSpec['mask']

/** Each mask is only ever given a specification its own schema has read, which the compiler cannot see. */
export const masks = typed as readonly unknown[] as readonly Mask<MaskSpec>[]

const byKind = new Map(masks.map((mask) => [mask.kind as string, mask]))

export function maskOf(kind: string): Mask<MaskSpec> | undefined {
  return byKind.get(kind)
}
