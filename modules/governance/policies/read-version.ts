import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { exampleDocument } from './example.ts'
import { purposeTree } from './purpose-tree.ts'
import { policyKeySchema, versionNumberSchema, versionSchema } from './schema.ts'
import { findPolicy, findVersion } from './store.ts'
import { viewOf } from './view.ts'

export const readVersion = operation({
  name: 'policies.version',
  summary: 'Read one version of a policy',
  input: z.strictObject({ policy: policyKeySchema, version: versionNumberSchema }),
  output: versionSchema,
  access: { action: 'read', on: () => ({ type: 'policy' }) },
  audit: { none: 'rules of the institution, nothing of a person' },
  http: { method: 'GET', path: '/v1/policies/:policy/versions/:version' },
  example: { input: { policy: exampleDocument.uid, version: 1 } },
  problems: [doorProblems.not_found],
  async run({ node, tx }, input) {
    const policy = await findPolicy(tx, input.policy)
    const row = policy && (await findVersion(tx, policy.id, input.version))
    if (policy === undefined || row === undefined) return refuse(doorProblems.not_found)
    return viewOf(policy, row, await purposeTree(node, tx))
  },
})
