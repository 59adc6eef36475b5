import type { OrderedEdges } from './edges.ts'

/**
 * The links that both their records would choose: for each the best into the other's source. Without sources the best of all.
 * Raising the threshold takes away weaker links only, so what is best stays best.
 */
export function mutualBest({ left, right, order }: OrderedEdges, onePer: Int32Array | undefined): Int32Array {
  const sourceCount = 2 + (onePer ?? Int32Array.of(-1)).reduce((most, source) => Math.max(most, source), -1)
  const slot = (record: number, other: number): number => record * sourceCount + 1 + (onePer?.[other] ?? -1)
  // Edges come strongest first, so the first that a record has into a source is its best.
  const best = new Map<number, number>()
  const ends = (edge: number): [number, number] => {
    const [one, other] = [left[edge] as number, right[edge] as number]
    return [slot(one, other), slot(other, one)]
  }
  for (const edge of order) for (const end of ends(edge)) if (!best.has(end)) best.set(end, edge)
  return order.filter((edge) => ends(edge).every((end) => best.get(end) === edge))
}
