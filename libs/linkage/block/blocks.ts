/** The blocks of one rule: records grouped by key with a counting sort; records alone in their block are left out. */
export interface Blocks {
  readonly rule: string
  readonly keys: Int32Array
  /** Records block by block, rising within each. */
  readonly records: Int32Array
  /** Block i stands at `starts[i]` to `starts[i + 1] - 1`. */
  readonly starts: Int32Array
}

/** Which pairs count: within one source, between two, or all. */
export type LinkType = 'dedupe' | 'link' | 'both'

export function blocksOf(rule: string, keys: Int32Array): Blocks {
  let keyCount = 0
  for (const key of keys) if (key >= keyCount) keyCount = key + 1
  const sizes = new Int32Array(keyCount)
  for (const key of keys) if (key >= 0) sizes[key] = (sizes[key] as number) + 1
  let blockCount = 0
  let recordCount = 0
  const next = new Int32Array(keyCount)
  for (let key = 0; key < keyCount; key++) {
    const size = sizes[key] as number
    next[key] = size > 1 ? recordCount : -1
    if (size < 2) continue
    recordCount += size
    blockCount++
  }
  const starts = new Int32Array(blockCount + 1)
  for (let key = 0, block = 0; key < keyCount; key++) if ((next[key] as number) >= 0) starts[block++] = next[key] as number
  starts[blockCount] = recordCount
  const records = new Int32Array(recordCount)
  for (let record = 0; record < keys.length; record++) {
    const key = keys[record] as number
    if (key < 0 || (next[key] as number) < 0) continue
    records[next[key] as number] = record
    next[key] = (next[key] as number) + 1
  }
  return { rule, keys, records, starts }
}

export interface BlockCost {
  readonly pairs: number
  readonly largestBlock: number
}

/** How many pairs the blocks hold, those that other rules find too included; counted, not walked through. */
export function costOf({ records, starts }: Blocks, link: LinkType, offsets: readonly number[]): BlockCost {
  let pairs = 0
  let largestBlock = 0
  for (let block = 0; block + 1 < starts.length; block++) {
    const from = starts[block] as number
    const to = starts[block + 1] as number
    largestBlock = Math.max(largestBlock, to - from)
    pairs += pairsWithin(records, from, to, link, offsets)
  }
  return { pairs, largestBlock }
}

export function pairsWithin(records: Int32Array, from: number, to: number, link: LinkType, offsets: readonly number[]): number {
  const all = ((to - from) * (to - from - 1)) / 2
  if (link === 'both' || (link === 'dedupe' && offsets.length === 2)) return all
  let inside = 0
  for (let at = from, source = 0; at < to; source++) {
    const end = offsets[source + 1] as number
    const begin = at
    while (at < to && (records[at] as number) < end) at++
    inside += ((at - begin) * (at - begin - 1)) / 2
  }
  return link === 'dedupe' ? inside : all - inside
}

/** How many pairs there are without any blocking. */
export function pairsOfAll(link: LinkType, offsets: readonly number[]): number {
  const total = offsets.at(-1) ?? 0
  const all = (total * (total - 1)) / 2
  if (link === 'both') return all
  let inside = 0
  for (let source = 0; source + 1 < offsets.length; source++) {
    const size = (offsets[source + 1] as number) - (offsets[source] as number)
    inside += (size * (size - 1)) / 2
  }
  return link === 'dedupe' ? inside : all - inside
}
