import { instantSchema, sensitive, slugSchema } from '@gatehouse/core/schema'
import { fieldNameSchema } from '@gatehouse/policy/document'
import { z } from 'zod'
import { actionSchema, documentSchema, policyKeySchema, sampleFieldsMax, sampleRecordsMax, sampleTextMax, termSchema, versionNumberSchema } from './schema.ts'

const value = z.union([z.string().max(sampleTextMax), z.number(), z.boolean(), z.null()])
const record = z
  .record(fieldNameSchema, value)
  .refine((fields) => Object.keys(fields).length <= sampleFieldsMax, `a sample record has at most ${sampleFieldsMax} fields`)

export const previewInput = z
  .strictObject({
    /** A document that is not saved, or … */
    document: documentSchema.optional(),
    /** … one that is: a policy with one of its versions. */
    policy: policyKeySchema.optional(),
    version: versionNumberSchema.optional(),
    purpose: termSchema,
    /** The reference of a partner; the policy's assignee where it is absent. */
    partner: termSchema.optional(),
    action: actionSchema.default('release'),
    /** May be left out where the policy speaks of one only. */
    record_type: slugSchema.optional(),
    /** The moment to decide at; now where it is absent. */
    at: instantSchema.optional(),
    /** Where the data would go: ISO 3166. */
    spatial: z
      .string()
      .regex(/^[A-Z]{2}(-[A-Z0-9]{1,3})?$/, 'name a place by ISO 3166, such as DE or GB-SCT')
      .optional(),
    sample: sensitive(z.array(record).min(1).max(sampleRecordsMax)),
  })
  .refine(
    ({ document, policy, version }) => (document === undefined ? policy !== undefined && version !== undefined : policy === undefined && version === undefined),
    'send a document, or name a policy and its version',
  )

const kept = z.union([z.boolean(), z.literal('within_subject')])

export const shownFieldSchema = z.strictObject({
  field: z.string(),
  before: sensitive(value),
  /** Absent where the partner does not get the field at all. */
  after: sensitive(value).optional(),
  mask: z.string().optional(),
  /** The rule that gives the field. */
  rule: z.string().optional(),
  declares: z.strictObject({ reversible: z.boolean(), deterministic: z.boolean(), keepsFormat: z.boolean(), keepsEquality: kept, keepsOrder: kept }).optional(),
  /** True where a release gives the very same value; otherwise it has the same form. */
  exact: z.boolean().optional(),
  dropped: z.strictObject({ code: z.string(), text: z.string() }).optional(),
  /** Why the value is withheld although a mask was named. */
  note: z.string().optional(),
})
export type ShownField = z.output<typeof shownFieldSchema>

export const shownSchema = z.strictObject({
  outcome: z.enum(['permit', 'deny']),
  /** The decision in sentences. */
  explained: z.array(z.string()),
  /** What the preview takes for granted. */
  assumed: z.array(z.string()),
  ttl_max_seconds: z.number().int().nullable(),
  /** For each sample record its fields, in its own order. */
  records: z.array(z.array(shownFieldSchema)),
})
export type Shown = z.output<typeof shownSchema>
