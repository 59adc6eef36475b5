import type { Id } from '@gatehouse/core/id'
import { deriveKey } from '@gatehouse/crypto/kdf'
import type { QueryPlan } from '@gatehouse/query/plan/schema'
import { hasPersonColumn } from '@gatehouse/query/plan/treatment'
import type { StepSecrets } from '@gatehouse/query/steps/run'
import type { StepsContext } from '@gatehouse/runtime/door/operation'
import { tokenKeyOf } from '../../linkage/index.ts'
import { cohortKey } from '../disclosure/differencing.ts'

/** Digests and pseudonyms of people are the project's, and masks of the values of identifiers too. */
export async function stepSecrets(ctx: StepsContext, project: Id<'project'>, plan: QueryPlan): Promise<StepSecrets> {
  const { node, tenant } = ctx
  const person = await cohortKey(node, tenant, project)
  const mask = deriveKey(node.keys.primitives, person, 'gatehouse/query/masks/v1')
  if (!hasPersonColumn(plan)) return { person, mask }
  return { person, mask, token: await ctx.step((tx) => tokenKeyOf(tx, node, tenant, project, ctx.now)) }
}
