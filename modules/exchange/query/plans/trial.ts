/** What a dry run and a count begin with: the plan held to its tables, who is left out, and the floor. */
import type { Id } from '@gatehouse/core/id'
import { Problem } from '@gatehouse/core/problem'
import { ownSources } from '@gatehouse/query/plan/nodes'
import type { QueryPlanInput } from '@gatehouse/query/plan/schema'
import { StepStop } from '@gatehouse/query/steps/step'
import { Refusal, refuse, type StepsContext } from '@gatehouse/runtime/door/operation'
import { ConnectorError } from '../../../custody/catalog/index.ts'
import { openProject } from '../../../governance/projects/index.ts'
import { excludedFrom } from '../../linkage/index.ts'
import { settingsOf, spendQuestion } from '../budget/store.ts'
import type { TrialInput } from '../executor/trial.ts'
import { isOffered } from '../offered.ts'
import { problems } from '../problems.ts'
import { stepSecrets } from '../runs/secrets.ts'
import { unfit } from '../runs/stops.ts'
import { planTables, strictestFloor } from '../tables.ts'
import { checkedPlanOf } from './checked.ts'

export interface Prepared {
  readonly input: Omit<TrialInput, 'signal' | 'rowsPerSource'>
  readonly floor: number
  readonly offered: boolean
}

/** Where a trial is made: in an institution, by whoever may ask there. */
export type TrialContext = Pick<StepsContext, 'node' | 'tenant' | 'now' | 'step'>

/** For those who work in a project: each of their questions is one of so many in a day. */
export async function prepareQuestion(ctx: TrialContext, project: Id<'project'>, document: QueryPlanInput): Promise<Prepared | Refusal> {
  const prepared = await prepareTrial(ctx, project, document)
  if (prepared instanceof Refusal) return prepared
  const spent = await ctx.step(async (tx) => spendQuestion(tx, project, ctx.now, (await settingsOf(tx, project)).questions_per_day))
  return spent ? prepared : refuse(problems.trials_spent)
}

export async function prepareTrial(ctx: TrialContext, project: Id<'project'>, document: QueryPlanInput): Promise<Prepared | Refusal> {
  const { node, tenant } = ctx
  const found = await ctx.step(async (tx) => {
    const open = await openProject(tx, project, ctx.now)
    if (open === undefined) return refuse(problems.project_closed)
    const checked = await checkedPlanOf(node, tx, open, document)
    if (!checked.ok) throw new Problem(problems.plan_unfit, undefined, { errors: checked.errors })
    const use = { purpose: open.project.purpose, tables: ownSources(checked.plan).map(({ table }) => table) }
    return {
      checked,
      floor: strictestFloor((await settingsOf(tx, project)).floor, checked.tables, checked.foreign),
      excluded: await excludedFrom(tx, node, tenant, use),
      offered: await isOffered(ctx, tx, open.project, checked),
    }
  })
  if (found instanceof Refusal) return found
  const { checked, floor, excluded, offered } = found
  const secrets = await stepSecrets(ctx, project, checked.plan)
  const input = { tenant, plan: checked.plan, tables: checked.tables, planTables: planTables(checked.tables, checked.foreign), secrets, excluded }
  return { input, floor, offered }
}

/** What a source or a check says is told in words; whatever else went wrong is the node's. */
export function toldOf(error: unknown): Refusal {
  if (error instanceof ConnectorError) return refuse(problems.source_fault, `${error.message}.`, {}, error.said === undefined ? {} : { said: error.said })
  if (error instanceof StepStop) return refuse(problems.source_fault, error.message)
  if (error instanceof Error && unfit.has(error.name)) return refuse(problems.plan_unfit, `${error.message}.`)
  throw error
}
