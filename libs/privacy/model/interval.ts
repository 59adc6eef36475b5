/**
 * Arithmetic that knows how far rounding may have led it astray: a number is held between two doubles, and every operation moves
 * the ends outwards. Parameters of a privacy guarantee are worked out so that rounding can only make them stricter.
 */
export interface Interval {
  readonly low: number
  readonly high: number
}

/** Sums, products and quotients of doubles are correctly rounded, so one unit in the last place covers them. */
const arithmeticError = 2 ** -52
/** ECMAScript leaves `exp` and `log` to the engine; all keep within one unit in the last place, four are allowed for. */
const functionError = 2 ** -50

export function exactly(value: number): Interval {
  return { low: value, high: value }
}

export function plus(a: Interval, b: Interval): Interval {
  return widened(a.low + b.low, a.high + b.high, arithmeticError)
}

export function minus(a: Interval, b: Interval): Interval {
  return widened(a.low - b.high, a.high - b.low, arithmeticError)
}

export function times(a: Interval, b: Interval): Interval {
  const ends = [a.low * b.low, a.low * b.high, a.high * b.low, a.high * b.high]
  return widened(Math.min(...ends), Math.max(...ends), arithmeticError)
}

/** @param b must not contain 0 */
export function over(a: Interval, b: Interval): Interval {
  const ends = [a.low / b.low, a.low / b.high, a.high / b.low, a.high / b.high]
  return widened(Math.min(...ends), Math.max(...ends), arithmeticError)
}

export function exp(a: Interval): Interval {
  return widened(Math.exp(a.low), Math.exp(a.high), functionError)
}

/** @param a must be positive */
export function log(a: Interval): Interval {
  return widened(Math.log(a.low), Math.log(a.high), functionError)
}

function widened(low: number, high: number, error: number): Interval {
  return { low: low - Math.abs(low) * error - Number.MIN_VALUE, high: high + Math.abs(high) * error + Number.MIN_VALUE }
}
