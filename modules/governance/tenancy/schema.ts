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
const timezoneSchema = z.string().max(64).refine(isTimezone, 'a time zone is an IANA name such as Europe/Vienna')

export const settingsSchema = z.strictObject({
  /** Where the institution's days begin: for reports and for times shown to people. Everything is kept in UTC. */
  timezone: timezoneSchema.default('UTC'),
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
