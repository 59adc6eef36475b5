/** Makes the classes of a node out of those of a node below. */
import type { ClassList } from './class-list.ts'
import { copyDistributions, DistributionMerger, type Distributions } from './distributions.ts'
import { Grouper } from './group.ts'
import type { EncodedTable } from './table.ts'

/**
 * Makes the classes of a node out of those of a node below, which costs as much as there are classes below, not rows. Most nodes are
 * looked at once and forgotten, so what it gives lies in memory that the next call writes over; `copyClasses` keeps it.
 */
export class ClassRoller {
  readonly #grouper: Grouper
  readonly #mergers: readonly DistributionMerger[]
  readonly #rows: Int32Array
  readonly #sizes: Int32Array
  readonly #populationSizes: Int32Array

  constructor(table: EncodedTable) {
    const { count, populationSizes } = table.base
    this.#grouper = new Grouper(table.blocks, table.tables, count)
    this.#mergers = table.sensitive.map((attribute) => new DistributionMerger(attribute.values.length))
    this.#rows = new Int32Array(count)
    this.#sizes = new Int32Array(count)
    this.#populationSizes = new Int32Array(populationSizes ? count : 0)
  }

  /** The class of each entry of the source at a node. */
  classOf(source: ClassList, levels: readonly number[]): Int32Array {
    return this.#grouper.group(source.rows, levels).classOf.slice(0, source.count)
  }

  /** @param goesOn looks at the sizes before anything dearer is done; `undefined` is returned when it says no */
  roll(source: ClassList, levels: readonly number[], goesOn: (sizes: Int32Array) => boolean = () => true): ClassList | undefined {
    const { classCount: count, classOf, firstOf } = this.#grouper.group(source.rows, levels)
    const sizes = sum(source.sizes, classOf, this.#sizes.subarray(0, count))
    if (!goesOn(sizes)) return undefined
    const rows = this.#rows.subarray(0, count)
    for (let c = 0; c < count; c++) rows[c] = source.rows[firstOf[c] as number] as number
    const sensitive = this.#mergers.map((merger, index) => merger.merge(source.sensitive[index] as Distributions, source.count, classOf, count))
    const classes = { count, rows, sizes, sensitive }
    if (!source.populationSizes) return classes
    return { ...classes, populationSizes: sum(source.populationSizes, classOf, this.#populationSizes.subarray(0, count)) }
  }
}

export function copyClasses({ count, rows, sizes, populationSizes, sensitive }: ClassList): ClassList {
  return {
    count,
    rows: rows.slice(),
    sizes: sizes.slice(),
    ...(populationSizes ? { populationSizes: populationSizes.slice() } : {}),
    sensitive: sensitive.map((distributions) => copyDistributions(distributions, count)),
  }
}

function sum(values: Int32Array, classOf: Int32Array, sums: Int32Array): Int32Array {
  sums.fill(0)
  for (let i = 0; i < values.length; i++) {
    const c = classOf[i] as number
    sums[c] = (sums[c] as number) + (values[i] as number)
  }
  return sums
}
