import type { StepsContext } from '@gatehouse/runtime/door/operation'
import { charge } from '../budget/store.ts'
import type { VersionRow } from '../plans/store.ts'
import type { Cleared } from './checks.ts'
import { where } from './stop-words.ts'
import type { Stop } from './stops.ts'
import type { RunRow } from './store.ts'

/** Before the figures are drawn, once, however often the run is begun again; at each node from the budget of its own project. */
export async function chargeFor(ctx: StepsContext, run: RunRow, { document }: VersionRow, { settings }: Cleared): Promise<Stop | undefined> {
  const epsilon = document.aggregation?.noise?.epsilon
  if (epsilon === undefined) return undefined
  const covered = await ctx.step((tx) => charge(tx, run.project_id, run.id, epsilon, settings.epsilon_total, ctx.now))
  return covered ? undefined : { reason: 'budget_spent', ...where('budget', { epsilon, total: settings.epsilon_total }) }
}
