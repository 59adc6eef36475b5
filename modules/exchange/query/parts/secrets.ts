/** What the steps of a run across nodes are given, at the node that asked and at those that were asked alike. */
import type { Id } from '@gatehouse/core/id'
import type { AudienceKey } from '@gatehouse/linkage/token/key'
import { unitOf } from '@gatehouse/query/plan/nodes'
import type { QueryPlan } from '@gatehouse/query/plan/schema'
import type { StepSecrets } from '@gatehouse/query/steps/run'
import type { StepsContext } from '@gatehouse/runtime/door/operation'
import { stepSecrets } from '../runs/secrets.ts'
import { sharedSecrets } from './keys.ts'
import { clkKey, ownKeys } from './unit/keys.ts'

interface Of {
  readonly run: Id<'query_run'>
  /** What the run is called where it was asked for. */
  readonly foreignRun: Id<'query_run'>
  readonly project: Id<'project'>
}

export async function secretsAcross(ctx: StepsContext, { run, foreignRun, project }: Of, plan: QueryPlan, key: AudienceKey): Promise<StepSecrets> {
  const { node, tenant } = ctx
  const { primitives } = node.keys
  if (unitOf(plan) === undefined) return sharedSecrets(primitives, key, plan, foreignRun)
  const { order } = await ownKeys(node, tenant, run)
  return { ...(await stepSecrets(ctx, project, plan)), clk: clkKey(primitives, key, foreignRun), order }
}
