import { type Id, parseId } from '@gatehouse/core/id'
import type { Instant } from '@gatehouse/core/instant'
import { idSchema, instantSchema, pageQuery, slugSchema } from '@gatehouse/core/schema'
import { type Standing, standings } from '@gatehouse/policy/document'
import type { Principal } from '@gatehouse/runtime/base/context'
import type { Resource } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'

export const nameLengthMax = 200
export const labelLengthMax = 100
export const receiverKeysMax = 16
export const certificateLengthMax = 16_384
export const reasonLengthMax = 200

const line = /^[^\p{Cc}\p{Cs}]*$/u

/** Names by which policies and consents speak of receivers that are no partners: the institution's people, and a person's own wallet. */
export const ownRecipients = { staff: 'staff', holder: 'holder' } as const

/** A reference that reads like an id would be ambiguous wherever either is taken. */
export const referenceSchema = slugSchema.refine((text) => parseId(text) === undefined, 'a reference must not have the form of an id')
export const partnerNameSchema = z.string().trim().min(1).max(nameLengthMax).regex(line, 'a name is one line of text')
export const standingReasonSchema = z.string().trim().min(1).max(reasonLengthMax).regex(line, 'a reason is one line of text')
export const keyLabelSchema = z.string().trim().min(1).max(labelLengthMax).regex(line, 'a label is one line of text')

/** A partner in a path: by its id or by its reference. */
export const partnerKeySchema = z.string().min(1).max(63)

export interface Partner {
  readonly id: Id<'partner'>
  /** What the outside world calls it; the public `partner_id`. */
  readonly reference: string
  readonly name: string
  /** As it was last written; what it is now says `standingOf`. */
  readonly status: Standing
  /** From this moment on it has expired. */
  readonly expires_at: Instant | null
  /** Why its standing is as it is, for those who keep partners. */
  readonly reason: string | null
  readonly created_at: Instant
}

export const partnerSchema = z.strictObject({
  id: idSchema('partner'),
  reference: z.string(),
  name: z.string(),
  status: z.enum(standings),
  /** The day on which its standing ends; null where none is set. */
  expires_at: instantSchema.nullable(),
  /** Why its standing is as it is. A partner is not told. */
  reason: z.string().nullable(),
  created_at: instantSchema,
})

export type ReceiverKeyKind = 'certificate' | 'jwk'

export const receiverKeySchema = z.strictObject({
  id: idSchema('key'),
  kind: z.enum(['certificate', 'jwk']),
  /** base64url: SHA-256 of the certificate's DER (RFC 8705), or the JWK thumbprint (RFC 7638). */
  thumbprint: z.string(),
  label: z.string().nullable(),
  not_after: instantSchema.nullable(),
  created_at: instantSchema,
})
export type ReceiverKeyEntry = z.output<typeof receiverKeySchema>

export const partnerPageQuery = z.strictObject({ ...pageQuery, cursor: idSchema('partner').optional(), status: z.enum(standings).optional() })

/**
 * The partner in an access question. A partner may name itself by id or reference, which only the database can tell apart, so
 * a partner is asked about as its own; the operation then answers `not_found` for every other.
 */
export const partnerResource = (_input: unknown, principal: Principal): Resource =>
  principal.partner === undefined ? { type: 'partner' } : { type: 'partner', owner: principal.partner }
