import type { Id } from '@gatehouse/core/id'
import { deriveKey } from '@gatehouse/crypto/kdf'
import type { QueryPlan } from '@gatehouse/query/plan/schema'
import { hasPersonColumn } from '@gatehouse/query/plan/treatment'
import type { StepSecrets } from '@gatehouse/query/steps/run'
import type { Decision } from '@gatehouse/query/steps/weigh'
import type { Tx } from '@gatehouse/runtime/data/db'
import type { StepsContext } from '@gatehouse/runtime/door/operation'
import { decisionsOf, rowKeyOf, tokenKeyOf } from '../../linkage/index.ts'
import { cohortKey } from '../disclosure/differencing.ts'

/** Digests and pseudonyms of people are the project's, masks of the values of identifiers too, and so is what its people decided of rows. */
export async function stepSecrets(ctx: Pick<StepsContext, 'node' | 'tenant' | 'now' | 'step'>, project: Id<'project'>, plan: QueryPlan): Promise<StepSecrets> {
  const { node, tenant } = ctx
  const person = await cohortKey(node, tenant, project)
  const mask = deriveKey(node.keys.primitives, person, 'gatehouse/query/masks/v1')
  const weighs = plan.linkage?.method.kind === 'probabilistic'
  return {
    person,
    mask,
    ...(weighs ? { row: await rowKeyOf(node, tenant, project), decisions: await ctx.step((tx) => decisionsFor(tx, project)) } : {}),
    ...(hasPersonColumn(plan) ? { token: await ctx.step((tx) => tokenKeyOf(tx, node, tenant, project, ctx.now)) } : {}),
  }
}

async function decisionsFor(tx: Tx, project: Id<'project'>): Promise<Decision[]> {
  return [...(await decisionsOf(tx, project))].map(([pair, same]) => {
    const [left, right] = pair.split(' ') as [string, string]
    return { left, right, same }
  })
}
