import { idSchema, instantSchema } from '@gatehouse/core/schema'
import { z } from 'zod'
import { wordsSchema } from '../schema.ts'
import { institutionStates } from './states.ts'

/** Within so many days of the request everything is gone. */
export const deadlineDays = 30
/** How long the institution has to think again; the rest of the deadline is for the work and for what holds it up. */
export const waitDaysDefault = 14
export const waitDaysMax = 25
/** Institution erasures that are listed; there are never many. */
export const institutionListMax = 500

export const institutionErasureSchema = z.strictObject({
  id: idSchema('erasure'),
  institution: idSchema('tenant'),
  state: z.enum(institutionStates),
  reference: wordsSchema,
  requested_by: z.string(),
  requested_at: instantSchema,
  due_at: instantSchema.describe('When it begins, unless it is cancelled before or held.'),
  begun_at: instantSchema.nullable(),
  ended_at: instantSchema.nullable(),
  counts: z.record(z.string(), z.number().int()),
})
export type InstitutionErasure = z.output<typeof institutionErasureSchema>
