/**
 * What one look at a node leaves behind: enough to tell suppressed rows and value of the node for any class size within a range,
 * any suppression limit and any weights, without looking at the data again.
 *
 * Classes fall into three groups. Those that fail a model at any size are suppressed whatever is asked. Those of at least `kMax`
 * rows are released whatever is asked. The rest is kept by size, as running sums from the smallest size up.
 */
export interface NodeFacts {
  /** Rows of classes that fail a model other than by size. */
  readonly failedRows: number
  /** By attribute, the cell costs of those rows. */
  readonly failedCells: Float64Array
  /** Classes that fail no model, of all sizes: their number and score. */
  readonly heldClasses: number
  readonly heldScore: number
  /** The sizes below `kMax` that occur among them, ascending. */
  readonly sizes: Int32Array
  /** One stretch for each of those sizes: classes, rows, score and cell costs by attribute, of all classes up to that size. */
  readonly sums: Float64Array
  /** How many of them have each size; kept only where a model looks at all classes together. */
  readonly histogram?: ReadonlyMap<number, number>
  /** Whether what is not released of the population may be absent. */
  readonly absentHolds: boolean
}

/** Before the cell costs, a stretch holds classes, rows and score. */
export const sumsHead = 3

/** What is suppressed of a node when classes below a size are. */
export interface Suppression {
  suppressedRows: number
  releasedClasses: number
  releasedScore: number
  /** By attribute, what the cells of the suppressed rows cost before they are suppressed. */
  readonly cells: Float64Array
}

/** Writes into `out`, so that asking many nodes makes no objects. */
export function suppressBelow(facts: NodeFacts, size: number, out: Suppression): void {
  const { sizes, sums, failedCells } = facts
  const width = sumsHead + failedCells.length
  const at = (lastBelow(sizes, size) - 1) * width
  const any = at >= 0
  out.suppressedRows = facts.failedRows + (any ? (sums[at + 1] as number) : 0)
  out.releasedClasses = facts.heldClasses - (any ? (sums[at] as number) : 0)
  out.releasedScore = facts.heldScore - (any ? (sums[at + 2] as number) : 0)
  for (let a = 0; a < failedCells.length; a++) out.cells[a] = (failedCells[a] as number) + (any ? (sums[at + sumsHead + a] as number) : 0)
}

/** How many of the ascending sizes are below the given one. */
function lastBelow(sizes: Int32Array, size: number): number {
  let low = 0
  let high = sizes.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((sizes[middle] as number) < size) low = middle + 1
    else high = middle
  }
  return low
}
