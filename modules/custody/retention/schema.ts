/** The nouns of forgetting and their limits. */
import { idSchema, instantSchema, pageQuery, sensitive, slugSchema } from '@gatehouse/core/schema'
import { z } from 'zod'
import { userIdSchema } from '../../subjects/index.ts'
import { erasureStates } from './states.ts'

/** Erasures that one turn of the loop looks at. */
export const turnMax = 20
/** How many times an erasure is looked for in the head store at once when a backup is restored. */
export const reapplyPage = 500

/** Why a person is erased: the grounds of Article 17(1) GDPR, and the end of the time for which records are kept. */
export const grounds = [
  'no_longer_necessary',
  'consent_withdrawn',
  'objection',
  'unlawful',
  'legal_obligation',
  'request_of_the_person',
  'retention_ended',
] as const
export const groundSchema = z.enum(grounds)
export type Ground = z.output<typeof groundSchema>

/** Why a person is hidden for a time. */
export const archiveReasonSchema = z.enum(['inactive', 'restriction', 'dispute', 'mistake', 'retention_ended', 'other'])

/** Free words may name somebody, so they stand in no entry of the ledger. */
export const wordsSchema = sensitive(z.string().trim().min(1).max(200))

export const scopeSchema = z.enum(['person', 'record_type', 'institution'])
export type Scope = z.output<typeof scopeSchema>

export const erasureSchema = z.strictObject({
  id: idSchema('erasure'),
  subject_id: idSchema('subject'),
  state: z.enum(erasureStates),
  ground: groundSchema,
  reference: wordsSchema.nullable(),
  requested_by: z.string(),
  requested_at: instantSchema,
  approved_at: instantSchema.nullable(),
  destroyed_at: instantSchema.nullable().describe('When the keys were destroyed. From here on nothing brings the records back.'),
  purged_at: instantSchema.nullable(),
  ended_at: instantSchema.nullable(),
  counts: z.record(z.string(), z.number().int()).describe('What was removed or blanked, by table or kind of thing.'),
})
export type Erasure = z.output<typeof erasureSchema>

export const holdSchema = z.strictObject({
  id: idSchema('hold'),
  scope: scopeSchema,
  subject_id: idSchema('subject').nullable(),
  record_type: slugSchema.nullable(),
  matter: wordsSchema,
  placed_by: z.string(),
  placed_at: instantSchema,
  lifted_by: z.string().nullable(),
  lifted_at: instantSchema.nullable(),
})
export type Hold = z.output<typeof holdSchema>

export const personInput = z.strictObject({ user_id: userIdSchema })
export const erasureQuery = z.strictObject({ ...pageQuery, cursor: idSchema('erasure').optional(), state: z.enum(erasureStates).optional() })
export const holdQuery = z.strictObject({ ...pageQuery, cursor: idSchema('hold').optional(), in_force: z.enum(['true', 'false']).optional() })
