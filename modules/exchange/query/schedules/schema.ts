import { idSchema, instantSchema } from '@gatehouse/core/schema'
import { z } from 'zod'
import { inputOfProject } from '../schema.ts'

/** Minute, hour, day of the month, month, day of the week; in UTC. */
export const cronSchema = z
  .string()
  .trim()
  .max(100)
  .regex(/^[\d*,/\-\sA-Za-z]+$/, 'five fields: minute, hour, day of the month, month, day of the week')

export const scheduleInput = inputOfProject.extend({ schedule: idSchema('query_schedule') })

export const scheduleView = z.strictObject({
  id: idSchema('query_schedule'),
  project: idSchema('project'),
  plan: idSchema('query_plan'),
  version: z.int(),
  title: z.string(),
  cron: z.string(),
  next_at: instantSchema,
  last_run: idSchema('query_run').nullable(),
  /** Runs act with the rights of whoever made it, asked again each time. */
  made_by: z.string(),
  made_at: instantSchema,
})
export type ScheduleView = z.output<typeof scheduleView>
