import { bitCount, type Texts } from './texts.ts'

/** Per unit the positions at which the left value has it, as bits; cleared behind each call. */
const positions = new Int32Array(0x10000)
const wordLength = 32

/**
 * Optimal string alignment distance: insertions, deletions, substitutions and exchanges of neighbours, no stretch edited twice.
 * Bit-parallel after Hyyrö (2003), one word; longer values by the matrix.
 * @returns the distance, or `limit + 1` as soon as it is certain to be more than `limit`
 */
export function editDistance(left: Texts, a: number, right: Texts, b: number, limit: number): number {
  const leftAt = left.offsets[a] as number
  const rightAt = right.offsets[b] as number
  const leftLength = (left.offsets[a + 1] as number) - leftAt
  const rightLength = (right.offsets[b + 1] as number) - rightAt
  if (Math.abs(leftLength - rightLength) > limit) return limit + 1
  const leftMask = left.masks[a] as number
  const rightMask = right.masks[b] as number
  if (bitCount(leftMask & ~rightMask) > limit || bitCount(rightMask & ~leftMask) > limit) return limit + 1
  if (leftLength === 0) return Math.min(rightLength, limit + 1)
  const distance =
    leftLength <= wordLength
      ? oneWord(left.units, leftAt, leftLength, right.units, rightAt, rightLength)
      : byMatrix(left.units.subarray(leftAt, leftAt + leftLength), right.units.subarray(rightAt, rightAt + rightLength))
  return Math.min(distance, limit + 1)
}

function oneWord(left: Uint16Array, leftAt: number, leftLength: number, right: Uint16Array, rightAt: number, rightLength: number): number {
  for (let i = 0; i < leftLength; i++) positions[left[leftAt + i] as number] = (positions[left[leftAt + i] as number] as number) | (1 << i)
  let positive = -1
  let negative = 0
  let diagonal = 0
  let before = 0
  let distance = leftLength
  const last = 1 << (leftLength - 1)
  for (let j = 0; j < rightLength; j++) {
    const match = positions[right[rightAt + j] as number] as number
    const exchange = ((~diagonal & match) << 1) & before
    diagonal = ((((match & positive) + positive) | 0) ^ positive) | match | negative | exchange
    const up = negative | ~(diagonal | positive)
    const down = diagonal & positive
    if (up & last) distance++
    else if (down & last) distance--
    const shifted = (up << 1) | 1
    positive = (down << 1) | ~(diagonal | shifted)
    negative = shifted & diagonal
    before = match
  }
  for (let i = 0; i < leftLength; i++) positions[left[leftAt + i] as number] = 0
  return distance
}

/** The plain definition, three rows at a time. Exported as the reference the fast way is tested against. */
export function byMatrix(left: Uint16Array, right: Uint16Array): number {
  let beforeLast = new Int32Array(right.length + 1)
  let last = Int32Array.from({ length: right.length + 1 }, (_, j) => j)
  for (let i = 1; i <= left.length; i++) {
    const row = new Int32Array(right.length + 1)
    row[0] = i
    for (let j = 1; j <= right.length; j++) {
      const cost = left[i - 1] === right[j - 1] ? 0 : 1
      let least = Math.min((last[j] as number) + 1, (row[j - 1] as number) + 1, (last[j - 1] as number) + cost)
      if (i > 1 && j > 1 && left[i - 1] === right[j - 2] && left[i - 2] === right[j - 1]) least = Math.min(least, (beforeLast[j - 2] as number) + 1)
      row[j] = least
    }
    beforeLast = last
    last = row
  }
  return last[right.length] as number
}
