/** Where one cell comes from, as far as the run wrote it down: the plan, its sources, the steps, the treatment. Pure. */
import { sourceColumnOf } from '@gatehouse/query/plan/check'
import type { PlanElement, QueryPlan } from '@gatehouse/query/plan/schema'
import type { StepRow } from '../runs/store.ts'
import { told } from '../schema.ts'
import type { CellOrigin, ResultView } from './schema.ts'

/** How many rows look like this one, as it may be told: the exact size of a small class points at somebody. */
const bands = [5, 10, 20, 50, 100, 1_000] as const

export function bandOf(size: number): string {
  const above = bands.find((bound) => size < bound)
  const below = [...bands].reverse().find((bound) => size >= bound)
  return below === undefined ? `fewer than ${above}` : above === undefined ? `${below} or more` : `${below} to ${above - 1}`
}

type Column = ResultView['columns'][number]

/** The elements that a column is made of: itself, what is summed in it, or, for a count, what it is counted by. */
export function elementsOf(plan: QueryPlan, { name, role }: Column): PlanElement[] {
  const named = (element: string) => plan.elements.filter((one) => one.name === element)
  if (role !== 'figure') return named(name)
  const measured = /^(?:sum|mean)_(.+)$/.exec(name)?.[1]
  return measured === undefined ? (plan.aggregation?.by ?? []).flatMap(named) : named(measured)
}

/** Which columns of which tables; of a pseudonym those that people are told by. */
export function columnsBehind(plan: QueryPlan, column: Column): { readonly as: string; readonly table: string; readonly column: string }[] {
  const tableOf = (as: string) => plan.sources.find((source) => source.as === as)?.table ?? ''
  const of = (as: string, name: string) => ({ as, table: tableOf(as), column: sourceColumnOf(plan, as, name) })
  if (column.role === 'token') return (plan.linkage?.keys ?? []).flatMap(({ columns }) => Object.entries(columns).map(([as, name]) => of(as, name)))
  return elementsOf(plan, column).map(({ source, column: name }) => of(source, name))
}

export function treatmentOf(plan: QueryPlan, column: Column, value: unknown, classSize: number | undefined): CellOrigin['treatment'] {
  const { level, levels, role, name } = column
  const mask = plan.elements.find((element) => element.name === name)?.mask
  return {
    level,
    levels,
    models: (plan.treatment?.models ?? []).map(({ model }) => model),
    mask: mask === undefined ? null : String(mask.mask),
    rows_alike: classSize === undefined ? null : bandOf(classSize),
    aggregation:
      plan.aggregation === undefined
        ? null
        : { by: [...plan.aggregation.by], profile: plan.aggregation.profile, noise: plan.aggregation.noise?.epsilon ?? null },
    hidden: value === null ? whyMissing(plan, role) : null,
  }
}

/**
 * Which rule hid a figure is told to nobody but its reviewers, in sums: that a cell is hidden for its size says how large it can be.
 */
function whyMissing(plan: QueryPlan, role: Column['role']): string {
  if (role === 'figure')
    return `The rules “${plan.aggregation?.profile}” hide it: too few people are behind it, few of them make up most of it, or another figure could be worked out from it.`
  return plan.treatment === undefined ? 'The source has no value here.' : 'The source has no value here, or the treatment took it out.'
}

export function stepsOfCell(steps: readonly StepRow[], floor: number): CellOrigin['steps'] {
  const rows = (count: number | undefined) => (count === undefined ? null : told(count, floor))
  return steps.map(({ id, kind, title, facts }) => ({ id, kind, title, rows_in: rows(facts.rows_in), rows_out: rows(facts.rows_out) }))
}
