/**
 * Groups rows, or classes of a node below, into the classes of a node. Rows that are alike have the same key: mixed radix over the
 * sizes of the levels, a 32-bit integer where it fits and else a double, which is exact below 2^53. Before a key would grow past
 * that, the parts gathered so far are numbered anew, so any number of attributes has exact keys.
 */
import type { Block, BlockTables, KeyTable } from './blocks.ts'
import { numberDense, numberDoubles, numberInts, slotCountFor } from './hash.ts'

const intRadixMax = 2 ** 31
const doubleRadixMax = Number.MAX_SAFE_INTEGER
/** A slot for every possible key, without hashing, pays as long as clearing the slots is not dearer than hashing. */
const denseSlotsPerEntry = 8

/** Valid until the next grouping: both arrays are scratch space of the grouper. */
export interface Grouping {
  readonly classCount: number
  /** By entry of the source, its class; classes are numbered in order of their first entry. */
  readonly classOf: Int32Array
  /** By class, its first entry of the source. */
  readonly firstOf: Int32Array
}

interface Part extends KeyTable {
  readonly codes: Int32Array
}

export class Grouper {
  readonly #blocks: readonly Block[]
  readonly #tables: BlockTables
  readonly #classOf: Int32Array
  readonly #firstOf: Int32Array
  readonly #slots: Int32Array
  readonly #intKeys: Int32Array
  #doubleKeys = new Float64Array(0)

  /** @param capacity the most entries a source may have */
  constructor(blocks: readonly Block[], tables: BlockTables, capacity: number) {
    this.#blocks = blocks
    this.#tables = tables
    this.#classOf = new Int32Array(capacity)
    this.#firstOf = new Int32Array(capacity)
    this.#intKeys = new Int32Array(capacity)
    this.#slots = new Int32Array(Math.max(slotCountFor(capacity), capacity * denseSlotsPerEntry))
  }

  /** @param rows the distinct rows that stand for the entries of the source */
  group(rows: Int32Array, levels: readonly number[]): Grouping {
    const parts = this.#blocks.map((block, index) => ({ codes: block.codes, ...this.#tables.keys(index, levels) })).filter((part) => part.radix > 1)
    const radix = parts.reduce((product, part) => product * part.radix, 1)
    const classCount = radix <= intRadixMax ? this.#byInts(rows, parts, radix) : this.#byDoubles(rows, parts)
    return { classCount, classOf: this.#classOf, firstOf: this.#firstOf }
  }

  #byInts(rows: Int32Array, parts: readonly Part[], radix: number): number {
    const keys = this.#intKeys
    const count = rows.length
    const [first, ...others] = parts
    if (first) startIntKeys(keys, rows, first)
    else keys.fill(0, 0, count)
    for (const part of others) extendIntKeys(keys, rows, part)
    if (radix <= count * denseSlotsPerEntry) return numberDense(keys, count, radix, this.#slots, this.#classOf, this.#firstOf)
    return numberInts(keys, count, this.#slots, this.#classOf, this.#firstOf)
  }

  #byDoubles(rows: Int32Array, parts: readonly Part[]): number {
    const count = rows.length
    if (this.#doubleKeys.length === 0) this.#doubleKeys = new Float64Array(this.#intKeys.length)
    const keys = this.#doubleKeys.fill(0, 0, count)
    let radix = 1
    for (const part of parts) {
      if (radix * part.radix > doubleRadixMax) {
        radix = numberDoubles(keys, count, this.#slots, this.#classOf, this.#firstOf)
        for (let i = 0; i < count; i++) keys[i] = this.#classOf[i] as number
      }
      extendDoubleKeys(keys, rows, part)
      radix *= part.radix
    }
    return numberDoubles(keys, count, this.#slots, this.#classOf, this.#firstOf)
  }
}

function startIntKeys(keys: Int32Array, rows: Int32Array, { codes, keys: table }: Part): void {
  for (let i = 0; i < rows.length; i++) keys[i] = table[codes[rows[i] as number] as number] as number
}

function extendIntKeys(keys: Int32Array, rows: Int32Array, { codes, keys: table, radix }: Part): void {
  for (let i = 0; i < rows.length; i++) keys[i] = Math.imul(keys[i] as number, radix) + (table[codes[rows[i] as number] as number] as number)
}

function extendDoubleKeys(keys: Float64Array, rows: Int32Array, { codes, keys: table, radix }: Part): void {
  for (let i = 0; i < rows.length; i++) keys[i] = (keys[i] as number) * radix + (table[codes[rows[i] as number] as number] as number)
}
