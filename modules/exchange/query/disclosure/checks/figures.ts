/** A table of figures, cell by cell, as it stands: what is shown must keep the rules by itself; why cells are hidden is told in sums only. Pure. */

import type { PlanAggregation } from '@gatehouse/query/plan/schema'
import { columnOf, type Dataset } from '@gatehouse/tabular/dataset'
import { type Check, fail, pass, review, some } from './check.ts'

export const cellsNamedMax = 50

export interface FiguresAsked {
  readonly aggregation: PlanAggregation
  readonly floor: number
  /** How many cells were hidden, by why. */
  readonly hidden: Readonly<Record<string, number>>
}

const secondary = 'secondary'

export function figureChecks(dataset: Dataset, { aggregation, floor, hidden }: FiguresAsked): Check[] {
  return [...cellChecks(dataset, aggregation, floor), ...ruleChecks(aggregation, hidden, floor)]
}

function cellChecks(dataset: Dataset, { measures, noise, profile }: PlanAggregation, floor: number): Check[] {
  if (!measures.some(({ kind }) => kind === 'count')) {
    return [
      review(
        'threshold',
        'The table has no counts, so how many people stand behind a cell cannot be seen in it.',
        'Count besides; whoever judges sees it then.',
      ),
    ]
  }
  const count = columnOf(dataset, 'count')
  if (count.kind !== 'number') return [fail('threshold', 'The counts are no numbers.', 'Run the plan again and report it.')]
  const rows = [...count.values.keys()]
  const small = rows.filter((row) => (count.values[row] as number) > 0 && (count.values[row] as number) < floor)
  const zeroes = rows.filter((row) => count.values[row] === 0)
  const odd = noise === undefined && profile !== 'data_shield' ? rows.filter((row) => (count.values[row] as number) % 5 > 0) : []
  const at = (found: readonly number[]) => ({ column: 'count', cells: found.slice(0, cellsNamedMax).map((row) => ({ row, column: 'count' })) })
  return [
    small.length === 0
      ? pass('threshold', `No count that is shown is below ${floor}.`, { column: 'count' })
      : noise === undefined
        ? fail('threshold', `${small.length} counts are below ${floor}.`, 'Group the categories, or raise the profile of the plan.', at(small))
        : pass('threshold', `Counts carry noise; ${some(small.length, floor)} of them look small by it.`, { column: 'count' }),
    zeroes.length === 0
      ? pass('zeroes', 'No cell says that there is nobody.', { column: 'count' })
      : review(
          'zeroes',
          'Cells say that nobody is in them, which tells of everybody in their row or column.',
          'Group the categories so that none is empty, or hide them.',
          at(zeroes),
        ),
    odd.length === 0
      ? pass('rounding', noise === undefined ? 'Counts are rounded, so two tables subtracted tell of nobody.' : 'Counts carry noise.', { column: 'count' })
      : review('rounding', 'Counts are exact, so two tables of nearly the same people can be subtracted.', 'Choose a profile that rounds.', at(odd)),
  ]
}

/** In the words of output checking, and of ACRO. */
const rules: Readonly<Record<string, readonly [check: string, words: string]>> = {
  threshold: ['threshold_rule', 'for the few people behind them'],
  zero: ['zero_rule', 'because nobody is behind them'],
  dominance: ['dominance', 'because one or two people make up most of the sum'],
  'p-ratio': ['p_ratio', 'because the second largest contributor could work out the largest'],
  group: ['group_disclosure', 'because everybody of their row or column is in one cell'],
  differencing: ['differencing_rule', 'because an earlier table, subtracted, would leave a few people'],
  [secondary]: ['secondary_suppression', 'because others could be worked out from them'],
}

function ruleChecks({ measures, profile, noise }: PlanAggregation, hidden: Readonly<Record<string, number>>, floor: number): Check[] {
  if (noise !== undefined) return [pass('noise', `Every figure carries noise (epsilon ${noise.epsilon}); no cell had to be hidden.`)]
  const told = Object.entries(hidden)
    .filter(([, cells]) => cells > 0)
    .flatMap(([reason, cells]) => {
      const [check, words] = rules[reason] ?? ['hidden', 'by another rule']
      return [pass(check, `Cells are hidden ${words}: ${some(cells, floor)}, by the rules “${profile}”.`)]
    })
  const sums = measures.some(({ kind }) => kind !== 'count')
  const missing = sums ? (['dominance', 'p-ratio'] as const).filter((reason) => !hidden[reason]) : []
  return [
    ...told,
    ...missing.map((reason) => pass((rules[reason] as readonly [string, string])[0], `No cell had to be hidden by it, by the rules “${profile}”.`)),
  ]
}
