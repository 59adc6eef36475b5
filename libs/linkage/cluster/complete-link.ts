/**
 * Complete linkage on sparse links (Defays 1977 gives the dense form): edges come strongest first, and two clusters become one at
 * the moment when every pair across them has come. That moment's weight is the weakest of those pairs, so clusters form in the
 * order of complete linkage without a matrix, and a threshold cuts the same tree.
 */
import type { OrderedEdges } from './edges.ts'
import type { Partition } from './partition.ts'

export function completeLink(records: Partition, { left, right, order }: OrderedEdges, refuse: (rule: string) => void): void {
  /** Per root, how many edges have come between its cluster and each other root's. */
  const seen = new Map<number, Map<number, number>>()
  const between = (root: number): Map<number, number> => {
    const known = seen.get(root)
    if (known !== undefined) return known
    const fresh = new Map<number, number>()
    seen.set(root, fresh)
    return fresh
  }
  const uniteCounts = (one: number, other: number, root: number): void => {
    const [kept, moved] = between(one).size >= between(other).size ? [one, other] : [other, one]
    const counts = between(kept)
    for (const [third, count] of between(moved)) {
      if (third === kept) continue
      const sum = (counts.get(third) ?? 0) + count
      counts.set(third, sum)
      between(third).delete(moved)
      between(third).set(kept, sum)
    }
    counts.delete(moved)
    seen.delete(moved)
    if (root === kept) return
    seen.delete(kept)
    seen.set(root, counts)
    for (const [third, count] of counts) {
      between(third).delete(kept)
      between(third).set(root, count)
    }
  }
  for (const edge of order) {
    const [one, other] = [records.rootOf(left[edge] as number), records.rootOf(right[edge] as number)]
    const count = (between(one).get(other) ?? 0) + 1
    between(one).set(other, count)
    between(other).set(one, count)
    if (count < records.sizeOf(one) * records.sizeOf(other)) continue
    const rule = records.forbids(one, other)
    if (rule === undefined) uniteCounts(one, other, records.unite(one, other))
    else refuse(rule)
  }
}
