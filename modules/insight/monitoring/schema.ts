import { idSchema, instantSchema, sensitive } from '@gatehouse/core/schema'
import { stateMachine } from '@gatehouse/core/state-machine'
import { z } from 'zod'
import { aboutKinds } from './concern.ts'
import { conditionKinds, conditionSchema } from './condition.ts'

export const rulesMax = 100
export const nameLengthMax = 100
export const descriptionLengthMax = 1_000
export const noteLengthMax = 2_000
export const coolDownSecondsMax = 31 * 86_400
export const recipientsMax = 10

/** Entries that one look at a log takes. */
export const stretchMax = 500
/** The sequencer gives places at most some half a second after an act; together with this an alert comes within two. */
export const watchIdleMs = 250
/** Noise is measured over so many weeks. */
export const noiseWeeks = 12
export const alertKeptDays = 3 * 365
export const letterKeptDays = 30
export const replayKeptDays = 30

export const replayEntriesMax = 500_000
export const replayDaysMax = 366
export const replayExamplesMax = 100
export const replayQueue = 'monitoring-replay'
export const replayOptions = { retries: 2, retryDelaySeconds: 10, expireSeconds: 900 }

export const letterQueue = 'monitoring-letter'
/** The n-th retry comes 30 s · 2^n after the failure before it: nine of them within about four hours. */
export const letterOptions = { retries: 9, retryDelaySeconds: 30, expireSeconds: 90, parallel: 2 }
export const letterAttemptsMax = letterOptions.retries + 1

export const channels = ['page_now', 'next_working_day', 'on_trial', 'demoted'] as const
export const channelSchema = z
  .enum(channels)
  .describe('page_now: told at once; next_working_day: gathered in the morning; on_trial: kept and told to nobody; demoted: kept and hidden from lists')
export type Channel = z.output<typeof channelSchema>

export const alertStates = ['raised', 'acknowledged', 'closed'] as const
export type AlertState = (typeof alertStates)[number]

/** An alert is looked at by a person before it is put away. */
export const alertLife = stateMachine<AlertState, 'acknowledge' | 'close'>('alert', 'raised', [
  { from: 'raised', on: 'acknowledge', to: 'acknowledged' },
  { from: 'acknowledged', on: 'close', to: 'closed' },
])

const line = /^[^\p{Cc}\p{Cs}]*$/u
export const ruleNameSchema = z.string().trim().min(1).max(nameLengthMax).regex(line, 'a name is one line of text')
export const ruleDescriptionSchema = z
  .string()
  .trim()
  .max(descriptionLengthMax)
  .describe('What the rule looks for, why, and what to do when it fires; nothing of a person')
export const coolDownSchema = z.int().min(0).max(coolDownSecondsMax).describe('While it lasts, the same about the same is counted on the alert that is there')

export const noiseSchema = z
  .strictObject({
    weeks: z.number(),
    alerts: z.int(),
    per_week: z.number(),
    useful_share: z.number().nullable().describe('Of those acknowledged; null where there are none'),
    noise_share: z.number().nullable(),
    median_seconds_to_acknowledge: z.number().nullable(),
  })
  .describe(`Measured over the last ${noiseWeeks} weeks, or since the rule is there`)
export type Noise = z.output<typeof noiseSchema>

export const ruleSchema = z.strictObject({
  id: idSchema('alert_rule'),
  origin: z.string().nullable().describe('The name of the rule among those that every institution begins with; null for one of its own'),
  name: z.string(),
  description: z.string(),
  condition: conditionSchema,
  channel: channelSchema,
  cool_down_seconds: z.int(),
  revision: z.int().describe('Grows with each change; send it back as `if_revision`'),
  created_at: instantSchema,
  updated_at: instantSchema,
  retired_at: instantSchema.nullable(),
  noise: noiseSchema,
})
export type RuleView = z.output<typeof ruleSchema>

export const verdictSchema = z.enum(['useful', 'noise'])
export const noteSchema = sensitive(z.string().trim().min(1).max(noteLengthMax)).describe('What was found; kept beside the alert, not in the ledger')

export const aboutSchema = z
  .strictObject({ kind: z.enum(aboutKinds), id: z.string() })
  .describe('Whom it is about: ids of partners and users, the keyed digest of a source, or a type of entry')

export const alertSchema = z.strictObject({
  id: idSchema('alert'),
  rule: idSchema('alert_rule'),
  rule_name: z.string(),
  kind: z.enum(conditionKinds as [string, ...string[]]),
  channel: channelSchema,
  about: aboutSchema,
  state: z.enum(alertStates),
  entry: idSchema('entry').describe('The ledger entry at which the rule fired'),
  entry_index: z.int(),
  at: instantSchema.describe('When that act happened'),
  raised_at: instantSchema,
  observed: z.int().describe('What was reached, in the measure of the rule'),
  count: z.int().describe('How often it has happened since, with the first'),
  last_at: instantSchema,
  last_entry: idSchema('entry'),
  acknowledged_at: instantSchema.nullable(),
  acknowledged_by: z.string().nullable(),
  verdict: verdictSchema.nullable(),
  note: sensitive(z.string().nullable()),
  closed_at: instantSchema.nullable(),
  closed_by: z.string().nullable(),
})
export type AlertView = z.output<typeof alertSchema>

export const settingsSchema = z.strictObject({
  mail_to: sensitive(z.array(z.email().max(254)).max(recipientsMax)).describe('Where letters about alerts go'),
  mail_on: z.boolean().describe('False where the node has no mail server; letters then stay on its machine'),
  revision: z.int(),
})

export const replayResultSchema = z.strictObject({
  alerts: z.int().describe('Alerts that would have been raised'),
  repeats: z.int().describe('Firings that would have been counted on an alert that was there'),
  per_week: z.number(),
  days: z.array(z.strictObject({ day: z.string(), alerts: z.int() })).describe('Days of the institution’s time zone on which there would have been any'),
  examples: z.array(z.strictObject({ about: aboutSchema, at: instantSchema, entry: idSchema('entry'), entry_index: z.int(), observed: z.int() })),
  capped: z.boolean().describe('True where the period holds more than could be read; the counts are of the part that was'),
  read_until: instantSchema,
})
export type ReplayResult = z.output<typeof replayResultSchema>

export const replaySchema = z.strictObject({
  id: idSchema('replay'),
  condition: conditionSchema,
  cool_down_seconds: z.int(),
  since: instantSchema,
  until: instantSchema,
  state: z.enum(['waiting', 'running', 'done']),
  progress: z.strictObject({ read: z.int(), total: z.int().nullable() }).describe('Entries of the log'),
  result: replayResultSchema.nullable(),
  created_at: instantSchema,
  ended_at: instantSchema.nullable(),
})
export type ReplayView = z.output<typeof replaySchema>
