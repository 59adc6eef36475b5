import { ParameterError } from '../error.ts'
import { type GridParameters, grid } from '../grid.ts'
import type { Measurement } from '../measurement.ts'
import { bound } from '../parameter.ts'
import { larger, type Quantity, rational } from '../rational.ts'
import { type SelectionMethod, select } from './select.ts'

export interface QuantileParameters extends GridParameters {
  /** Such as 0.5 for the median. */
  readonly quantile: Quantity
  readonly epsilon: Quantity
  readonly rowsPerPerson?: number
  readonly method?: SelectionMethod
}

/** The most grid points a quantile is chosen from: each of them is a candidate. */
export const maximumCandidates = 100_000

/**
 * A point of the grid that about the given share of the values lies below (Smith 2011). Its utility is -|(1 - q) below - q above|,
 * which a row moves by at most max(q, 1 - q); with q = a/b everything is multiplied by b and so stays whole. Missing values (NaN) are left out.
 *
 * @throws ParameterError as `grid`, and `quantile_out_of_range`, `grid_too_fine` beyond 100,000 points, `not_positive`, `not_a_bound`
 */
export function quantile(parameters: QuantileParameters): Measurement<Iterable<number>, number> {
  const points = grid(parameters)
  const candidates = points.upper - points.lower + 1
  if (candidates > maximumCandidates) {
    throw new ParameterError('grid_too_fine', 'step', `a quantile is chosen from at most ${maximumCandidates} grid points; choose a coarser step`)
  }
  const { numerator: above, denominator } = rational(parameters.quantile, 'quantile')
  if (above < 0n || above > denominator) throw new ParameterError('quantile_out_of_range', 'quantile', 'a quantile lies from 0 to 1')
  const below = denominator - above
  const rows = BigInt(bound(parameters.rowsPerPerson ?? 1, 'rowsPerPerson'))

  const choice = select<Iterable<number>>({
    sensitivity: rows * larger(above, below),
    epsilon: parameters.epsilon,
    ...(parameters.method === undefined ? {} : { method: parameters.method }),
    utilities(values) {
      const counts = new Float64Array(candidates)
      let total = 0
      for (const value of values) {
        const steps = points.toSteps(value)
        if (steps === undefined) continue
        counts[steps - points.lower] = (counts[steps - points.lower] ?? 0) + 1
        total += 1
      }
      let smaller = 0
      return Array.from(counts, (equal) => {
        const distance = below * BigInt(smaller) - above * BigInt(total - smaller - equal)
        smaller += equal
        return distance < 0n ? distance : -distance
      })
    },
  })
  return { ...choice, measure: (values, random) => points.fromSteps(points.lower + choice.measure(values, random)) }
}
