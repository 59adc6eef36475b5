import { idSchema, instantSchema, slugSchema } from '@gatehouse/core/schema'
import { z } from 'zod'

export const nameLengthMax = 200

/** The institution of a node that serves one. */
export const defaultTenant = { slug: 'default', name: 'My institution' } as const

export const tenantSlugSchema = slugSchema
export const tenantNameSchema = z
  .string()
  .trim()
  .min(1)
  .max(nameLengthMax)
  .regex(/^[^\p{Cc}\p{Cs}]*$/u, 'a name is one line of text')

/** An IANA name; whether it exists is asked of the runtime's own time-zone data. */
export const timezoneSchema = z.string().max(64).refine(isTimezone, 'a time zone is an IANA name such as Europe/Vienna')

export const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const
const timeOfDaySchema = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time of day is HH:MM, such as 08:00')

/** When people of the institution are at work, in its own time zone. The end is excluded. */
export const workingHoursSchema = z
  .strictObject({ days: z.array(z.enum(weekdays)).min(1).max(7), from: timeOfDaySchema, until: timeOfDaySchema })
  .refine(({ from, until }) => from < until, { path: ['until'], error: 'the working day ends after it begins' })
export type WorkingHours = z.output<typeof workingHoursSchema>

const usualHours: WorkingHours = { days: ['mon', 'tue', 'wed', 'thu', 'fri'], from: '08:00', until: '18:00' }

/** Whose sign-in needs more than a password. `staff` are the institution's own people; engineers and persons concerned may always add a factor. */
export const secondFactorSchema = z.enum(['staff', 'everybody', 'nobody'])

export const settingsSchema = z.strictObject({
  /** Where the institution's days begin: for reports and for times shown to people. Everything is kept in UTC. */
  timezone: timezoneSchema.default('UTC'),
  /** Alerts look here for what happens off hours, and for the morning on which they are gathered. */
  working_hours: workingHoursSchema.default(usualHours),
  second_factor: secondFactorSchema.default('staff'),
  /** Whether a code by mail is enough of a second factor for whoever has no stronger one. */
  mailed_code: z.boolean().default(false),
})
export type TenantSettings = z.output<typeof settingsSchema>

export const tenantSchema = z.strictObject({
  id: idSchema('tenant'),
  slug: z.string(),
  name: z.string(),
  settings: settingsSchema,
  /** Grows with each change; send it back as `if_revision` to change only what you have seen. */
  revision: z.int().min(1),
  created_at: instantSchema,
})
export type Tenant = z.output<typeof tenantSchema>

function isTimezone(name: string): boolean {
  // Offsets such as +02:00 are accepted by newer runtimes; a place keeps its rules for summer time, an offset does not.
  if (!/^[A-Za-z]/.test(name)) return false
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch {
    return false
  }
}
