/** Pairs of filters that are alike, by columns; growing while they are found, and several parts as one. */
import { BloomError } from './error.ts'

/** Sorted by (left, right), each pair once. */
export interface DicePairs {
  readonly length: number
  /** Record of the left filters. */
  readonly left: Int32Array
  /** Record of the right filters; of the same ones, and then greater than `left`, where one set is compared with itself. */
  readonly right: Int32Array
  readonly dice: Float64Array
}

export const pairsMaxDefault = 20_000_000

export interface DiceBuffer {
  /** @throws BloomError `too_many_pairs` */
  add(left: number, right: number, dice: number): void
  /** In the order of adding. */
  build(): DicePairs
}

export function diceBuffer(pairsMax = pairsMaxDefault): DiceBuffer {
  let capacity = 1 << 10
  let length = 0
  let ends = new Int32Array(2 * capacity)
  let dice = new Float64Array(capacity)
  const grow = () => {
    capacity *= 2
    const [moreEnds, moreDice] = [new Int32Array(2 * capacity), new Float64Array(capacity)]
    moreEnds.set(ends)
    moreDice.set(dice)
    ends = moreEnds
    dice = moreDice
  }
  return {
    add(left, right, value) {
      if (length === pairsMax) {
        throw new BloomError(
          'too_many_pairs',
          `more than ${pairsMax} pairs reach the threshold; raise it, compare fewer records at once, or take the top few of each`,
        )
      }
      if (length === capacity) grow()
      ends[2 * length] = left
      ends[2 * length + 1] = right
      dice[length++] = value
    },
    build: () => ({
      length,
      left: Int32Array.from({ length }, (_, index) => ends[2 * index] as number),
      right: Int32Array.from({ length }, (_, index) => ends[2 * index + 1] as number),
      dice: dice.slice(0, length),
    }),
  }
}

/** The parts as one, in order: the same however the work was cut into parts. */
export function mergeDice(parts: readonly DicePairs[]): DicePairs {
  const length = parts.reduce((sum, part) => sum + part.length, 0)
  const joined = { length, left: new Int32Array(length), right: new Int32Array(length), dice: new Float64Array(length) }
  let at = 0
  for (const part of parts) {
    joined.left.set(part.left, at)
    joined.right.set(part.right, at)
    joined.dice.set(part.dice, at)
    at += part.length
  }
  const byEnds = (one: number, other: number) =>
    (joined.left[one] as number) - (joined.left[other] as number) || (joined.right[one] as number) - (joined.right[other] as number)
  return pick(joined, Int32Array.from({ length }, (_, index) => index).sort(byEnds))
}

/**
 * Each record in one pair at most: the most alike pair first, then the most alike of those whose records are both still free. Equal
 * pairs go by left, then right record, so the answer does not depend on the order of work.
 */
export function greedyOneToOne(pairs: DicePairs): DicePairs {
  const order = Int32Array.from({ length: pairs.length }, (_, index) => index).sort(
    (one, other) =>
      (pairs.dice[other] as number) - (pairs.dice[one] as number) ||
      (pairs.left[one] as number) - (pairs.left[other] as number) ||
      (pairs.right[one] as number) - (pairs.right[other] as number),
  )
  const takenLeft = new Set<number>()
  const takenRight = new Set<number>()
  const kept = order.filter((index) => {
    const [left, right] = [pairs.left[index] as number, pairs.right[index] as number]
    if (takenLeft.has(left) || takenRight.has(right)) return false
    takenLeft.add(left)
    takenRight.add(right)
    return true
  })
  return mergeDice([pick(pairs, kept)])
}

function pick({ left, right, dice }: DicePairs, order: Int32Array): DicePairs {
  return {
    length: order.length,
    left: order.map((index) => left[index] as number),
    right: order.map((index) => right[index] as number),
    dice: Float64Array.from(order, (index) => dice[index] as number),
  }
}
