/** Clusters against people, from the table of how many records each cluster shares with each person. */
import type { Clusters } from '../cluster/cluster.ts'
import { type Measures, measures } from './measures.ts'

export interface ClusterMeasures {
  /** Pairs within a cluster against pairs of one person. */
  readonly pairwise: Measures
  /** Clusters that are exactly one person with all records, against people. */
  readonly exact: Measures
  /** Averaged over records (Bagga and Baldwin 1998): how much of a record's cluster is its person, and of its person is in the cluster. */
  readonly bCubed: { readonly precision: number; readonly recall: number; readonly f1: number }
  /** Clusters that hold records of several people. */
  readonly mixed: number
  /** People whose records stand in several clusters. */
  readonly split: number
}

/** @param people per record the number of its person; records of nobody known (-1) are left out */
export function measureClusters({ ids }: Pick<Clusters, 'ids'>, people: Int32Array): ClusterMeasures {
  const shared = new Map<string, { cluster: number; person: number; records: number }>()
  const clusterSizes = new Map<number, number>()
  const personSizes = new Map<number, number>()
  let records = 0
  people.forEach((person, record) => {
    if (person < 0) return
    records++
    const cluster = ids[record] as number
    clusterSizes.set(cluster, (clusterSizes.get(cluster) ?? 0) + 1)
    personSizes.set(person, (personSizes.get(person) ?? 0) + 1)
    const cell = shared.get(`${cluster} ${person}`)
    if (cell === undefined) shared.set(`${cluster} ${person}`, { cluster, person, records: 1 })
    else cell.records++
  })
  const cells = [...shared.values()]
  const sum = (of: (cell: (typeof cells)[number]) => number): number => cells.reduce((total, cell) => total + of(cell), 0)
  const pairs = (sizes: Iterable<number>): number => [...sizes].reduce((total, size) => total + (size * (size - 1)) / 2, 0)
  const sizeOf = (cell: (typeof cells)[number]): [number, number] => [clusterSizes.get(cell.cluster) ?? 0, personSizes.get(cell.person) ?? 0]
  const together = sum((cell) => (cell.records * (cell.records - 1)) / 2)
  const exact = sum((cell) => Number(sizeOf(cell).every((size) => size === cell.records)))
  const share = (total: number): number => (records === 0 ? 1 : total / records)
  const precision = share(sum((cell) => cell.records ** 2 / sizeOf(cell)[0]))
  const recall = share(sum((cell) => cell.records ** 2 / sizeOf(cell)[1]))
  return {
    pairwise: measures(together, pairs(clusterSizes.values()) - together, pairs(personSizes.values()) - together),
    exact: measures(exact, clusterSizes.size - exact, personSizes.size - exact),
    bCubed: { precision, recall, f1: precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall) },
    mixed: countRepeated(cells.map((cell) => cell.cluster)),
    split: countRepeated(cells.map((cell) => cell.person)),
  }
}

function countRepeated(values: readonly number[]): number {
  const times = new Map<number, number>()
  for (const value of values) times.set(value, (times.get(value) ?? 0) + 1)
  return [...times.values()].filter((count) => count > 1).length
}
