/** How the values of a column lie in two results, from one to the other, after disclosure control. Pure. */
import type { Column } from '@gatehouse/tabular/dataset'
import { countBase, told } from '../schema.ts'

/** Distinct values that are held apart; a column with more is compared in ten ranges where it has numbers, and not at all where it has none. */
export const distinctMax = 1_000
const rangesMax = 10
const toldMax = 20

export interface Bounds {
  readonly min: number
  readonly max: number
}

/** What a column of one result holds, counted chunk by chunk in bounded memory. */
export class Tally {
  readonly #counts = new Map<string, number>()
  readonly #bounds: Bounds | undefined
  #many = false

  /** @param bounds of both results, for numbers */
  constructor(bounds: Bounds | undefined) {
    this.#bounds = bounds
  }

  /** Undefined where there were too many values to hold apart. */
  get counts(): ReadonlyMap<string, number> | undefined {
    return this.#many ? undefined : this.#counts
  }

  add(column: Column): void {
    if (this.#many) return
    if (column.kind === 'number') for (const value of column.values) this.#count(this.#rangeOf(value), 1)
    else {
      const rows = new Map<number, number>()
      for (const code of column.codes) rows.set(code, (rows.get(code) ?? 0) + 1)
      for (const [code, count] of rows) this.#count(column.dictionary[code] ?? '', count)
    }
    this.#many = this.#counts.size > distinctMax
  }

  #count(key: string, count: number): void {
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + count)
  }

  #rangeOf(value: number): string {
    if (Number.isNaN(value) || this.#bounds === undefined) return ''
    const { min, max } = this.#bounds
    if (min === max) return String(min)
    const width = (max - min) / rangesMax
    const range = Math.min(rangesMax - 1, Math.floor((value - min) / width))
    return `${rounded(min + range * width)} to ${rounded(min + (range + 1) * width)}`
  }
}

const rounded = (value: number): string => String(Number(value.toPrecision(4)))

export interface Shift {
  /** Half the sum of the differences of the shares: 0 the same, 1 nothing in common. */
  readonly distance: number
  readonly values: readonly { readonly value: string | null; readonly left: number | null; readonly right: number | null }[]
}

/** Values with fewer rows than the floor in either result count with all others like them. */
export function shiftOf(left: ReadonlyMap<string, number>, right: ReadonlyMap<string, number>, floor: number): Shift {
  const few = (count: number) => count > 0 && count < floor
  const apart = [...new Set([...left.keys(), ...right.keys()])].filter((value) => !few(left.get(value) ?? 0) && !few(right.get(value) ?? 0))
  const countsOf = (counts: ReadonlyMap<string, number>) => {
    const kept = apart.map((value) => counts.get(value) ?? 0)
    const others = [...counts.values()].reduce((sum, count) => sum + count, 0) - kept.reduce((sum, count) => sum + count, 0)
    return [...kept, others].map((count) => Math.round(count / countBase) * countBase)
  }
  const [of, to] = [countsOf(left), countsOf(right)]
  const shares = (counts: readonly number[]) => {
    const all = counts.reduce((sum, count) => sum + count, 0)
    return counts.map((count) => (all === 0 ? 0 : count / all))
  }
  const [before, after] = [shares(of), shares(to)]
  const differences = before.map((share, at) => Math.abs(share - (after[at] as number)))
  const values = apart
    .map((value, at) => ({
      value: value === '' ? null : value,
      left: told(of[at] as number, floor),
      right: told(to[at] as number, floor),
      by: differences[at] as number,
    }))
    .sort((one, other) => other.by - one.by)
    .slice(0, toldMax)
    .map(({ by: _, ...told }) => told)
  return { distance: Number((differences.reduce((sum, difference) => sum + difference, 0) / 2).toFixed(2)), values }
}
