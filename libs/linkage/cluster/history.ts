/**
 * Clusters that grow with new records and keep their ids. New records are numbered after the old ones. A cluster's id is its
 * smallest record, so an old cluster keeps its id whoever joins it, and of two that become one the older id survives; the merge
 * is written down with the link that caused it.
 */
import { type ClusterOptions, type Clusters, checkRecords, clustersFrom, constraintsOf, join } from './cluster.ts'
import { type Edges, orderedEdges } from './edges.ts'
import { partition } from './partition.ts'

export interface Merge {
  /** Which addition this happened in: 1, 2 … */
  readonly addition: number
  /** The id that survives. */
  readonly into: number
  /** The id that is no more. */
  readonly from: number
  /** The link that joined them. */
  readonly left: number
  readonly right: number
  readonly weight: number
  readonly probability: number
}

export interface ClusterHistory {
  readonly clusters: Clusters
  readonly additions: number
  /** Merges of clusters that existed before the addition; a new record that joins an old cluster is no merge. */
  readonly merges: readonly Merge[]
}

export function beginHistory(clusters: Clusters): ClusterHistory {
  return { clusters, additions: 0, merges: [] }
}

/**
 * Follows new links by components under the constraints; it never splits a cluster.
 * @param options `recordCount` is that of all records, old and new
 * @throws RangeError when there would be fewer records than before
 */
export function add(history: ClusterHistory, links: Edges | readonly Edges[], options: Omit<ClusterOptions, 'method'>): ClusterHistory {
  const { clusters, additions, merges } = history
  const { recordCount } = options
  if (recordCount < clusters.recordCount)
    throw new RangeError(`records are only added: there were ${clusters.recordCount}, there would be ${recordCount}. Number new records after the old ones.`)
  const edges = orderedEdges('length' in links && 'left' in links ? [links] : links, options.atLeast ?? 0)
  checkRecords(edges, recordCount)
  const records = partition(recordCount, constraintsOf(options), clusters.ids)
  const refused = new Map(clusters.refused)
  const addition = additions + 1
  const made: Merge[] = []
  join(
    records,
    edges,
    edges.order,
    (rule) => refused.set(rule, (refused.get(rule) ?? 0) + 1),
    (edge, one, other) => {
      const [into, from] = one < other ? [one, other] : [other, one]
      if (from >= clusters.recordCount) return
      const [left, right] = [edges.left[edge] as number, edges.right[edge] as number]
      made.push({ addition, into, from, left, right, weight: edges.weight[edge] as number, probability: edges.probability[edge] as number })
    },
  )
  return { clusters: clustersFrom(records, recordCount, refused), additions: addition, merges: [...merges, ...made] }
}

/** The id that a cluster has today which had this one at some time. */
export function survivorOf({ merges }: ClusterHistory, id: number): number {
  return merges.reduce((current, { into, from }) => (from === current ? into : current), id)
}
