/**
 * From links to clusters: which records are one person. A free function over edges: those of a model, of deterministic passes, of
 * tokens or of anybody else, and over several lists of them at once.
 */
import type { CannotLink, Sources } from '../model/link.ts'
import { assign } from './assign.ts'
import { completeLink } from './complete-link.ts'
import { type Edges, type OrderedEdges, orderedEdges } from './edges.ts'
import { type Constraints, type Partition, partition } from './partition.ts'
import { mutualBest } from './single-best-link.ts'

/**
 * `components`: whoever is linked by a chain of links is one person. `single-best-link`: only links that are, for both records, the
 * best one into the other's source. `one-to-one`: between two sources, each record at most once, the sum of weights the greatest.
 * `complete-link`: clusters in which every record is linked to every other, so that no chain joins strangers.
 */
export const clusterMethods = ['components', 'single-best-link', 'one-to-one', 'complete-link'] as const
export type ClusterMethod = (typeof clusterMethods)[number]

export interface ClusterOptions {
  readonly method: ClusterMethod
  /** Of all sources together; links name records below it. */
  readonly recordCount: number
  /** The least probability of a link that counts; all count without it. */
  readonly atLeast?: number
  /** A cluster holds at most one record of each source, or of each group given per record (-1: no group). */
  readonly onePer?: Sources | Int32Array
  /** Hard: no cluster holds a pair that this forbids, whatever chain of links joins it. */
  readonly cannotLink?: CannotLink
}

export interface Clusters {
  readonly recordCount: number
  /** Number of clusters, those of one record included. */
  readonly count: number
  /** Per record the id of its cluster: the cluster's smallest record number. */
  readonly ids: Int32Array
  /** How many links were not followed, by the name of the rule that forbade it. */
  readonly refused: ReadonlyMap<string, number>
}

/**
 * The order of links makes no difference. Except for `one-to-one`, a higher `atLeast` only splits clusters and never joins any.
 * @throws RangeError when links name records that do not exist, or a method needs `onePer` and has none
 */
export function cluster(links: Edges | readonly Edges[], options: ClusterOptions): Clusters {
  const constraints = constraintsOf(options)
  const edges = orderedEdges('length' in links && 'left' in links ? [links] : links, options.atLeast ?? 0)
  checkRecords(edges, options.recordCount)
  const records = partition(options.recordCount, constraints)
  const refused = new Map<string, number>()
  const refuse = (rule: string): void => void refused.set(rule, (refused.get(rule) ?? 0) + 1)
  switch (options.method) {
    case 'components':
      join(records, edges, edges.order, refuse)
      break
    case 'single-best-link':
      join(records, edges, mutualBest(edges, constraints.onePer), refuse)
      break
    case 'one-to-one':
      join(records, edges, assign(edges, options.recordCount, constraints, refuse), refuse)
      break
    case 'complete-link':
      completeLink(records, edges, refuse)
      break
  }
  return clustersFrom(records, options.recordCount, refused)
}

/** The same links at several thresholds. */
export function clusterAt(links: Edges | readonly Edges[], thresholds: readonly number[], options: Omit<ClusterOptions, 'atLeast'>): Clusters[] {
  return thresholds.map((atLeast) => cluster(links, { ...options, atLeast }))
}

export function constraintsOf({ onePer, cannotLink }: Pick<ClusterOptions, 'onePer' | 'cannotLink'>): Constraints {
  return {
    ...(onePer === undefined ? {} : { onePer: onePer instanceof Int32Array ? onePer : sourceOfEach(onePer) }),
    ...(cannotLink === undefined ? {} : { cannotLink }),
  }
}

/** Strongest first, so that what a constraint forbids is the weaker link. */
export function join(
  records: Partition,
  { left, right }: OrderedEdges,
  order: Int32Array,
  refuse: (rule: string) => void,
  joined: (edge: number, one: number, other: number) => void = () => {},
): void {
  for (const edge of order) {
    const [one, other] = [left[edge] as number, right[edge] as number]
    if (records.rootOf(one) === records.rootOf(other)) continue
    const rule = records.forbids(one, other)
    if (rule !== undefined) {
      refuse(rule)
      continue
    }
    joined(edge, records.idOf(one), records.idOf(other))
    records.unite(one, other)
  }
}

export function clustersFrom(records: Partition, recordCount: number, refused: ReadonlyMap<string, number>): Clusters {
  const ids = records.ids()
  let count = 0
  ids.forEach((id, record) => {
    if (id === record) count++
  })
  return { recordCount, count, ids, refused }
}

/** Records cluster by cluster, clusters by their id, records rising: cluster i stands at `starts[i]` to `starts[i + 1] - 1`. */
export function membersOf({ ids, recordCount, count }: Clusters): { readonly records: Int32Array; readonly starts: Int32Array } {
  const sizes = new Int32Array(recordCount)
  for (const id of ids) sizes[id] = (sizes[id] as number) + 1
  const starts = new Int32Array(count + 1)
  const next = new Int32Array(recordCount)
  let [at, index] = [0, 0]
  sizes.forEach((size, id) => {
    if (size === 0) return
    starts[index++] = at
    next[id] = at
    at += size
  })
  starts[count] = at
  const records = new Int32Array(recordCount)
  ids.forEach((id, record) => {
    records[next[id] as number] = record
    next[id] = (next[id] as number) + 1
  })
  return { records, starts }
}

export function sourceOfEach({ offsets }: Sources): Int32Array {
  const sources = new Int32Array(offsets.at(-1) ?? 0)
  for (let source = 1; source + 1 < offsets.length; source++) sources.fill(source, offsets[source], offsets[source + 1])
  return sources
}

export function checkRecords({ left, right, order }: OrderedEdges, recordCount: number): void {
  for (const edge of order) {
    const [one, other] = [left[edge] as number, right[edge] as number]
    if (one < 0 || other >= recordCount || one >= other)
      throw new RangeError(`the link ${edge} does not join two of the ${recordCount} records, the smaller first; give the number of all records of all sources`)
  }
}
