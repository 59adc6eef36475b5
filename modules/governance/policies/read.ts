import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { exampleDocument } from './example.ts'
import { purposeTree } from './purpose-tree.ts'
import { policyItemSchema, policyKeySchema, versionSchema, versionSummarySchema } from './schema.ts'
import { findPolicy, findVersion, listVersions } from './store.ts'
import { viewOf } from './view.ts'

export const readPolicy = operation({
  name: 'policies.read',
  summary: 'Read a policy',
  description: 'By id or by uid: its versions, newest first, and the active one (the newest where none is active) as document and in sentences.',
  input: z.strictObject({ policy: policyKeySchema }),
  output: policyItemSchema.pick({ id: true, uid: true, created_at: true, retired_at: true }).extend({
    versions: z.array(versionSummarySchema),
    shown: versionSchema,
  }),
  access: { action: 'read', on: () => ({ type: 'policy' }) },
  audit: { none: 'rules of the institution, nothing of a person' },
  http: { method: 'GET', path: '/v1/policies/:policy' },
  example: { input: { policy: exampleDocument.uid } },
  problems: [doorProblems.not_found],
  async run({ node, tx }, input) {
    const policy = await findPolicy(tx, input.policy)
    if (policy === undefined) return refuse(doorProblems.not_found)
    const [versions, purposes] = await Promise.all([listVersions(tx, policy.id), purposeTree(node, tx)])
    const head = versions.find(({ state }) => state === 'active') ?? versions[0]
    const row = head && (await findVersion(tx, policy.id, head.version))
    if (row === undefined) return refuse(doorProblems.not_found)
    return { ...policy, versions, shown: viewOf(policy, row, purposes) }
  },
})
