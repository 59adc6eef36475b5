import { instantSchema } from '@gatehouse/core/schema'
import { z } from 'zod'

/** Rows that the list tells: those that lie there, and the latest that are gone. */
export const listMax = 100
/** A backup is late after so many times the hours between two. */
export const lateAfter = 2
export const faultMax = 200

export const backupSchema = z.strictObject({
  id: z.string(),
  made_at: instantSchema,
  bytes: z.number().int(),
  opens_until: instantSchema.describe('When the key of its epoch is destroyed; nobody opens it after that.'),
  tried_at: instantSchema.nullable().describe('When it was restored for a trial.'),
  fault: z.string().nullable().describe('Why the trial failed; null where it came back whole, or was not tried.'),
  gone_at: instantSchema.nullable().describe('When it was deleted, or found to be gone.'),
})
export type Backup = z.output<typeof backupSchema>

export const standings = ['external', 'off', 'none', 'good', 'untried', 'late', 'faulty'] as const
export type Standing = (typeof standings)[number]

export const standingSchema = z
  .enum(standings)
  .describe(
    'external: the database server is the operator’s own and has its own backups; off: no schedule is set; none: nothing has been made yet; good: young enough, and restored for a trial; untried: young enough, not restored yet; late: the newest is too old; faulty: the newest did not come back in its trial',
  )
