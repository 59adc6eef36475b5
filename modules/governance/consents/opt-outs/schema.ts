import { idSchema, instantSchema, slugSchema } from '@gatehouse/core/schema'
import type { AuditFacts } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import { type Subject, userIdSchema } from '../../../subjects/index.ts'
import { line } from '../schema.ts'

/** Opt-outs of one person in force, and those that are listed. */
export const optOutsMax = 200
export const exemptionsMax = 100

export const optOutKeySchema = idSchema('opt_out')
const purposeTerm = z.string().min(1).max(128)

/** What is not wanted: everything, one purpose with narrower ones, or one kind of data. */
export const optOutTermsSchema = z.discriminatedUnion('scope', [
  z.strictObject({ scope: z.literal('all') }),
  z.strictObject({ scope: z.literal('purpose'), purpose: purposeTerm }),
  z.strictObject({ scope: z.literal('data_class'), data_class: slugSchema }),
])
export type OptOutTerms = z.output<typeof optOutTermsSchema>

/** The same for a door that takes further members. */
export const namedOptOutSchema = z.strictObject({ user_id: userIdSchema, opt_out: optOutTermsSchema })

export const optOutSchema = z.strictObject({
  id: optOutKeySchema,
  scope: z.enum(['all', 'purpose', 'data_class']),
  /** The purpose or the kind of data; null for everything. */
  term: z.string().nullable(),
  label: z.string().nullable().describe('The purpose in words'),
  source: z.enum(['person', 'guardian', 'staff', 'import']),
  set_at: instantSchema,
  lifted_at: instantSchema.nullable(),
})
export type OptOutView = z.output<typeof optOutSchema>

export const exemptionSchema = z.strictObject({
  purpose: purposeTerm,
  label: z.string(),
  law: z.string(),
})
/** What somebody sees who may opt out, for themselves or for a ward. */
export const ownOptOutsSchema = z.strictObject({
  opt_outs: z.array(optOutSchema),
  purposes: z.array(z.strictObject({ term: z.string(), label: z.string() })).describe('The broad purposes, and those of the institution’s own'),
  data_classes: z.array(z.string()).describe('The kinds of data that a policy in force speaks of'),
  exempt: z.array(exemptionSchema),
})

export type OwnOptOuts = z.output<typeof ownOptOutsSchema>
export const newExemptionSchema = z.strictObject({
  purpose: purposeTerm,
  law: line(200).describe('The provision that demands the use, such as "Banking Act § 23"'),
})

/** What the ledger keeps of an opt-out: which, and of whom as a commitment. */
export function optOutFacts(subject: Pick<Subject, 'id' | 'commitment'>, optOut: { readonly id: string; readonly scope: string }): AuditFacts {
  return { subject: { id: subject.id, commitment: subject.commitment }, object: { kind: 'opt_out', id: optOut.id }, details: { scope: optOut.scope } }
}
