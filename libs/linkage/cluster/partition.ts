/**
 * Records in clusters that only grow together: union-find by size with path halving (Tarjan 1975), each cluster's records in a ring,
 * so that two clusters become one in constant time and still can be walked through. Constraints are hard: a union that would
 * break one does not happen.
 */
import type { CannotLink } from '../model/link.ts'

export interface Constraints {
  /** Per record a group of which a cluster holds at most one record, such as its source; -1 where that does not matter. */
  readonly onePer?: Int32Array
  /** Pairs that never stand in one cluster. Asked for each pair of two clusters that are about to become one. */
  readonly cannotLink?: CannotLink
}

export const onePerRule = 'one per source'

export interface Partition {
  /** The cluster's id: its smallest record, whichever unions made it. */
  idOf(record: number): number
  /** Number of records in the record's cluster. */
  sizeOf(record: number): number
  /** A number that all records of a cluster share until its next union. */
  rootOf(record: number): number
  /** The name of the rule that forbids a union; `undefined` where it may happen. */
  forbids(left: number, right: number): string | undefined
  /** Makes two different clusters one, and says nothing about constraints. @returns the new root */
  unite(left: number, right: number): number
  /** The id of each record's cluster. */
  ids(): Int32Array
}

/** @param ids clusters to begin with; without them every record stands alone */
export function partition(recordCount: number, { onePer, cannotLink }: Constraints, ids?: Int32Array): Partition {
  const parent = Int32Array.from({ length: recordCount }, (_, record) => record)
  const smallest = parent.slice()
  const next = parent.slice()
  const sizes = new Int32Array(recordCount).fill(1)

  const rootOf = (record: number): number => {
    let at = record
    while (parent[at] !== at) {
      parent[at] = parent[parent[at] as number] as number
      at = parent[at] as number
    }
    return at
  }
  const unite = (left: number, right: number): number => {
    const [one, other] = [rootOf(left), rootOf(right)]
    const [into, from] = (sizes[one] as number) >= (sizes[other] as number) ? [one, other] : [other, one]
    parent[from] = into
    sizes[into] = (sizes[into] as number) + (sizes[from] as number)
    smallest[into] = Math.min(smallest[into] as number, smallest[from] as number)
    const after = next[into] as number
    next[into] = next[from] as number
    next[from] = after
    return into
  }
  const findAcross = (left: number, right: number, broken: CannotLink): string | undefined => {
    let one = left
    do {
      let other = right
      do {
        const rule = broken(Math.min(one, other), Math.max(one, other))
        if (rule !== undefined) return rule
        other = next[other] as number
      } while (other !== right)
      one = next[one] as number
    } while (one !== left)
    return undefined
  }
  const broken: CannotLink = (left, right) => {
    if (onePer !== undefined && (onePer[left] ?? -1) >= 0 && onePer[left] === onePer[right]) return onePerRule
    return cannotLink?.(left, right)
  }
  const idOf = (record: number): number => smallest[rootOf(record)] as number

  ids?.forEach((id, record) => {
    if (rootOf(id) !== rootOf(record)) unite(id, record)
  })
  return {
    idOf,
    sizeOf: (record) => sizes[rootOf(record)] as number,
    rootOf,
    forbids: (left, right) => (onePer === undefined && cannotLink === undefined ? undefined : findAcross(left, right, broken)),
    unite,
    ids: () => parent.map((_, record) => idOf(record)),
  }
}
