import { deltaOf, type Measure, type PrivacyLoss, rate } from '../account/loss.ts'
import { ceiling, floor, fraction, times } from '../rational.ts'

/** Ledgers count in whole units of this share: every sum is exact, and 9,000 of epsilon fit into a signed 64-bit integer. */
const unitsPerOne = fraction(1_000_000_000_000_000n, 1n)

/** A privacy loss in units of 10^-15, as a ledger stores it. */
export interface Cost {
  readonly measure: Measure
  /** Epsilon, or rho under zCDP. */
  readonly rate: bigint
  /** 0 in measures without a delta. */
  readonly delta: bigint
}

/** What an answer is charged: rounded up, so that many small answers never cost less than they lose. */
export function costOf(loss: PrivacyLoss): Cost {
  return { measure: loss.measure, rate: ceiling(times(rate(loss), unitsPerOne)), delta: ceiling(times(deltaOf(loss), unitsPerOne)) }
}

/** What a budget allows: rounded down. */
export function allowanceOf(budget: PrivacyLoss): Cost {
  return { measure: budget.measure, rate: floor(times(rate(budget), unitsPerOne)), delta: floor(times(deltaOf(budget), unitsPerOne)) }
}

export function free(measure: Measure): Cost {
  return { measure, rate: 0n, delta: 0n }
}

export function sameCost(left: Cost, right: Cost): boolean {
  return left.measure === right.measure && left.rate === right.rate && left.delta === right.delta
}

export function remaining(budget: Cost, spent: Cost): Cost {
  return { measure: budget.measure, rate: budget.rate - spent.rate, delta: budget.delta - spent.delta }
}

/**
 * One step of a privacy filter (Rogers, Roth, Ullman, Vadhan 2016): what is spent after this cost, or `undefined` where that would be
 * beyond the budget. Questions may depend on earlier answers. Takes the same time for the millionth question as for the first.
 */
export function spend(budget: Cost, spent: Cost, cost: Cost): Cost | undefined {
  if (cost.measure !== budget.measure || cost.rate < 0n || cost.delta < 0n) {
    throw new RangeError(`a cost in ${cost.measure} of ${inWords(cost)} cannot be charged to a budget in ${budget.measure}`)
  }
  const after: Cost = { measure: budget.measure, rate: spent.rate + cost.rate, delta: spent.delta + cost.delta }
  return after.rate <= budget.rate && after.delta <= budget.delta ? after : undefined
}

/** Such as `epsilon 0.5, delta 0.000001`. */
export function inWords(cost: Cost): string {
  const name = cost.measure === 'zcdp' ? 'rho' : 'epsilon'
  return cost.measure === 'approximate' ? `${name} ${asDecimal(cost.rate)}, delta ${asDecimal(cost.delta)}` : `${name} ${asDecimal(cost.rate)}`
}

function asDecimal(units: bigint): string {
  const digits = (units < 0n ? -units : units).toString().padStart(16, '0')
  const tail = digits.slice(-15).replace(/0+$/, '')
  return `${units < 0n ? '-' : ''}${digits.slice(0, -15)}${tail === '' ? '' : `.${tail}`}`
}
