/**
 * A model and a table made ready for the inner loop. What stands here is plain data, so a worker gets it by message, or shares
 * its arrays, and computes the same.
 */
import { type Blocks, blocksOf, type LinkType } from '../block/blocks.ts'
import { ruleKeys } from '../block/key.ts'
import { type PreparedComparison, prepareComparison } from '../compare/prepared.ts'
import type { Model, Rule } from '../model/schema.ts'
import { columnIn, type RecordColumn, type RecordTable } from '../normalize/table.ts'

export interface Prepared {
  readonly link: LinkType
  readonly offsets: readonly number[]
  readonly comparisons: readonly PreparedComparison[]
  /** Per comparison each value's share of the records that have one; `undefined` without term frequencies. */
  readonly frequencies: readonly (Float64Array | undefined)[]
  readonly rules: readonly Blocks[]
}

export function prepare(model: Model, table: RecordTable): Prepared {
  return { link: model.link, offsets: table.sources.offsets, ...prepareCompared(model, table), rules: prepareRules(model.block, table) }
}

/** What scoring needs; blocks are not among it. */
export type Compared = Pick<Prepared, 'comparisons' | 'frequencies'>

/** @param known what was prepared before records were added behind the table's own */
export function prepareCompared(model: Model, table: RecordTable, known?: Compared): Compared {
  return {
    comparisons: model.compare.map((comparison, index) =>
      prepareComparison(
        comparison,
        comparison.columns.map((column) => columnIn(table, column)),
        known?.comparisons[index],
      ),
    ),
    frequencies: model.compare.map(({ termFrequency, columns }) => (termFrequency ? frequenciesOf(columnIn(table, columns[0] ?? '')) : undefined)),
  }
}

export function prepareRules(rules: readonly Rule[], table: RecordTable): Blocks[] {
  return rules.map((rule) => blocksOf(rule.name, ruleKeys(table, rule)))
}

/** The share of other records that hold each value: the record itself, of which every value has at least one, is no evidence of how common it is. */
export function frequenciesOf({ counts }: RecordColumn): Float64Array {
  const total = counts.reduce((sum, count) => sum + count, 0)
  return Float64Array.from(counts, (count) => Math.max(count - 1, 0.5) / Math.max(1, total))
}
