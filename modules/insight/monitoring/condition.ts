/**
 * When a rule fires, as data. Every kind counts something that the ledger says, per somebody, within a window; numbers are the
 * institution's, and what is looked at stands in `concern.ts`.
 */
import { z } from 'zod'
import { timezoneSchema, workingHoursSchema } from '../../governance/tenancy/index.ts'

export const typesMax = 50
export const windowSecondsMin = 10
export const windowSecondsMax = 31 * 86_400
export const thresholdMax = 1_000_000_000_000
/** A walk remembers the persons it has counted, so its threshold is what its memory may hold. */
export const walkMax = 500
export const learningDaysMax = 90

/** What the node itself writes about alerts. A rule that listened to it would hear its own voice. */
export const raiseType = 'monitoring.raise'
export const digestType = 'monitoring.digest'

const entryType = z
  .string()
  .max(100)
  .regex(/^[a-z][a-z0-9_]*([.][a-z][a-z0-9_]*)+$/, 'an entry type reads <module>.<act>, such as release.authorize')
  .refine((type) => type !== raiseType && type !== digestType, 'a rule cannot listen to alerts')

const types = z.array(entryType).min(1).max(typesMax).describe('The types of ledger entries that are looked at')
const threshold = z.int().min(1).max(thresholdMax).describe('Fires when this much is reached within the window')
const window_seconds = z
  .int()
  .min(windowSecondsMin)
  .max(windowSecondsMax)
  .describe('The window that slides along, in steps of a sixtieth of its length and at least a second')
const per = z.enum(['partner', 'actor', 'institution']).describe('Whether each partner, each who acts, or the institution as a whole is counted by itself')

export const conditionSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('rate'),
    types,
    decision: z.enum(['permit', 'deny', 'pending', 'error']).optional(),
    per,
    threshold,
    window_seconds,
  }),
  z.strictObject({ kind: z.literal('volume'), measure: z.enum(['bytes', 'records']), per, threshold, window_seconds }),
  z.strictObject({
    kind: z.literal('new_purpose'),
    learning_days: z.int().min(0).max(learningDaysMax).default(7).describe('For so long after a partner’s first request its purposes are learned in silence'),
  }),
  z.strictObject({
    kind: z.literal('off_hours'),
    types,
    actors: z.enum(['user', 'partner', 'any']).default('any'),
    hours: workingHoursSchema.optional().describe('Without it the institution’s working hours'),
    timezone: timezoneSchema.optional().describe('Without it the institution’s time zone'),
    threshold: threshold.default(1),
    window_seconds: window_seconds.default(3_600),
  }),
  z.strictObject({
    kind: z.literal('subject_walk'),
    types: types.default(['release.authorize', 'release.read_record']),
    per: z.enum(['partner', 'actor']),
    shape: z
      .enum(['any', 'sequential', 'burst'])
      .default('any')
      .describe('any: so many different persons; sequential: one after the other and nobody twice; burst: without a pause in between'),
    threshold: z.int().min(2).max(walkMax).describe('Fires at this many different persons'),
    window_seconds,
    pause_seconds: z.int().min(1).max(3_600).default(10).describe('For a burst: a longer pause begins a new one'),
  }),
  z.strictObject({ kind: z.literal('replayed_token'), threshold: threshold.default(1), window_seconds: window_seconds.default(3_600) }),
  z.strictObject({ kind: z.literal('failed_proof'), threshold: threshold.default(3), window_seconds: window_seconds.default(3_600) }),
  z.strictObject({ kind: z.literal('failed_verification') }),
  z.strictObject({ kind: z.literal('settings_changed'), types }),
  z.strictObject({
    kind: z.literal('failed_sign_in'),
    per: z.enum(['account', 'source', 'institution']).describe('source: an address, known only by its keyed digest; counted by the node for all institutions'),
    threshold,
    window_seconds,
  }),
])
export type Condition = z.output<typeof conditionSchema>
export type ConditionOf<K extends Condition['kind']> = Extract<Condition, { kind: K }>

export const conditionKinds = conditionSchema.options.map(({ shape }) => shape.kind.value) as readonly Condition['kind'][]
