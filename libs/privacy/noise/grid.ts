import { ParameterError } from './error.ts'
import { positive } from './parameter.ts'
import { compare, over, type Quantity, type Rational, rational, toNumber } from './rational.ts'

export interface GridParameters {
  readonly lower: Quantity
  readonly upper: Quantity
  /** The distance of grid points. Both bounds lie on the grid. */
  readonly step: Quantity
}

/**
 * The whole numbers a column is brought to before noise: every value is clamped to [lower, upper] and rounded to a multiple of the step,
 * so that sums are exact and one person moves them by no more than the bounds say. The bounds must not be read off the data.
 */
export interface Grid {
  readonly lower: number
  readonly upper: number
  readonly step: Rational
  /** The value in steps; `undefined` for NaN, which stands for a missing value. Infinities are clamped. */
  toSteps(value: number): number | undefined
  fromSteps(steps: number): number
}

/** A quarter of what doubles hold exactly, so that differences can be added before they are carried over. */
const largestSteps = 2 ** 51

/**
 * @throws ParameterError `bounds_reversed`, `not_positive` for the step, `grid_not_dividing` where a bound is no multiple of the step,
 *   `grid_too_fine` beyond 2^51 steps from 0
 */
export function grid(parameters: GridParameters): Grid {
  const step = positive(parameters.step, 'step')
  const lowerBound = rational(parameters.lower, 'lower')
  const upperBound = rational(parameters.upper, 'upper')
  if (compare(lowerBound, upperBound) >= 0) throw new ParameterError('bounds_reversed', 'lower', 'lower must be smaller than upper')
  const lower = steps(lowerBound, step, 'lower')
  const upper = steps(upperBound, step, 'upper')
  const size = toNumber(step)
  return {
    lower,
    upper,
    step,
    toSteps: (value) => (Number.isNaN(value) ? undefined : Math.min(upper, Math.max(lower, Math.round(value / size)))),
    fromSteps: (count) => toNumber({ numerator: BigInt(count) * step.numerator, denominator: step.denominator }),
  }
}

function steps(bound: Rational, step: Rational, field: string): number {
  const { numerator, denominator } = over(bound, step)
  if (denominator !== 1n)
    throw new ParameterError('grid_not_dividing', field, `${field} is not a multiple of the step; move it onto the grid or choose a finer step`)
  const count = Number(numerator)
  if (Math.abs(count) > largestSteps) throw new ParameterError('grid_too_fine', 'step', `${field} lies more than 2^51 steps from 0; choose a coarser step`)
  return count
}

/** Clamped and rounded, then added as whole numbers: the order of the rows cannot show (Casacuberta, Shoate, Vadhan, Wagaman 2022). */
export function sumSteps(grid: Grid, values: Iterable<number>, origin = 0): { readonly sum: bigint; readonly count: number } {
  let sum = 0n
  let part = 0
  let count = 0
  for (const value of values) {
    const steps = grid.toSteps(value)
    if (steps === undefined) continue
    count += 1
    part += steps - origin
    if (Math.abs(part) > largestSteps) {
      sum += BigInt(part)
      part = 0
    }
  }
  return { sum: sum + BigInt(part), count }
}
