import { idSchema, instantSchema } from '@gatehouse/core/schema'
import { saidSchema } from '@gatehouse/core/sentence'
import { z } from 'zod'
import { discoveredSchema } from '../schema.ts'
import { lookStates } from './states.ts'

export const lookQueue = 'catalog-look'

/** How often a look says that it lives and how far it is, and hears whether it may go on. */
export const beatMs = 500
/** Whoever is silent for so long is dead. */
export const silentSeconds = 20

/** `tables`: which there are. `columns`: what new columns are, from a sample of their table. */
export const lookSteps = ['tables', 'columns'] as const
export type LookStep = (typeof lookSteps)[number]

export const lookSchema = z.strictObject({
  id: idSchema('look'),
  state: z.enum(lookStates),
  asked_at: instantSchema,
  ended_at: instantSchema.nullable(),
  step: z.enum(lookSteps).nullable().describe('What is under way, or was at the end: `tables`, which there are; `columns`, what new ones hold.'),
  tables: z.int().describe('Tables of the step that were looked at so far.'),
  of_tables: z.int().nullable().describe('How many there are; null while nobody knows.'),
  fault: z
    .strictObject({ type: z.string(), title: z.string(), detail: z.string().nullable(), said: saidSchema.nullable() })
    .nullable()
    .describe('Why it failed, as a problem of this API.'),
  found: discoveredSchema.nullable().describe('What it came to, once it is done.'),
})
export type Look = z.output<typeof lookSchema>
