import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { forgetPolicies } from './current.ts'
import { exampleDocument } from './example.ts'
import { policiesProblems } from './problems.ts'
import { policyItemSchema, policyKeySchema, versionSummarySchema } from './schema.ts'
import { versionLife, versionStates } from './states.ts'
import { endVersions, listVersions, lockPolicy, retirePolicy as retireRow } from './store.ts'

export const retirePolicy = operation({
  name: 'policies.retire',
  summary: 'Retire a policy',
  description: 'It takes rights away and so needs one person only. Nothing is permitted by the policy from now on, and its uid is not used again.',
  input: z.strictObject({ policy: policyKeySchema }),
  output: policyItemSchema.pick({ id: true, uid: true, created_at: true, retired_at: true }).extend({ versions: z.array(versionSummarySchema) }),
  access: { action: 'delete', on: () => ({ type: 'policy' }) },
  audit: (_input, policy) => ({ object: { kind: 'policy', id: policy.id }, details: { versions: policy.versions.length } }),
  http: { method: 'POST', path: '/v1/policies/:policy/retire' },
  example: { input: { policy: exampleDocument.uid } },
  problems: [doorProblems.not_found, policiesProblems.retired],
  async run({ tx, now, node, publish }, input) {
    const policy = await lockPolicy(tx, input.policy)
    if (policy === undefined) return refuse(doorProblems.not_found)
    if (policy.retired_at !== null) return refuse(policiesProblems.retired, undefined, { object: { kind: 'policy', id: policy.id } })
    const ending = versionStates.filter((state) => versionLife.can(state, 'retire'))
    await endVersions(tx, policy.id, { from: ending, to: 'retired', at: now })
    await retireRow(tx, policy.id, now)
    forgetPolicies(node, tx)
    publish({ type: 'policies.retired', subject: policy.id, data: { policy: policy.id } })
    return { ...policy, retired_at: now, versions: await listVersions(tx, policy.id) }
  },
})
