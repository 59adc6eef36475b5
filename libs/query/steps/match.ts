/** Deterministic linkage on digests: who agrees in a pass is one person, and so is everybody whom a chain of agreements joins. */
import { columnOf, type Dataset } from '@gatehouse/tabular/dataset'
import { hidden } from './step.ts'

export interface People {
  /** Per record, numbered through over all sources, the person; persons are numbered from 0 in order of their first record. */
  readonly person: Int32Array
  readonly count: number
  /** How many records each pass brought to somebody who was not yet theirs. */
  readonly joinedBy: readonly number[]
}

/**
 * @param sources their digests, in the order of the plan
 * @param from passes before this one tell people apart and link nobody
 */
export function matchDigests(sources: readonly Dataset[], passes: number, from = 0): People {
  const records = sources.reduce((rows, { rowCount }) => rows + rowCount, 0)
  const parents = Int32Array.from({ length: records }, (_, record) => record)
  const joinedBy = Array.from({ length: passes }, (_, pass) => joinPass(sources, from + pass, records, parents))
  const person = new Int32Array(records)
  const numbered = new Int32Array(records).fill(-1)
  let count = 0
  for (let record = 0; record < records; record++) {
    const root = rootOf(parents, record)
    if (numbered[root] === -1) numbered[root] = count++
    person[record] = numbered[root] as number
  }
  return { person, count, joinedBy }
}

function joinPass(sources: readonly Dataset[], pass: number, records: number, parents: Int32Array): number {
  const first = digestTable(records)
  let joined = 0
  let record = 0
  for (const source of sources) {
    const [high, low] = [numbersOf(source, hidden.passHigh(pass)), numbersOf(source, hidden.passLow(pass))]
    for (let row = 0; row < source.rowCount; row++, record++) {
      if (Number.isNaN(high[row])) continue
      const other = first(high[row] as number, low[row] as number, record)
      if (other !== record && unite(parents, other, record)) joined++
    }
  }
  return joined
}

export function numbersOf(dataset: Dataset, name: string): Float64Array {
  const column = columnOf(dataset, name)
  if (column.kind !== 'number') throw new RangeError(`the column ${name} holds no numbers`)
  return column.values
}

/** The first record that had a digest: an open-addressing table, for a map of millions of keys costs many times as much. */
function digestTable(records: number): (high: number, low: number, record: number) => number {
  const size = 2 ** Math.max(4, 33 - Math.clz32(records))
  const mask = size - 1
  const slots = new Int32Array(size).fill(-1)
  const highs = new Float64Array(size)
  const lows = new Float64Array(size)
  return (high, low, record) => {
    // The digest is as good as random already.
    let slot = (low % 0x1_0000_0000) & mask
    while (slots[slot] !== -1 && (highs[slot] !== high || lows[slot] !== low)) slot = (slot + 1) & mask
    if (slots[slot] === -1) {
      slots[slot] = record
      highs[slot] = high
      lows[slot] = low
    }
    return slots[slot] as number
  }
}

function rootOf(parents: Int32Array, record: number): number {
  let root = record
  while (parents[root] !== root) root = parents[root] as number
  for (let at = record; at !== root; ) {
    const next = parents[at] as number
    parents[at] = root
    at = next
  }
  return root
}

/** The smaller record stays on top, so that the numbering never depends on the order of the passes. */
function unite(parents: Int32Array, one: number, other: number): boolean {
  const [left, right] = [rootOf(parents, one), rootOf(parents, other)]
  if (left === right) return false
  parents[Math.max(left, right)] = Math.min(left, right)
  return true
}
