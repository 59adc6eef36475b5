/**
 * From a decision and the record's shape to the plan that is executed later: field by field which mask. Pure; it proves that
 * the plan can be met before a token is issued.
 */
import { canonicalJson } from '@gatehouse/core/canonical-json'
import type { Id } from '@gatehouse/core/id'
import type { Permit } from '@gatehouse/policy/decide'
import type { MaskSpec } from '@gatehouse/privacy/mask/catalogue'
import { parseMask } from '@gatehouse/privacy/mask/spec'
import type { Field } from '@gatehouse/tabular/field'

export interface PlannedField {
  readonly name: string
  readonly mask: MaskSpec
}

/** A policy as it stood when the decision fell; the grant dies with the version. */
export interface PolicyRef {
  readonly id: Id<'policy'>
  /** The name by which decisions speak of it. */
  readonly policy: string
  readonly version: number
  readonly digest: string
}

export interface ConsentRef {
  readonly id: Id<'consent'>
  readonly digest: string
}

export interface ReleasePlan {
  readonly recordType: string
  readonly purpose: string
  readonly fields: readonly PlannedField[]
  readonly requested: readonly string[] | null
  readonly policies: readonly PolicyRef[]
  readonly consents: readonly ConsentRef[]
}

export type Planned = { readonly outcome: 'planned'; readonly plan: ReleasePlan } | { readonly outcome: 'impossible'; readonly field: string }

export function planRelease(
  permit: Permit,
  shape: { readonly recordType: string; readonly purpose: string; readonly fields: readonly Field[]; readonly requested: readonly string[] | null },
  sources: { readonly policies: readonly PolicyRef[]; readonly consents: readonly ConsentRef[] },
): Planned {
  const types = new Map(shape.fields.map((field) => [field.name, field.type]))
  const fields: PlannedField[] = []
  for (const { name, mask } of permit.fields) {
    const type = types.get(name)
    // An older record may lack what its type has by now: it is given without.
    if (type === undefined) continue
    // Reading fills in the defaults that a stored policy leaves out, so the plan says in full what will be done.
    const read = parseMask(mask, type)
    if (!read.ok) return { outcome: 'impossible', field: name }
    fields.push({ name, mask: read.spec })
  }
  if (fields.length === 0) return { outcome: 'impossible', field: permit.fields[0]?.name ?? '' }
  const spoke = new Set(permit.rules.map((rule) => rule.policy))
  const relied = new Set(permit.consentIds)
  return {
    outcome: 'planned',
    plan: {
      recordType: shape.recordType,
      purpose: shape.purpose,
      fields,
      requested: shape.requested,
      policies: sources.policies.filter((policy) => spoke.has(policy.policy)),
      consents: sources.consents.filter((consent) => relied.has(consent.id)),
    },
  }
}

/** A compiled policy keeps its masks, so each is read and written out once and not at every redemption. */
const texts = new WeakMap<object, string>()

function textOf(mask: Permit['fields'][number]['mask']): string {
  let text = texts.get(mask)
  if (text === undefined) {
    const read = parseMask(mask)
    text = read.ok ? canonicalJson(read.spec) : ''
    texts.set(mask, text)
  }
  return text
}

/** True when the decision as it falls today still gives every planned field under the very same mask. */
export function stillPermits(permit: Permit, plan: ReleasePlan): boolean {
  const masks = new Map(permit.fields.map(({ name, mask }) => [name, textOf(mask)]))
  return plan.fields.every(({ name, mask }) => masks.get(name) === canonicalJson(mask))
}

/** What the ledger ties a release to: the policies and consents it rested on, by id and digest. */
export function digests(plan: ReleasePlan) {
  return {
    policies: plan.policies.map(({ id, version, digest }) => ({ policy_id: id, policy_version: version, policy_digest: digest })),
    consents: plan.consents.map(({ id, digest }) => ({ consent_id: id, consent_digest: digest })),
  }
}
