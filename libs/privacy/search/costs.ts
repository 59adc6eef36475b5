/** The cell costs of a measure over a table: totals without suppression, and lookups by distinct row. */
import type { CellCosts } from '../quality/quality.ts'
import type { EncodedTable } from './table.ts'

export class CostTables {
  readonly attributeCount: number
  readonly #table: EncodedTable
  readonly #cells: readonly CellCosts[]
  /** By attribute and level, costs by code of the attribute's block; made when first needed. */
  readonly #spread: Float64Array[][]
  /** By attribute and level, the cost of all cells when nothing is suppressed. */
  readonly totals: readonly Float64Array[]

  constructor(table: EncodedTable, cells: readonly CellCosts[]) {
    this.#table = table
    this.#cells = cells
    this.attributeCount = cells.length
    this.#spread = cells.map(() => [])
    this.totals = cells.map(({ byGroup }, attribute) => Float64Array.from(byGroup, (costs, level) => total(table, attribute, level, costs)))
  }

  suppressedCost(attribute: number): number {
    return this.#cells[attribute]?.suppressed ?? 0
  }

  /** Adds to `sums[places[i] + attribute]` what the cells of `sizes[i]` rows like the distinct row `rows[i]` cost, for each attribute. */
  add(levels: readonly number[], rows: Int32Array, sizes: Int32Array, places: Int32Array, count: number, sums: Float64Array): void {
    for (let a = 0; a < this.attributeCount; a++) {
      const codes = this.#table.blocks[this.#table.tables.blockOf(a)]?.codes as Int32Array
      addCosts(this.#costs(a, levels[a] as number), codes, rows, sizes, places, count, sums, a)
    }
  }

  #costs(attribute: number, level: number): Float64Array {
    const levels = this.#spread[attribute] as Float64Array[]
    const known = levels[level]
    if (known) return known
    const made = this.#table.tables.spread(attribute, level, this.#cells[attribute]?.byGroup[level] ?? [])
    levels[level] = made
    return made
  }
}

function addCosts(
  costs: Float64Array,
  codes: Int32Array,
  rows: Int32Array,
  sizes: Int32Array,
  places: Int32Array,
  count: number,
  sums: Float64Array,
  attribute: number,
): void {
  for (let i = 0; i < count; i++) {
    const at = (places[i] as number) + attribute
    sums[at] = (sums[at] as number) + (sizes[i] as number) * (costs[codes[rows[i] as number] as number] as number)
  }
}

function total(table: EncodedTable, attribute: number, level: number, costs: ArrayLike<number>): number {
  const map = table.hierarchies[attribute]?.levels[level]?.map ?? new Int32Array()
  const rows = table.leafRows[attribute] ?? new Float64Array()
  let sum = 0
  for (let leaf = 0; leaf < map.length; leaf++) sum += (rows[leaf] as number) * (costs[map[leaf] as number] as number)
  return sum
}
