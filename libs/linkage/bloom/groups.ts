/** People among the filters of several sources: what a linkage unit makes of encodings. */
import { cluster } from '../cluster/cluster.ts'
import type { Edges } from '../cluster/edges.ts'
import type { Clks } from './clk.ts'
import { type DiceSearch, diceBetween } from './compare.ts'

/**
 * Each source has each person once, so a group has at most one record of each. The most alike are joined first, whatever number of sources
 * there are; for two it is what `greedyOneToOne` finds.
 *
 * @returns for each record, numbered through over all sources, its group: the smallest record in it
 * @throws BloomError `bad_threshold`, `other_schema`, `too_many_pairs`
 */
export function groupsAmong(sources: readonly Clks[], search: Pick<DiceSearch, 'threshold' | 'pairsMax'> = {}): Int32Array {
  const offsets = [0]
  for (const { length } of sources) offsets.push((offsets.at(-1) as number) + length)
  const edges = sources.flatMap((left, at) =>
    sources.slice(at + 1).map((right, next) => between(left, right, search, offsets[at] as number, offsets[at + 1 + next] as number)),
  )
  const recordCount = offsets.at(-1) as number
  if (edges.length === 0) return Int32Array.from({ length: recordCount }, (_, record) => record)
  const names = sources.map((_, at) => String(at))
  return cluster(edges, { method: 'components', onePer: { names, offsets }, recordCount }).ids
}

function between(left: Clks, right: Clks, search: DiceSearch, leftFrom: number, rightFrom: number): Edges {
  const { length, left: lefts, right: rights, dice } = diceBetween(left, right, search)
  return { length, left: lefts.map((record) => leftFrom + record), right: rights.map((record) => rightFrom + record), weight: dice, probability: dice }
}
