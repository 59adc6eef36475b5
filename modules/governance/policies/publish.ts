import { operation, type Refusal, refuse, type TransactionContext } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { forgetPolicies } from './current.ts'
import { exampleDocument } from './example.ts'
import { policiesProblems } from './problems.ts'
import { readPurposeTree } from './purpose-tree.ts'
import { readDocument } from './read-document.ts'
import { policyKeySchema, type VersionView, versionFacts, versionNumberSchema, versionSchema } from './schema.ts'
import { versionLife } from './states.ts'
import { activateVersion, endVersions, findVersion, lockPolicy, type PolicyRow, type VersionRow } from './store.ts'
import { viewOf } from './view.ts'

export const publishVersion = operation({
  name: 'policies.publish',
  summary: 'Put a version of a policy in force',
  description:
    'Two different people must ask for the same version by the same name. The version in force before, and every earlier draft, is superseded. Where the institution demands a review of publications, ask for that instead: its approval publishes.',
  input: z.strictObject({ policy: policyKeySchema, version: versionNumberSchema }),
  output: versionSchema,
  access: { action: 'publish', on: () => ({ type: 'policy' }) },
  audit: (_input, version) => versionFacts(version.policy, version),
  approvals: 2,
  stepUp: true,
  http: { method: 'POST', path: '/v1/policies/:policy/versions/:version/publish' },
  example: { input: { policy: exampleDocument.uid, version: 1 } },
  problems: [doorProblems.not_found, policiesProblems.not_a_draft, policiesProblems.document_invalid],
  async run(ctx, input) {
    const policy = await lockPolicy(ctx.tx, input.policy)
    const row = policy && (await findVersion(ctx.tx, policy.id, input.version))
    if (policy === undefined || row === undefined) return refuse(doorProblems.not_found)
    const published = await putInForce(ctx, policy, row)
    if ('version' in published) ctx.publish(publishedEvent(published))
    return published
  },
})

export const publishedEvent = ({ policy, version, digest }: Pick<VersionView, 'policy' | 'version' | 'digest'>) => ({
  type: 'policies.published',
  subject: policy,
  data: { policy, version, policy_digest: digest },
})

/** The policy is held. */
export async function putInForce(ctx: TransactionContext, policy: PolicyRow, row: VersionRow): Promise<VersionView | Refusal> {
  const { tx, now } = ctx
  const state = versionLife.next(row.state, 'publish')
  if (state === undefined) return refuse(policiesProblems.not_a_draft, `version ${row.version} is ${row.state}`, versionFacts(policy.id, row))
  // What could be evaluated when it was saved must be so now; a draft may have waited through an update of the node.
  const purposes = await readPurposeTree(ctx.node, tx)
  readDocument(row.document, purposes)
  await endVersions(tx, policy.id, { from: ['active'], to: 'superseded', at: now })
  await endVersions(tx, policy.id, { from: ['draft'], to: 'superseded', before: row.version, at: now })
  await activateVersion(tx, policy.id, row.version, now)
  forgetPolicies(ctx.node, tx)
  return viewOf(policy, { ...row, state, published_at: now }, purposes)
}
