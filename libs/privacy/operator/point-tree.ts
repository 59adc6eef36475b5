/**
 * Points from which the nearest and the farthest are asked and then taken away: a k-d tree (Bentley 1975) whose boxes shrink with what
 * is taken. A box is passed over when none of its points can be nearer, or farther, than what is found; as the distance to a box is
 * added up in the order of the distance to a point, rounding cannot make it wrong. Of equal distances the lowest row wins.
 */
const leafSize = 16

export class PointTree {
  /** Points left. */
  size: number
  readonly #dimensions: number
  /** The points leaf by leaf, so that a leaf is read in one run; `#rows` and `#places` lead from there to rows and back. */
  readonly #points: Float64Array
  readonly #rows: Int32Array
  readonly #places: Int32Array
  /** By node: its first point, the points left, its parent. Node n has the children 2n + 1 and 2n + 2. */
  readonly #first: Int32Array
  readonly #left: Int32Array
  readonly #leafOf: Int32Array
  readonly #firstLeaf: number
  /** By node, the lower and then the upper bounds of its box. */
  readonly #boxes: Float64Array

  constructor(points: Float64Array, dimensions: number) {
    this.size = points.length / dimensions
    this.#dimensions = dimensions
    const depth = Math.max(0, Math.ceil(Math.log2(Math.max(1, this.size) / leafSize)))
    const nodes = 2 ** (depth + 1) - 1
    this.#firstLeaf = 2 ** depth - 1
    this.#first = new Int32Array(nodes)
    this.#left = new Int32Array(nodes)
    this.#boxes = new Float64Array(nodes * dimensions * 2)
    this.#rows = Int32Array.from({ length: this.size }, (_, row) => row)
    this.#leafOf = new Int32Array(this.size)
    this.#build(points, 0, 0, this.size)
    this.#points = new Float64Array(points.length)
    this.#places = new Int32Array(this.size)
    for (const [place, row] of this.#rows.entries()) {
      this.#places[row] = place
      this.#points.set(points.subarray(row * dimensions, (row + 1) * dimensions), place * dimensions)
    }
    for (let node = nodes - 1; node >= 0; node--) this.#shrink(node)
  }

