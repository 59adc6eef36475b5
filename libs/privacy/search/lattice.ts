/**
 * The generalisation lattice: a node is one level for each attribute, in the order of the attributes. Nodes are numbered by mixed
 * radix, the last attribute fastest, so that the order of numbers is the lexicographic order of nodes.
 */
export type Levels = readonly number[]

export interface Lattice {
  /** Number of levels of each attribute. */
  readonly heights: readonly number[]
  /** What one level more of an attribute adds to a node's number. */
  readonly strides: readonly number[]
  /** Number of nodes; may be beyond 2^53 and then is an estimate. */
  readonly size: number
  /** Level sum of the most general node. */
  readonly height: number
}

export function latticeOf(heights: readonly number[]): Lattice {
  const strides = new Array<number>(heights.length).fill(1)
  let size = 1
  for (let a = heights.length - 1; a >= 0; a--) {
    strides[a] = size
    size *= heights[a] ?? 1
  }
  return { heights, strides, size, height: heights.reduce((sum, levels) => sum + levels - 1, 0) }
}

export function numberOf(lattice: Lattice, levels: Levels): number {
  return levels.reduce((number, level, a) => number + level * (lattice.strides[a] ?? 0), 0)
}

export function levelsOf(lattice: Lattice, node: number): number[] {
  return lattice.heights.map((height, a) => Math.floor(node / (lattice.strides[a] ?? 1)) % height)
}

export function levelSum(levels: Levels): number {
  return levels.reduce((sum, level) => sum + level, 0)
}

export function isAtOrAbove(upper: Levels, lower: Levels): boolean {
  for (let a = 0; a < upper.length; a++) if ((upper[a] as number) < (lower[a] as number)) return false
  return true
}
