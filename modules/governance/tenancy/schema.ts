import { idSchema, instantSchema, slugSchema } from '@gatehouse/core/schema'
import { IpAddress, inNetwork } from '@gatehouse/policy/relations/caveat-type'
import { z } from 'zod'

/** Asked with it, a text that is no network has no answer. */
const anyAddress = new IpAddress(32, 0n)

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

export const boundaryEntriesMax = 100

/** CIDR of IPv4 or IPv6 (RFC 4632, RFC 4291 section 2.3), such as 192.0.2.0/24. */
const networkSchema = z
  .string()
  .max(43)
  .refine((text) => inNetwork(anyAddress, text) !== undefined, 'a network is an address and a length, such as 192.0.2.0/24 or 2001:db8::/32')
const thumbprintSchema = z.string().regex(/^[A-Za-z0-9_-]{43}$/, 'the SHA-256 thumbprint of a certificate, in base64url')

const boundarySchema = z
  .strictObject({
    networks: z.array(networkSchema).max(boundaryEntriesMax).default([]),
    /** Client certificates by thumbprint; each lets in from everywhere. */
    certificates: z.array(thumbprintSchema).max(boundaryEntriesMax).default([]),
  })
  .refine(({ networks, certificates }) => networks.length + certificates.length > 0, 'name a network or a certificate; null is from everywhere')
export type Boundary = z.output<typeof boundarySchema>

/** From where each door of the institution can be reached; null is from everywhere. */
export const boundariesSchema = z.strictObject({
  /** Sessions of the staff and of partners' engineers. Persons concerned come from anywhere. */
  portal: boundarySchema.nullable().default(null),
  /** API keys. */
  api: boundarySchema.nullable().default(null),
  /** One-time tokens, on the exchange socket and at /v1/redeem. */
  exchange: boundarySchema.nullable().default(null),
})
export type Boundaries = z.output<typeof boundariesSchema>

export const settingsSchema = z.strictObject({
  /** Where the institution's days begin: for reports and for times shown to people. Everything is kept in UTC. */
  timezone: timezoneSchema.default('UTC'),
  /** Alerts look here for what happens off hours, and for the morning on which they are gathered. */
  working_hours: workingHoursSchema.default(usualHours),
  second_factor: secondFactorSchema.default('staff'),
  /** Whether a code by mail is enough of a second factor for whoever has no stronger one. */
  mailed_code: z.boolean().default(false),
  /** The same for a code by SMS. */
  texted_code: z.boolean().default(false),
  boundaries: boundariesSchema.default({ portal: null, api: null, exchange: null }),
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
