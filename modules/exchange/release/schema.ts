import { idSchema, instantSchema, sensitive, slugSchema } from '@gatehouse/core/schema'
import { z } from 'zod'
import { releaseStates } from './states.ts'

export const fieldsMax = 200
export const userIdMax = 200
/** Copies under one consent that are listed, and told of. */
export const copiesMax = 500

export const purposeSchema = z.string().min(1).max(128).describe('A purpose: a DPV term or one of the institution’s own leaves')
export const userIdSchema = sensitive(z.string().min(1).max(userIdMax)).describe('The id by which the institution knows the person')
export const fieldName = z.string().min(1).max(128)

export const maskedField = z.strictObject({ name: fieldName, mask: z.string().describe('The kind of mask that will be applied') })

export const releaseRequest = z.strictObject({
  partner_id: slugSchema.describe('The reference of the partner that asks; it must be the one the credential belongs to'),
  user_id: userIdSchema,
  purpose: purposeSchema,
  fields: z.array(fieldName).min(1).max(fieldsMax).optional().describe('The fields wanted; without it every field that a rule permits'),
  record_type: slugSchema.optional().describe('The data class; may be left out where there is only one'),
})

export const releaseGrant = z.strictObject({
  status: z.literal('approved'),
  release_id: idSchema('release'),
  token: z.string().describe('Spent by its first use; shown once'),
  exchange_host: z.string(),
  exchange_port: z.number().int(),
  expires_in: z.number().int().describe('Seconds until the token ends'),
  decision_id: idSchema('entry').describe('The ledger entry of this decision'),
  fields: z.array(maskedField),
  dropped: z.array(z.strictObject({ name: fieldName, reason: z.string() })),
  obligations: z.array(z.record(z.string(), z.unknown())).describe('What the partner must do, in ODRL’s words'),
})

export const releaseView = z.strictObject({
  id: idSchema('release'),
  state: z.enum(releaseStates),
  partner: idSchema('partner'),
  subject: idSchema('subject'),
  purpose: z.string(),
  record_type: z.string(),
  fields: z.array(maskedField),
  rules: z.array(z.string()),
  decision_id: idSchema('entry'),
  issued_at: instantSchema,
  expires_at: instantSchema,
  spent_at: instantSchema.nullable(),
  closed_at: instantSchema.nullable(),
  bytes: z.number().int().nullable(),
})
export type ReleaseView = z.output<typeof releaseView>

/** What is sent: the masked record and how it came to be. */
export const releasedData = z.strictObject({
  release_id: idSchema('release'),
  decision_id: idSchema('entry'),
  partner_id: z.string(),
  purpose: z.string(),
  record_type: z.string(),
  released_at: instantSchema,
  fields: z.array(maskedField),
  record: sensitive(z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]))),
})
export type ReleasedData = z.output<typeof releasedData>
