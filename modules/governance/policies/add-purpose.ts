import { Problem } from '@gatehouse/core/problem'
import { slugSchema } from '@gatehouse/core/schema'
import { labelOf } from '@gatehouse/policy/purposes'
import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import { policiesProblems } from './problems.ts'
import { forgetPurposeTree, readPurposeTree } from './purpose-tree.ts'
import { purposeSchema, purposesMax, termSchema } from './schema.ts'
import { insertPurpose, ownPurposes } from './store.ts'

export const addPurpose = operation({
  name: 'policies.add_purpose',
  summary: 'Add a purpose of the institution’s own',
  description: 'It stands under a known purpose, and whatever is permitted for that one is permitted for it. Purposes are never renamed or moved.',
  input: z.strictObject({
    slug: slugSchema,
    parent: termSchema,
    label: z
      .string()
      .trim()
      .min(1)
      .max(200)
      .regex(/^[^\p{Cc}\p{Cs}]*$/u, 'one line of text')
      .optional(),
  }),
  output: purposeSchema,
  access: { action: 'create', on: () => ({ type: 'purpose' }) },
  audit: (_input, purpose) => ({ object: { kind: 'purpose', id: purpose.term }, details: { parent: purpose.parents.join() } }),
  http: { method: 'POST', path: '/v1/purposes', status: 201 },
  example: { input: { slug: 'loan_application', parent: 'sector-finance:LoanServiceProvision', label: 'Application for a loan' } },
  problems: [policiesProblems.purpose_refused, policiesProblems.purposes_full],
  async run({ node, tx, now }, input) {
    const [tree, own] = await Promise.all([readPurposeTree(node, tx), ownPurposes(tx)])
    const fault = (member: string, detail: string) => new Problem(policiesProblems.purpose_refused, undefined, { errors: [{ pointer: `/${member}`, detail }] })
    if (tree.has(input.slug)) throw fault('slug', 'a purpose of this name exists already; choose another name')
    if (!tree.has(input.parent)) throw fault('parent', 'there is no such purpose; name one of the list')
    if (own.length >= purposesMax) return refuse(policiesProblems.purposes_full)
    const inserted = await insertPurpose(tx, { slug: input.slug, parent: input.parent, ...(input.label === undefined ? {} : { label: input.label }) }, now)
    if (!inserted) throw fault('slug', 'a purpose of this name exists already; choose another name')
    forgetPurposeTree(node, tx)
    return { term: input.slug, label: input.label ?? labelOf(input.slug), parents: [input.parent], own: true }
  },
})
