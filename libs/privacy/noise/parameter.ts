/** The checks every mechanism makes of its parameters before it is built, and so before it sees data. */
import { ParameterError } from './error.ts'
import { compare, type Quantity, type Rational, rational } from './rational.ts'

/** @throws ParameterError `not_positive`: a loss of 0 would mean an answer without information, a negative one has no meaning */
export function positive(value: Quantity, field: string): Rational {
  const read = rational(value, field)
  if (read.numerator <= 0n) throw new ParameterError('not_positive', field, `${field} must be greater than 0`)
  return read
}

/**
 * The probability with which the promise of epsilon may fail. With delta at 1/n, giving away one whole record would be allowed.
 *
 * @param people how many people the data is about, as far as that is public; a lower bound is safe
 * @throws ParameterError `delta_out_of_range` unless 0 < delta < 1, `delta_too_large` for 1/people or more
 */
export function checkedDelta(value: Quantity, people: number): Rational {
  const delta = rational(value, 'delta')
  if (delta.numerator <= 0n || delta.numerator >= delta.denominator) {
    throw new ParameterError('delta_out_of_range', 'delta', 'delta must lie between 0 and 1, both excluded')
  }
  const share: Rational = { numerator: 1n, denominator: BigInt(bound(people, 'people')) }
  if (compare(delta, share) >= 0) {
    throw new ParameterError('delta_too_large', 'delta', `delta must be smaller than one in the number of people (1/${people}); choose it far below`)
  }
  return delta
}

/** @throws ParameterError `not_a_bound` unless it is a whole number of at least 1 */
export function bound(value: number, field: string): number {
  if (!Number.isSafeInteger(value) || value < 1) throw new ParameterError('not_a_bound', field, `${field} must be a whole number of at least 1`)
  return value
}
