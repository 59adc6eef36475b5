/** What the measures have in common that price cells: one number for each attribute, put together by weight. */
import type { Aggregate, CellCosts, QualityMeasure, QualityTable } from './quality.ts'

/**
 * Puts the attributes' losses (0 to 1) together: `geometric` is the product over all m attributes of (1 + weight x loss)^(1/m),
 * less 1; `arithmetic` the sum of weight x loss, divided by m.
 */
export function aggregateLosses(aggregate: Aggregate, losses: ArrayLike<number>, weights: readonly number[]): number {
  const count = weights.length
  let combined = aggregate === 'geometric' ? 1 : 0
  for (let a = 0; a < count; a++) {
    const weighted = (weights[a] as number) * (losses[a] as number)
    combined = aggregate === 'geometric' ? combined * (1 + weighted) : combined + weighted
  }
  return aggregate === 'geometric' ? combined ** (1 / count) - 1 : combined / count
}

/** A measure whose value is an aggregate of one loss for each attribute, each of which grows with the attribute's cell costs. */
export function cellMeasure(table: QualityTable, cells: readonly CellCosts[], lossOf: (attribute: number, cost: number) => number): QualityMeasure {
  const weights = table.attributes.map((attribute) => attribute.weight)
  const losses = new Float64Array(weights.length)
  const combined = ({ cells: costs }: { readonly cells: Float64Array }) => {
    for (let a = 0; a < losses.length; a++) losses[a] = lossOf(a, costs[a] as number)
    return aggregateLosses(table.aggregate, losses, weights)
  }
  return { cells, valueOf: combined, lowerBound: combined }
}