  /** The row of the point farthest from the centre. */
  farthest(centre: Float64Array): number {
    let best = -1
    let greatest = -1
    const visit = (node: number, most: number): void => {
      if (most < greatest) return
      if (node < this.#firstLeaf) {
        const [a, b] = [this.#farthestOf(2 * node + 1, centre), this.#farthestOf(2 * node + 2, centre)]
        visit(2 * node + (a >= b ? 1 : 2), Math.max(a, b))
        visit(2 * node + (a >= b ? 2 : 1), Math.min(a, b))
        return
      }
      for (let place = this.#first[node] as number, end = place + (this.#left[node] as number); place < end; place++) {
        const distance = this.#distance(place, centre)
        const row = this.#rows[place] as number
        if (distance < greatest || (distance === greatest && row > best)) continue
        greatest = distance
        best = row
      }
    }
    visit(0, this.#farthestOf(0, centre))
    return best
  }

  /** The rows of the k points nearest to the centre. */
  nearest(centre: Float64Array, k: number): Int32Array {
    const rows = new Int32Array(k)
    const distances = new Float64Array(k).fill(Number.POSITIVE_INFINITY)
    let count = 0
    const offer = (row: number, distance: number): void => {
      let at = Math.min(count, k - 1)
      if (count === k && !precedes(distance, row, distances[at] as number, rows[at] as number)) return
      if (count < k) count++
      for (; at > 0 && precedes(distance, row, distances[at - 1] as number, rows[at - 1] as number); at--) {
        rows[at] = rows[at - 1] as number
        distances[at] = distances[at - 1] as number
      }
      rows[at] = row
      distances[at] = distance
    }
    const visit = (node: number, least: number): void => {
      if (least > (distances[k - 1] as number)) return
      if (node < this.#firstLeaf) {
        const [a, b] = [this.#nearestOf(2 * node + 1, centre), this.#nearestOf(2 * node + 2, centre)]
        visit(2 * node + (a <= b ? 1 : 2), Math.min(a, b))
        visit(2 * node + (a <= b ? 2 : 1), Math.max(a, b))
        return
      }
      for (let place = this.#first[node] as number, end = place + (this.#left[node] as number); place < end; place++) {
        const distance = this.#distance(place, centre)
        if (distance <= (distances[k - 1] as number)) offer(this.#rows[place] as number, distance)
      }
    }
    visit(0, 0)
    return rows.subarray(0, count)
  }

  remove(row: number): void {
    const place = this.#places[row] as number
    const leaf = this.#leafOf[row] as number
    const last = (this.#first[leaf] as number) + (this.#left[leaf] as number) - 1
    const moved = this.#rows[last] as number
    this.#points.copyWithin(place * this.#dimensions, last * this.#dimensions, (last + 1) * this.#dimensions)
    this.#rows[place] = moved
    this.#places[moved] = place
    this.size--
    for (let node = leaf; ; node = (node - 1) >> 1) {
      this.#left[node] = (this.#left[node] as number) - 1
      this.#shrink(node)
      if (node === 0) return
    }
  }

  /** Parts the rows from `first` to `end` by the dimension in which they spread most, half to each side. */
  #build(points: Float64Array, node: number, first: number, end: number): void {
    this.#first[node] = first
    this.#left[node] = end - first
    const run = this.#rows.subarray(first, end)
    if (node >= this.#firstLeaf) {
      for (const row of run) this.#leafOf[row] = node
      return
    }
    const dimension = widest(points, this.#dimensions, run)
    run.sort((a, b) => (points[a * this.#dimensions + dimension] as number) - (points[b * this.#dimensions + dimension] as number) || a - b)
    const middle = (first + end) >> 1
    this.#build(points, 2 * node + 1, first, middle)
    this.#build(points, 2 * node + 2, middle, end)
  }

  /** Fits the box of a node to the points, or boxes, that are left in it; that of none lies inside out. */
  #shrink(node: number): void {
    const [dimensions, boxes] = [this.#dimensions, this.#boxes]
    const at = node * dimensions * 2
    boxes.fill(Number.POSITIVE_INFINITY, at, at + dimensions).fill(Number.NEGATIVE_INFINITY, at + dimensions, at + 2 * dimensions)
    const stretch = (source: Float64Array, lower: number, upper: number): void => {
      for (let d = 0; d < dimensions; d++) {
        if ((source[lower + d] as number) < (boxes[at + d] as number)) boxes[at + d] = source[lower + d] as number
        if ((source[upper + d] as number) > (boxes[at + dimensions + d] as number)) boxes[at + dimensions + d] = source[upper + d] as number
      }
    }
    if (node < this.#firstLeaf) {
      for (const child of [2 * node + 1, 2 * node + 2]) stretch(boxes, child * dimensions * 2, child * dimensions * 2 + dimensions)
      return
    }
    const first = this.#first[node] as number
    for (let place = first; place < first + (this.#left[node] as number); place++) stretch(this.#points, place * dimensions, place * dimensions)
  }

  #distance(place: number, centre: Float64Array): number {
    let sum = 0
    for (let d = 0, at = place * this.#dimensions; d < this.#dimensions; d++, at++) {
      const difference = (this.#points[at] as number) - (centre[d] as number)
      sum += difference * difference
    }
    return sum
  }

  /** The greatest squared distance that a point of the box can have; -1 for an empty box. */
  #farthestOf(node: number, centre: Float64Array): number {
    if (this.#left[node] === 0) return -1
    let sum = 0
    for (let d = 0, at = node * this.#dimensions * 2; d < this.#dimensions; d++, at++) {
      const value = centre[d] as number
      const difference = Math.max(value - (this.#boxes[at] as number), (this.#boxes[at + this.#dimensions] as number) - value)
      sum += difference * difference
    }
    return sum
  }

  /** The least squared distance that a point of the box can have; infinite for an empty box. */
  #nearestOf(node: number, centre: Float64Array): number {
    if (this.#left[node] === 0) return Number.POSITIVE_INFINITY
    let sum = 0
    for (let d = 0, at = node * this.#dimensions * 2; d < this.#dimensions; d++, at++) {
      const value = centre[d] as number
      const difference = Math.max(0, (this.#boxes[at] as number) - value, value - (this.#boxes[at + this.#dimensions] as number))
      sum += difference * difference
    }
    return sum
  }
}

function precedes(distance: number, row: number, other: number, otherRow: number): boolean {
  return distance < other || (distance === other && row < otherRow)
}

function widest(points: Float64Array, dimensions: number, rows: Int32Array): number {
  let [best, most] = [0, -1]
  for (let d = 0; d < dimensions; d++) {
    let [least, greatest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
    for (const row of rows) {
      const value = points[row * dimensions + d] as number
      if (value < least) least = value
      if (value > greatest) greatest = value
    }
    if (greatest - least > most) [best, most] = [d, greatest - least]
  }
  return best
}
