/**
 * Exact fractions: parameters of a mechanism and privacy losses are never floating-point numbers, so that what is promised and what
 * is drawn cannot drift apart.
 */
import { ParameterError } from './error.ts'

export interface Rational {
  readonly numerator: bigint
  /** At least 1, without common divisor with the numerator. */
  readonly denominator: bigint
}

/** A number is read as the decimal it prints as: 0.1 is one tenth, not the binary fraction next to it. */
export type Quantity = number | bigint | string | Rational

const decimal = /^([+-]?)(\d+)(?:\.(\d+))?(?:e([+-]?\d+))?$/i
/** Beyond any double's exponent, and small enough that a text cannot ask for a number that fills the memory. */
const largestExponent = 400

/**
 * @param field names the parameter in the error
 * @throws ParameterError `not_a_number` for anything but a finite decimal or a fraction
 */
export function rational(value: Quantity, field: string): Rational {
  if (typeof value === 'object') return fraction(value.numerator, value.denominator)
  if (typeof value === 'bigint') return { numerator: value, denominator: 1n }
  const parts = decimal.exec(String(value).trim())
  const exponent = Number(parts?.[4] ?? 0) - (parts?.[3]?.length ?? 0)
  if (parts === null || Math.abs(exponent) > largestExponent) {
    throw new ParameterError('not_a_number', field, `${field} is not a finite decimal; write it like 0.5 or 1e-6`)
  }
  const digits = BigInt(`${parts[2]}${parts[3] ?? ''}`) * (parts[1] === '-' ? -1n : 1n)
  return exponent >= 0 ? fraction(digits * 10n ** BigInt(exponent), 1n) : fraction(digits, 10n ** BigInt(-exponent))
}

/** @throws RangeError for a denominator of 0 */
export function fraction(numerator: bigint, denominator: bigint): Rational {
  if (denominator === 0n) throw new RangeError('a fraction has no denominator of 0')
  const divisor = greatestCommonDivisor(numerator, denominator) * (denominator < 0n ? -1n : 1n)
  return { numerator: numerator / divisor, denominator: denominator / divisor }
}

export const zero: Rational = { numerator: 0n, denominator: 1n }

export function plus(left: Rational, right: Rational): Rational {
  return fraction(left.numerator * right.denominator + right.numerator * left.denominator, left.denominator * right.denominator)
}

export function times(left: Rational, right: Rational): Rational {
  return fraction(left.numerator * right.numerator, left.denominator * right.denominator)
}

export function over(left: Rational, right: Rational): Rational {
  return fraction(left.numerator * right.denominator, left.denominator * right.numerator)
}

/** Negative, zero or positive as left is smaller, equal or larger. */
export function compare(left: Rational, right: Rational): number {
  const difference = left.numerator * right.denominator - right.numerator * left.denominator
  return difference < 0n ? -1 : difference > 0n ? 1 : 0
}

/** The larger whole number next to it, or itself. */
export function ceiling(value: Rational): bigint {
  return -floor({ numerator: -value.numerator, denominator: value.denominator })
}

/** The smaller whole number next to it, or itself. */
export function floor({ numerator, denominator }: Rational): bigint {
  const quotient = numerator / denominator
  return numerator < 0n && quotient * denominator !== numerator ? quotient - 1n : quotient
}

/** `Math.max` knows no `bigint`. */
export function larger(left: bigint, right: bigint): bigint {
  if (left < right) return right
  return left
}

const significantBits = 64

/** The double next to it; at most one unit in the last place away. For reports and bounds, never for drawing. */
export function toNumber({ numerator, denominator }: Rational): number {
  if (numerator < 0n) return -toNumber({ numerator: -numerator, denominator })
  // Both parts may lie beyond the doubles while the quotient does not.
  const shift = bitLength(denominator) - bitLength(numerator) + significantBits
  const scaled = shift >= 0 ? (numerator << BigInt(shift)) / denominator : numerator / (denominator << BigInt(-shift))
  // Two steps, because 2^-shift alone may underflow where the quotient does not.
  const half = Math.trunc(-shift / 2)
  return Number(scaled) * 2 ** half * 2 ** (-shift - half)
}

function bitLength(value: bigint): number {
  return value.toString(2).length
}

function greatestCommonDivisor(left: bigint, right: bigint): bigint {
  let [larger, smaller] = [left < 0n ? -left : left, right < 0n ? -right : right]
  while (smaller !== 0n) [larger, smaller] = [smaller, larger % smaller]
  return larger
}
