/**
 * The best nodes so far. Values that differ by less than 1e-12 of themselves are ties; a tie goes to the lower level sum, then to
 * the lexicographically first node. So the answer does not depend on the order of visits.
 */
import { type Levels, levelSum } from './lattice.ts'

export interface Found {
  readonly levels: Levels
  readonly value: number
}

const tieWidth = 1e-12

export class Best {
  #least = Number.POSITIVE_INFINITY
  #ties: Found[] = []

  /** @returns whether the least value fell */
  offer(found: Found): boolean {
    if (found.value > this.#least + widthOf(this.#least)) return false
    const fell = found.value < this.#least
    if (fell) this.#least = found.value
    this.#ties = [...this.#ties, found].filter(({ value }) => value <= this.#least + widthOf(this.#least))
    return fell
  }

  /** Whether a node of at least this value could still be the answer. Twice the width, for the rounding of bounds. */
  isWithin(bound: number): boolean {
    return !(bound > this.#least + 2 * widthOf(this.#least))
  }

  get least(): number {
    return this.#least
  }

  get found(): Found | undefined {
    return this.#ties.reduce<Found | undefined>((first, found) => (first && before(first, found) ? first : found), undefined)
  }
}

function widthOf(value: number): number {
  return value === Number.POSITIVE_INFINITY ? 0 : tieWidth * Math.abs(value)
}

function before(a: Found, b: Found): boolean {
  const sums = levelSum(a.levels) - levelSum(b.levels)
  if (sums !== 0) return sums < 0
  for (const [index, level] of a.levels.entries()) if (level !== b.levels[index]) return level < (b.levels[index] as number)
  return true
}
