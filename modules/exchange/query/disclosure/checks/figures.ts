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

export function figureChecks(dataset: Dataset, { aggregation, floor, hidden }: FiguresAsked): Check[] {
  return [...cellChecks(dataset, aggregation, floor), ...ruleChecks(aggregation, hidden, floor)]
}

function cellChecks(dataset: Dataset, { measures, noise, profile }: PlanAggregation, floor: number): Check[] {
  if (!measures.some(({ kind }) => kind === 'count')) {
    return [review('threshold', 'threshold_no_counts')]
  }
  const count = columnOf(dataset, 'count')
  if (count.kind !== 'number') return [fail('threshold', 'threshold_no_numbers')]
  const rows = [...count.values.keys()]
  const small = rows.filter((row) => (count.values[row] as number) > 0 && (count.values[row] as number) < floor)
  const zeroes = rows.filter((row) => count.values[row] === 0)
  const odd = noise === undefined && profile !== 'data_shield' ? rows.filter((row) => (count.values[row] as number) % 5 > 0) : []
  const at = (found: readonly number[]) => ({ column: 'count', cells: found.slice(0, cellsNamedMax).map((row) => ({ row, column: 'count' })) })
  const counts = { column: 'count' }
  return [
    small.length === 0
      ? pass('threshold', 'threshold_kept', { floor }, counts)
      : noise === undefined
        ? fail('threshold', 'threshold_below', { cells: small.length, floor }, at(small))
        : pass('threshold', ...some(small.length, floor, 'threshold_noise_few', 'threshold_noise_about'), counts),
    zeroes.length === 0 ? pass('zeroes', 'zeroes_none', {}, counts) : review('zeroes', 'zeroes_some', {}, at(zeroes)),
    odd.length === 0
      ? pass('rounding', noise === undefined ? 'rounding_rounded' : 'rounding_noise', {}, counts)
      : review('rounding', 'rounding_exact', {}, at(odd)),
  ]
}

/** In the words of output checking, and of ACRO; what each rule is about, the portal says. */
const rules: Readonly<Record<string, string>> = {
  threshold: 'threshold_rule',
  zero: 'zero_rule',
  dominance: 'dominance',
  'p-ratio': 'p_ratio',
  group: 'group_disclosure',
  differencing: 'differencing_rule',
  secondary: 'secondary_suppression',
}

function ruleChecks({ measures, profile, noise }: PlanAggregation, hidden: Readonly<Record<string, number>>, floor: number): Check[] {
  if (noise !== undefined) return [pass('noise', 'noise_everywhere', { epsilon: noise.epsilon })]
  const told = Object.entries(hidden)
    .filter(([, cells]) => cells > 0)
    .map(([reason, cells]) => {
      const [word, params] = some(cells, floor, 'hidden_few', 'hidden_about')
      return pass(rules[reason] ?? 'hidden', word, { ...params, profile })
    })
  const sums = measures.some(({ kind }) => kind !== 'count')
  const missing = sums ? (['dominance', 'p-ratio'] as const).filter((reason) => !hidden[reason]) : []
  return [...told, ...missing.map((reason) => pass(rules[reason] as string, 'hidden_none', { profile }))]
}
