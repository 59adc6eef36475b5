import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import { recordTypes } from '../../../custody/vault/index.ts'
import { purposeTree } from '../../../governance/policies/index.ts'
import { problems } from '../problems.ts'
import { typesMax, typeTerms, typeView } from '../schema.ts'
import { insertType, listTypes } from '../store.ts'
import { typeViewOf } from '../view.ts'

export const defineType = operation({
  name: 'credentials.define_type',
  summary: 'Offer a type of credential',
  description:
    'One claim, and the rule by which it follows from a field of a record or is said by the institution itself. A type never changes; it can be retired.',
  input: z.strictObject(typeTerms).refine(({ rule, self_service }) => rule.how !== 'fixed' || !self_service, {
    path: ['self_service'],
    message: 'nobody approves oneself: leave it out for a fixed claim',
  }),
  output: typeView,
  access: { action: 'create', on: () => ({ type: 'credential_type' }) },
  audit: (_input, { id, slug, rule, purpose }) => ({ purpose, object: { kind: 'credential_type', id }, details: { type: slug, how: rule.how } }),
  http: { method: 'POST', path: '/v1/credential-types', status: 201 },
  example: {
    input: {
      slug: 'of_age',
      name: 'Of full age',
      claim: 'age_over_18',
      rule: { how: 'age_over', field: 'date_of_birth', years: 18 },
      purpose: 'dpv:IdentityVerification',
      record_type: 'customer',
      self_service: true,
    },
  },
  problems: [problems.slug_taken, problems.record_type_unknown],
  async run(ctx, terms) {
    const { tx, node } = ctx
    const [all, purposes, known] = await Promise.all([recordTypes(tx), purposeTree(node, tx), listTypes(tx, typesMax)])
    const record = all.filter(({ slug }) => slug === terms.record_type).at(-1)
    if (record === undefined) return refuse(problems.record_type_unknown, `there is no data class ${terms.record_type}`)
    const { rule } = terms
    if (rule.how !== 'fixed' && !record.fields.some(({ name }) => name === rule.field))
      return refuse(problems.record_type_unknown, `${terms.record_type} has no field ${rule.field}`)
    if (!purposes.has(terms.purpose)) return refuse(problems.record_type_unknown, `there is no purpose ${terms.purpose}`)
    const row = { id: ctx.newId<'credential_type'>(), ...terms, made_at: ctx.now, retired_at: null }
    if (known.length >= typesMax || !(await insertType(tx, row))) return refuse(problems.slug_taken)
    return typeViewOf(node, ctx.tenant, row)
  },
})
