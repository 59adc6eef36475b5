import { comparePolicies } from '@gatehouse/policy/compare'
import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { exampleDocument } from './example.ts'
import { policyKeySchema, versionNumberSchema } from './schema.ts'
import { findPolicy, findVersion } from './store.ts'

const changeSchema = z.strictObject({
  kind: z.enum(['rule_added', 'rule_removed', 'field_added', 'field_removed', 'mask_changed', 'changed']),
  rule: z.string().optional(),
  pointer: z.string(),
  before: z.unknown().optional(),
  after: z.unknown().optional(),
  /** `wider` lets out more, `narrower` less; `either` needs a look. */
  effect: z.enum(['wider', 'narrower', 'either']),
  sentence: z.string(),
})

export const compareVersions = operation({
  name: 'policies.compare',
  summary: 'Compare two versions of a policy',
  description: 'What changed, rule by rule, with the direction where it is certain.',
  input: z.strictObject({ policy: policyKeySchema, from: versionNumberSchema, to: versionNumberSchema }),
  output: z.strictObject({ from: z.number().int(), to: z.number().int(), changes: z.array(changeSchema) }),
  access: { action: 'read', on: () => ({ type: 'policy' }) },
  audit: { none: 'rules of the institution, nothing of a person' },
  http: { method: 'GET', path: '/v1/policies/:policy/compare' },
  example: { input: { policy: exampleDocument.uid, from: 1, to: 2 } },
  problems: [doorProblems.not_found],
  async run({ tx }, { policy: key, from, to }) {
    const policy = await findPolicy(tx, key)
    if (policy === undefined) return refuse(doorProblems.not_found)
    const [before, after] = await Promise.all([findVersion(tx, policy.id, from), findVersion(tx, policy.id, to)])
    if (before === undefined || after === undefined) return refuse(doorProblems.not_found, `the policy has no version ${before === undefined ? from : to}`)
    return { from, to, changes: [...comparePolicies(before.document, after.document)] }
  },
})
