/**
 * Maximum distance to average vector: groups of at least k points that lie close together (Domingo-Ferrer and Mateo-Sanz,
 * "Practical data-oriented microaggregation for statistical disclosure control", 2002; the variant that forms two groups a round).
 * Takes n²/k steps over contiguous memory; equal distances are decided by the order of the rows, so the result is always the same.
 */

/** @returns the group of each point, numbered from 0; every group has k to 2k - 1 points */
export function mdavGroups(points: Float64Array, dimensions: number, k: number): Int32Array {
  const count = points.length / dimensions
  const remaining = new Remaining(points.slice(), dimensions, count)
  const groupOf = new Int32Array(count)
  let group = 0
  const close = (rows: readonly number[]) => {
    for (const row of rows) groupOf[row] = group
    group++
  }
  while (remaining.size >= 3 * k) {
    const extreme = remaining.farthestFrom(remaining.centroid())
    const { nearest, farthest } = remaining.aroundPoint(extreme, k)
    const opposite = remaining.rowAt(farthest)
    close(remaining.take(nearest))
    close(remaining.take(remaining.aroundPoint(remaining.placeOf(opposite), k).nearest))
  }
  if (remaining.size >= 2 * k) close(remaining.take(remaining.aroundPoint(remaining.farthestFrom(remaining.centroid()), k).nearest))
  if (remaining.size > 0) close(remaining.rest())
  return groupOf
}

/** The points not yet in a group, packed at the front so that a pass reads memory in one run. */
class Remaining {
  size: number
  readonly #points: Float64Array
  readonly #dimensions: number
  readonly #rows: Int32Array
  readonly #places: Int32Array
  readonly #sums: Float64Array

  constructor(points: Float64Array, dimensions: number, count: number) {
    this.#points = points
    this.#dimensions = dimensions
    this.size = count
    this.#rows = Int32Array.from({ length: count }, (_, row) => row)
    this.#places = this.#rows.slice()
    this.#sums = new Float64Array(dimensions)
    for (let place = 0; place < count; place++) this.#addToSums(place, 1)
  }

  rowAt(place: number): number {
    return this.#rows[place] as number
  }

  placeOf(row: number): number {
    return this.#places[row] as number
  }

  centroid(): Float64Array {
    return this.#sums.map((sum) => sum / this.size)
  }

  farthestFrom(centre: Float64Array): number {
    return this.#scan(centre, 0, 0).farthest
  }

  /** The k points nearest to the one at a place, itself among them, and the farthest point of all. */
  aroundPoint(centre: number, k: number): { nearest: Int32Array; farthest: number } {
    const { nearest, farthest } = this.#scan(this.#points, centre * this.#dimensions, k)
    // Points at the same place may have pushed it out of its own group.
    if (!nearest.includes(centre)) nearest[k - 1] = centre
    return { nearest, farthest }
  }

  /** Removes the points at the places and gives their rows. The last points fill the gaps. */
  take(places: Int32Array): number[] {
    const rows = Array.from(places, (place) => this.rowAt(place))
    for (const place of places.toSorted().reverse()) {
      this.#addToSums(place, -1)
      this.size--
      const moved = this.#rows[this.size] as number
      this.#points.copyWithin(place * this.#dimensions, this.size * this.#dimensions, (this.size + 1) * this.#dimensions)
      this.#rows[place] = moved
      this.#places[moved] = place
    }
    return rows
  }

  rest(): number[] {
    return this.take(Int32Array.from({ length: this.size }, (_, place) => place))
  }

  /** One pass over all remaining points: the k nearest to the point that begins at `from` in `centre`, and the farthest. */
  #scan(centre: Float64Array, from: number, k: number): { nearest: Int32Array; farthest: number } {
    const [points, dimensions, size] = [this.#points, this.#dimensions, this.size]
    const near = new Nearest(k, this.#rows)
    let farthest = 0
    let greatest = -1
    let bound = near.bound
    for (let place = 0, at = 0; place < size; place++) {
      let distance = 0
      for (let dimension = from; dimension < from + dimensions; dimension++, at++) {
        const difference = (points[at] as number) - (centre[dimension] as number)
        distance += difference * difference
      }
      if (distance >= greatest && (distance > greatest || this.rowAt(place) < this.rowAt(farthest))) {
        greatest = distance
        farthest = place
      }
      if (distance <= bound) bound = near.offer(place, distance)
    }
    return { nearest: near.places, farthest }
  }

  #addToSums(place: number, sign: 1 | -1): void {
    for (let dimension = 0; dimension < this.#dimensions; dimension++) {
      this.#sums[dimension] = (this.#sums[dimension] as number) + sign * (this.#points[place * this.#dimensions + dimension] as number)
    }
  }
}

/** The k least distances so far, in order. */
class Nearest {
  readonly places: Int32Array
  bound: number
  readonly #distances: Float64Array
  readonly #rows: Int32Array
  #count = 0

  constructor(k: number, rows: Int32Array) {
    this.places = new Int32Array(k)
    this.#distances = new Float64Array(k)
    this.#rows = rows
    this.bound = k === 0 ? -1 : Number.POSITIVE_INFINITY
  }

  /** Takes the point in where it is near enough, and gives the distance that the next one may not exceed. */
  offer(place: number, distance: number): number {
    const [places, distances] = [this.places, this.#distances]
    const full = this.#count === places.length
    if (full && !this.#precedes(place, distance, this.#count - 1)) return this.bound
    let at = full ? this.#count - 1 : this.#count++
    while (at > 0 && this.#precedes(place, distance, at - 1)) {
      places[at] = places[at - 1] as number
      distances[at] = distances[at - 1] as number
      at--
    }
    places[at] = place
    distances[at] = distance
    if (this.#count === places.length) this.bound = distances[places.length - 1] as number
    return this.bound
  }

  #precedes(place: number, distance: number, at: number): boolean {
    const other = this.#distances[at] as number
    return distance < other || (distance === other && (this.#rows[place] as number) < (this.#rows[this.places[at] as number] as number))
  }
}
