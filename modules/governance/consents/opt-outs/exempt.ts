import { Problem } from '@gatehouse/core/problem'
import { labelOf } from '@gatehouse/policy/purposes'
import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { purposeTree } from '../../policies/index.ts'
import { consentsProblems } from '../problems.ts'
import { exemptionSchema, exemptionsMax, newExemptionSchema } from './schema.ts'
import { deleteExemption, exemptions as readExemptions, writeExemption } from './store.ts'

export const exemptions = operation({
  name: 'consents.exemptions',
  summary: 'List the purposes that opt-outs do not bind',
  input: z.strictObject({}),
  output: z.strictObject({ data: z.array(exemptionSchema) }),
  access: { action: 'read', on: () => ({ type: 'consent' }) },
  audit: { none: 'purposes and provisions, nothing of a person' },
  http: { method: 'GET', path: '/v1/opt-out-exemptions' },
  example: { input: {} },
  async run({ tx, node }) {
    const [rows, tree] = await Promise.all([readExemptions(tx), purposeTree(node, tx)])
    return { data: rows.map(({ purpose, law }) => ({ purpose, label: tree.get(purpose)?.label ?? labelOf(purpose), law })) }
  },
})

export const exemptPurpose = operation({
  name: 'consents.exempt',
  summary: 'Say that the law exempts a purpose from opt-outs',
  description: 'With narrower ones. Everybody who opts out reads it, with the provision. It counts at once.',
  input: newExemptionSchema,
  output: exemptionSchema,
  access: { action: 'create', on: () => ({ type: 'consent' }) },
  audit: ({ law }, { purpose }) => ({ purpose, details: { law } }),
  stepUp: true,
  http: { method: 'POST', path: '/v1/opt-out-exemptions', status: 201 },
  example: { input: { purpose: 'dpv:LegalCompliance', law: 'Banking Act § 23' } },
  problems: [consentsProblems.opt_out_refused, consentsProblems.exemptions_full],
  async run({ tx, node, now }, input) {
    const [tree, known] = await Promise.all([purposeTree(node, tx), readExemptions(tx)])
    const purpose = tree.get(input.purpose)
    if (purpose === undefined)
      throw new Problem(consentsProblems.opt_out_refused, undefined, { errors: [{ pointer: '/purpose', detail: 'there is no such purpose' }] })
    if (known.length >= exemptionsMax && !known.some((one) => one.purpose === purpose.term)) return refuse(consentsProblems.exemptions_full)
    await writeExemption(tx, input, now)
    return { ...input, label: purpose.label }
  },
})

export const bindPurpose = operation({
  name: 'consents.unexempt',
  summary: 'Let opt-outs bind a purpose again',
  input: z.strictObject({ purpose: z.string().min(1).max(128) }),
  output: z.strictObject({ purpose: z.string() }),
  access: { action: 'delete', on: () => ({ type: 'consent' }) },
  audit: ({ purpose }) => ({ purpose }),
  http: { method: 'DELETE', path: '/v1/opt-out-exemptions/:purpose' },
  example: { input: { purpose: 'dpv:LegalCompliance' } },
  problems: [doorProblems.not_found],
  run: async ({ tx }, { purpose }) => ((await deleteExemption(tx, purpose)) ? { purpose } : refuse(doorProblems.not_found)),
})
