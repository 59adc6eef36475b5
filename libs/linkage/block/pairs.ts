import type { Blocks, LinkType } from './blocks.ts'

/** Takes one pair; `left` is the smaller record. */
export type PairVisitor = (left: number, right: number) => void

/**
 * Streams the pairs of a range of one rule's blocks, without those that an earlier rule has: one comparison of whole numbers per
 * earlier rule tells. Nothing is stored.
 */
export function visitPairs(
  rules: readonly Blocks[],
  rule: number,
  from: number,
  to: number,
  link: LinkType,
  offsets: readonly number[],
  visit: PairVisitor,
): void {
  const blocks = rules[rule]
  if (blocks === undefined) throw new RangeError(`there is no rule ${rule}`)
  const earlier = rules.slice(0, rule).map((before) => before.keys)
  const { records, starts } = blocks
  const bySource = link === 'link' || (link === 'dedupe' && offsets.length > 2)
  for (let block = from; block < to; block++) {
    const end = starts[block + 1] as number
    for (let i = starts[block] as number; i < end - 1; i++) {
      const left = records[i] as number
      // Records rise within a block and sources follow one another, so the other side's stretch has one beginning and one end.
      const border = bySource ? borderAfter(offsets, left) : 0
      for (let j = i + 1; j < end; j++) {
        const right = records[j] as number
        if (bySource && right < border !== (link === 'dedupe')) continue
        if (!foundBefore(earlier, left, right)) visit(left, right)
      }
    }
  }
}

/** The first record of the next source. */
function borderAfter(offsets: readonly number[], record: number): number {
  let source = 1
  while ((offsets[source] as number) <= record) source++
  return offsets[source] as number
}

function foundBefore(earlier: readonly Int32Array[], left: number, right: number): boolean {
  for (let i = 0; i < earlier.length; i++) {
    const keys = earlier[i] as Int32Array
    const key = keys[left] as number
    if (key >= 0 && key === keys[right]) return true
  }
  return false
}
