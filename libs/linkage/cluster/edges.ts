/** Links as clustering sees them: from one list or several, at a threshold, the strongest first. */
import type { Links } from '../model/link.ts'

/** What clustering needs of links. A deterministic link has infinite weight and the probability 1. */
export type Edges = Pick<Links, 'length' | 'left' | 'right' | 'weight' | 'probability'>

/** Edges from the strongest to the weakest; between equals the one with the smaller records comes first, so that order never depends on the input's. */
export interface OrderedEdges extends Edges {
  /** Positions in the columns; shorter than they are where a threshold or a second list took edges out. */
  readonly order: Int32Array
}

/**
 * @param lists such as the links of deterministic passes and those of a model; a pair in several counts once, with its greatest weight
 * @param atLeast the least probability
 */
export function orderedEdges(lists: readonly Edges[], atLeast: number): OrderedEdges {
  const edges = lists.length === 1 ? (lists[0] as Edges) : concatenated(lists)
  const { left, right, weight, probability, length } = edges
  const kept = Int32Array.from({ length }, (_, edge) => edge).filter((edge) => (probability[edge] as number) >= atLeast)
  const byPair = (one: number, other: number): number => (left[one] as number) - (left[other] as number) || (right[one] as number) - (right[other] as number)
  // Subtracting two infinite weights gives no number, so they are compared.
  const byWeight = (one: number, other: number): number => {
    const [first, second] = [weight[one] as number, weight[other] as number]
    return first === second ? byPair(one, other) : first > second ? -1 : 1
  }
  kept.sort(byWeight)
  return { ...edges, order: lists.length === 1 ? kept : firstOfEachPair(edges, kept) }
}

function concatenated(lists: readonly Edges[]): Edges {
  const length = lists.reduce((sum, list) => sum + list.length, 0)
  const into = <T extends Int32Array | Float64Array>(target: T, pick: (list: Edges) => T): T => {
    let at = 0
    for (const list of lists) {
      target.set(pick(list), at)
      at += list.length
    }
    return target
  }
  return {
    length,
    left: into(new Int32Array(length), (list) => list.left),
    right: into(new Int32Array(length), (list) => list.right),
    weight: into(new Float64Array(length), (list) => list.weight),
    probability: into(new Float64Array(length), (list) => list.probability),
  }
}

function firstOfEachPair({ left, right }: Edges, order: Int32Array): Int32Array {
  const rightsOf = new Map<number, Set<number>>()
  return order.filter((edge) => {
    const [one, other] = [left[edge] as number, right[edge] as number]
    const rights = rightsOf.get(one) ?? new Set<number>()
    if (rights.has(other)) return false
    rightsOf.set(one, rights.add(other))
    return true
  })
}
