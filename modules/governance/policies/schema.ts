/** The nouns of policies and their limits. */
import { type Id, parseId } from '@gatehouse/core/id'
import { idSchema, instantSchema, pageQuery, slugSchema } from '@gatehouse/core/schema'
import { actionNames } from '@gatehouse/policy/actions'
import type { AuditFacts } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import { versionStates } from './states.ts'

/** Versions of one policy, drafts and all. */
export const versionsMax = 1_000
/** Purposes of an institution's own. */
export const purposesMax = 500
/** Records of one preview. */
export const sampleRecordsMax = 20
/** Fields of one record of a preview, and characters of one value. */
export const sampleFieldsMax = 500
export const sampleTextMax = 4_000
/** Compiled policies that are kept in memory for one purpose tree. */
export const compiledMax = 2_000

/** The policy's own name. One that reads like an id would be ambiguous in a path. */
export const uidSchema = slugSchema.refine((text) => parseId(text) === undefined, 'a uid must not have the form of an id')

/** A policy in a path: by its id or by its uid. */
export const policyKeySchema = z.string().regex(/^[A-Za-z0-9_-]{1,63}$/, 'name a policy by its id or its uid')
/** A purpose or a party as policies name it. */
export const termSchema = z.string().regex(/^[A-Za-z0-9*][A-Za-z0-9._:-]{0,127}$/, 'use a name as it stands in policies')
export const versionNumberSchema = z.coerce.number().int().min(1).max(versionsMax)
export const actionSchema = z.enum(actionNames)

/** An ODRL Set in the profile of `@gatehouse/policy`. Its reader checks it and tells every fault with its place. */
export const documentSchema = z.record(z.string(), z.unknown()).meta({ description: 'A policy document: an ODRL Set in the profile urn:gatehouse:odrl:v1.' })

export const digestSchema = z.string().meta({ description: 'SHA-256 of the canonical JSON (RFC 8785) of the document, as hex.' })

export const versionSummarySchema = z.strictObject({
  version: z.number().int(),
  state: z.enum(versionStates),
  digest: digestSchema,
  /** The user who saved it. */
  author: z.string(),
  created_at: instantSchema,
  published_at: instantSchema.nullable(),
  ended_at: instantSchema.nullable(),
})

export const explainedSchema = z.array(
  z.strictObject({
    rule: z.string(),
    kind: z.enum(['permission', 'prohibition']),
    sentences: z.array(z.string()),
    /** The same in parts: who may, or may never, do what and for which purpose; what it rests on; its limits; its duties. */
    act: z.string(),
    basis: z.string().optional(),
    conditions: z.array(z.string()),
    duties: z.array(z.string()),
  }),
)

export const versionSchema = versionSummarySchema.extend({
  policy: idSchema('policy'),
  uid: z.string(),
  document: documentSchema,
  /** The document in sentences, rule by rule, prohibitions first. */
  explained: explainedSchema,
})
export type VersionView = z.output<typeof versionSchema>

export const policyStates = ['draft', 'active', 'retired'] as const

export const policyItemSchema = z.strictObject({
  id: idSchema('policy'),
  uid: z.string(),
  title: z.string(),
  assignee: z.string(),
  state: z.enum(policyStates),
  active_version: z.number().int().nullable(),
  /** When the active version was put in force. */
  active_since: instantSchema.nullable(),
  newest_version: z.number().int(),
  created_at: instantSchema,
  retired_at: instantSchema.nullable(),
})
export type PolicyItem = z.output<typeof policyItemSchema>

/** What is shown of a policy is its active version, or the newest one where none is active; the filters look at the same. */
export const policyPageQuery = z.strictObject({
  ...pageQuery,
  cursor: idSchema('policy').optional(),
  state: z.enum(policyStates).optional(),
  assignee: termSchema.optional(),
  record_type: termSchema.optional(),
  purpose: termSchema.optional(),
})

export const purposeSchema = z.strictObject({ term: z.string(), label: z.string(), parents: z.array(z.string()), own: z.boolean() })

/** What the ledger keeps of a version: the document is found again by its digest. */
export function versionFacts(policy: Id<'policy'>, { version, digest }: { readonly version: number; readonly digest: string }): AuditFacts {
  return { object: { kind: 'policy', id: policy }, details: { policy_id: policy, policy_version: version, policy_digest: digest } }
}
