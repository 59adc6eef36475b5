import { idSchema, instantSchema, sensitive } from '@gatehouse/core/schema'
import { z } from 'zod'
import { userIdSchema } from '../../../subjects/index.ts'
import { capacities, line } from '../schema.ts'

/** Guardians of one person, and persons of one guardian, that are shown. */
export const guardiansMax = 100
/** How long one of two guardians waits for the other. */
export const proposalDays = 30

export const bases = capacities
export type Basis = (typeof bases)[number]

export const guardianshipKeySchema = idSchema('guardianship')

const daySchema = z
  .string()
  .regex(/^(19|20)\d{2}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/, 'a date is written YYYY-MM-DD')
  .refine((day) => !Number.isNaN(Date.parse(`${day}T00:00:00Z`)), 'there is no such day')

export const recordGuardianSchema = z.strictObject({
  user_id: userIdSchema.describe('The person who cannot act alone'),
  guardian_user_id: userIdSchema.describe('The person who acts for them'),
  basis: z.enum(bases),
  from: instantSchema.optional(),
  until: instantSchema.optional(),
  born: sensitive(daySchema).optional().describe('The date of birth; needed for parental responsibility, which ends when the person comes of age'),
  jointly: z.boolean().default(false).describe('Two guardians have to agree; each alone may withdraw'),
  label: sensitive(line(100)).optional().describe('What the guardian calls the person, for the guardian’s page'),
  evidence_reference: sensitive(line(200)).optional().describe('Where the proof lies: a file number, a deed'),
})

export const guardianshipStates = ['not_yet', 'holds', 'ended', 'of_age', 'revoked'] as const

export const guardianshipSchema = z.strictObject({
  id: guardianshipKeySchema,
  state: z.enum(guardianshipStates),
  guardian: idSchema('subject'),
  basis: z.enum(bases),
  from: instantSchema,
  until: instantSchema.nullable(),
  of_age_on: sensitive(z.string()).nullable().describe('The day on which parental responsibility ends by itself'),
  jointly: z.boolean(),
  label: sensitive(z.string()).nullable(),
  evidence_reference: sensitive(z.string()).nullable(),
  recorded_at: instantSchema,
  revoked_at: instantSchema.nullable(),
})
export type GuardianshipView = z.output<typeof guardianshipSchema>

export const ageRuleSchema = z.strictObject({
  age_of_majority: z.int().min(10).max(30),
  /** How long what a guardian agreed to stands unconfirmed once the person is of age; null: for as long as it says. */
  confirm_within_days: z.int().min(0).max(3_650).nullable(),
})
