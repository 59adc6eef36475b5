/** What left, why and on which basis: a release as a report tells of it. No value of a person and no outside id stands in it. */
import type { Id } from '@gatehouse/core/id'
import { idSchema, instantSchema } from '@gatehouse/core/schema'
import { legalBasis } from '@gatehouse/policy/bases'
import type { Policy } from '@gatehouse/policy/document'
import type { Tx } from '@gatehouse/runtime/data/db'
import type { Node } from '@gatehouse/runtime/door/node'
import { z } from 'zod'
import type { GrantRow } from '../../exchange/release/index.ts'
import { policyDocument } from '../../governance/policies/index.ts'
import { namesFor } from './names.ts'
import { partnerName } from './schema.ts'

export const disclosedStates = ['under_way', 'delivered', 'undelivered'] as const

export const basisSchema = z.strictObject({
  policy: idSchema('policy'),
  policy_uid: z.string(),
  version: z.number().int(),
  rule: z.string(),
  basis: z.string().describe('A term of the Data Privacy Vocabulary.'),
  basis_label: z.string(),
  law: z.string().nullable().describe('The law, contract or interest relied on; null where it is consent.'),
})

export const disclosureSchema = z.strictObject({
  release: idSchema('release'),
  at: instantSchema.describe('When the token was redeemed and the data left.'),
  state: z.enum(disclosedStates).describe('`undelivered`: it left and may not have arrived.'),
  partner: partnerName,
  purpose: z.string(),
  purpose_label: z.string(),
  record_type: z.string(),
  bases: z.array(basisSchema),
  consents: z.array(idSchema('consent')),
  fields: z.array(z.strictObject({ name: z.string(), mask: z.string() })),
  bytes: z.number().int().nullable(),
  decision_id: idSchema('entry'),
})
export type Disclosure = z.output<typeof disclosureSchema>

export async function disclosuresOf(tx: Tx, node: Node, grants: readonly GrantRow[]): Promise<Disclosure[]> {
  const [names, documents] = await Promise.all([
    namesFor(
      tx,
      node,
      grants.map((grant) => grant.partner_id),
    ),
    policyDocuments(tx, grants),
  ])
  return grants.map((grant) => ({
    release: grant.id,
    at: grant.spent_at ?? grant.issued_at,
    state: grant.state === 'delivered' || grant.state === 'undelivered' ? grant.state : 'under_way',
    partner: names.partner(grant.partner_id),
    purpose: grant.purpose,
    purpose_label: names.purpose(grant.purpose),
    record_type: grant.record_type,
    bases: basesOf(grant, documents),
    consents: grant.plan.consents.map(({ id }) => id),
    fields: grant.plan.fields.map(({ name, mask }) => ({ name, mask: mask.mask })),
    bytes: grant.bytes,
    decision_id: grant.decision_entry,
  }))
}

type Documents = ReadonlyMap<string, Policy>
const nameOf = (policy: Id<'policy'>, version: number) => `${policy} ${version}`

/** Each version that a plan rests on, read once. */
async function policyDocuments(tx: Tx, grants: readonly GrantRow[]): Promise<Documents> {
  const wanted = new Map(grants.flatMap(({ plan }) => plan.policies.map(({ id, version }) => [nameOf(id, version), { id, version }] as const)))
  const found = await Promise.all([...wanted].map(async ([name, { id, version }]) => [name, await policyDocument(tx, id, version)] as const))
  return new Map(found.flatMap(([name, document]) => (document === undefined ? [] : [[name, document] as const])))
}

/** A grant names its rules as `policy/rule`; the document of the version it was made under says on which basis each stands. */
function basesOf({ rules, plan }: GrantRow, documents: Documents): Disclosure['bases'] {
  return plan.policies.flatMap(({ id, policy, version }) => {
    const document = documents.get(nameOf(id, version))
    return rules
      .filter((rule) => rule.startsWith(`${policy}/`))
      .flatMap((rule) => {
        const uid = rule.slice(policy.length + 1)
        const basis = document?.permission.find((permission) => permission.uid === uid)?.legal_basis
        if (basis === undefined) return []
        const label = legalBasis(basis.basis)?.label ?? basis.basis
        return [{ policy: id, policy_uid: policy, version, rule: uid, basis: basis.basis, basis_label: label, law: basis.law ?? null }]
      })
  })
}
