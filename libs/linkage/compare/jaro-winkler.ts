import { bitCount, type Texts } from './texts.ts'

/** Winkler's scaling, his longest prefix, and the similarity above which he counts it. */
const prefixScale = 0.1
const prefixMax = 4
const boostAbove = 0.7

const lengthMax = 1024
/** Marks instead of cleared flags: a unit is taken when its mark is this call's number. */
const takenLeft = new Int32Array(lengthMax)
const takenRight = new Int32Array(lengthMax)
let call = 0

/**
 * Jaro's similarity with Winkler's bonus for a common prefix (Winkler 1990), 0 to 1, by code points.
 * @returns 0 as soon as it is certain that the similarity stays below `atLeast`
 */
export function jaroWinkler(left: Texts, a: number, right: Texts, b: number, atLeast: number): number {
  const leftAt = left.offsets[a] as number
  const rightAt = right.offsets[b] as number
  const leftLength = Math.min((left.offsets[a + 1] as number) - leftAt, lengthMax)
  const rightLength = Math.min((right.offsets[b + 1] as number) - rightAt, lengthMax)
  if (leftLength === 0 || rightLength === 0) return 0
  const leftMask = left.masks[a] as number
  const rightMask = right.masks[b] as number
  const common = Math.min(leftLength - bitCount(leftMask & ~rightMask), rightLength - bitCount(rightMask & ~leftMask))
  if (common <= 0) return 0
  const prefix = commonPrefix(left.units, leftAt, right.units, rightAt, Math.min(prefixMax, leftLength, rightLength))
  const bound = (common / leftLength + common / rightLength + 1) / 3
  if (bound + prefix * prefixScale * (1 - bound) < atLeast) return 0
  const similarity = jaro(left.units, leftAt, leftLength, right.units, rightAt, rightLength)
  return similarity > boostAbove ? similarity + prefix * prefixScale * (1 - similarity) : similarity
}

function commonPrefix(left: Uint16Array, leftAt: number, right: Uint16Array, rightAt: number, max: number): number {
  let prefix = 0
  while (prefix < max && left[leftAt + prefix] === right[rightAt + prefix]) prefix++
  return prefix
}

function jaro(left: Uint16Array, leftAt: number, leftLength: number, right: Uint16Array, rightAt: number, rightLength: number): number {
  call = (call + 1) | 0
  const window = Math.max(0, (Math.max(leftLength, rightLength) >> 1) - 1)
  let matches = 0
  for (let i = 0; i < leftLength; i++) {
    const unit = left[leftAt + i]
    const end = Math.min(rightLength - 1, i + window)
    for (let j = Math.max(0, i - window); j <= end; j++) {
      if (right[rightAt + j] !== unit || takenRight[j] === call) continue
      takenLeft[i] = call
      takenRight[j] = call
      matches++
      break
    }
  }
  if (matches === 0) return 0
  let outOfOrder = 0
  for (let i = 0, j = 0; i < leftLength; i++) {
    if (takenLeft[i] !== call) continue
    while (takenRight[j] !== call) j++
    if (left[leftAt + i] !== right[rightAt + j]) outOfOrder++
    j++
  }
  return (matches / leftLength + matches / rightLength + (matches - (outOfOrder >> 1)) / matches) / 3
}
