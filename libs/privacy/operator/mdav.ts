/**
 * Maximum distance to average vector: groups of at least k points that lie close together (Domingo-Ferrer and Mateo-Sanz,
 * "Practical data-oriented microaggregation for statistical disclosure control", 2002; the variant that forms two groups a round).
 * Equal distances are decided by the order of the rows, so the result is always the same.
 */
import { PointTree } from './point-tree.ts'

/** @returns the group of each point, numbered from 0; every group has k to 2k - 1 points */
export function mdavGroups(points: Float64Array, dimensions: number, k: number): Int32Array {
  const count = points.length / dimensions
  const tree = new PointTree(points, dimensions)
  const sums = new Float64Array(dimensions)
  const groupOf = new Int32Array(count).fill(-1)
  let group = 0
  const point = (row: number) => points.subarray(row * dimensions, (row + 1) * dimensions)
  const centroid = () => sums.map((sum) => sum / tree.size)
  const weigh = (row: number, sign: 1 | -1) => {
    for (let dimension = 0; dimension < dimensions; dimension++)
      sums[dimension] = (sums[dimension] as number) + sign * (points[row * dimensions + dimension] as number)
  }
  const close = (rows: Iterable<number>) => {
    for (const row of rows) {
      groupOf[row] = group
      tree.remove(row)
      weigh(row, -1)
    }
    group++
  }
  const around = (centre: number): Int32Array => {
    const nearest = tree.nearest(point(centre), k)
    // Points at the same place may have pushed it out of its own group.
    if (groupOf[centre] === -1 && !nearest.includes(centre)) nearest[k - 1] = centre
    return nearest
  }
  for (let row = 0; row < count; row++) weigh(row, 1)
  while (tree.size >= 3 * k) {
    const extreme = tree.farthest(centroid())
    const opposite = tree.farthest(point(extreme))
    close(around(extreme))
    close(around(opposite))
  }
  if (tree.size >= 2 * k) close(around(tree.farthest(centroid())))
  if (tree.size > 0) close(Array.from(groupOf.keys()).filter((row) => groupOf[row] === -1))
  return groupOf
}
