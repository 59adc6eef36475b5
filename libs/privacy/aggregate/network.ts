/**
 * A two-way table with totals as a network: each line is a node, each cell an arc between its row and its column, directed so that
 * the equations say "as much flows in as out" (Cox 1980; Kelly, Golden, Assad 1992). Another table fits the same totals just where the
 * difference is a circulation, so the largest and smallest value a hidden cell can have is a maximum flow, and whole for whole tables.
 */
import type { ExtendedTable } from './table.ts'

export interface Network {
  readonly nodes: number
  /** Arc `place` goes from `tail[place]` to `head[place]`; places are those of the table's cells. */
  readonly tail: Int32Array
  readonly head: Int32Array
  /** The arcs at each node, of those that may be taken. */
  readonly at: readonly (readonly number[])[]
  /** Whether the arc may be taken. */
  readonly has: (place: number) => boolean
}

/** @param has the arcs that may be taken; all of them unless given */
export function networkOf({ height, width }: ExtendedTable, has: (place: number) => boolean = () => true): Network {
  const tail = new Int32Array(height * width)
  const head = new Int32Array(height * width)
  const at: number[][] = Array.from({ length: height + width }, () => [])
  for (let place = 0; place < tail.length; place += 1) {
    const [row, column] = [Math.floor(place / width), height + (place % width)]
    // A total stands on the other side of its equation; the grand total does so twice.
    const turned = (row === height - 1) !== (column === height + width - 1)
    tail[place] = turned ? column : row
    head[place] = turned ? row : column
    if (!has(place)) continue
    at[row]?.push(place)
    at[column]?.push(place)
  }
  return { nodes: height + width, tail, head, at, has }
}

export interface Path {
  readonly cost: number
  /** Arcs in order; `forward` ones grow, the others shrink. */
  readonly steps: readonly { readonly place: number; readonly forward: boolean }[]
}

/**
 * The cheapest way from one node to another (Dijkstra 1959), an arc being taken forward, or backward where it has something to give.
 *
 * @param costOf what it costs to use the arc; `undefined` where it may not be used
 */
export function cheapestPath(
  network: Network,
  from: number,
  to: number,
  left: (place: number) => number,
  costOf: (place: number) => number | undefined,
): Path | undefined {
  const distance = new Float64Array(network.nodes).fill(Number.POSITIVE_INFINITY)
  const arrivedBy = new Int32Array(network.nodes).fill(-1)
  const settled = new Uint8Array(network.nodes)
  distance[from] = 0
  for (let node = nearest(distance, settled); node !== undefined && node !== to; node = nearest(distance, settled)) {
    settled[node] = 1
    const here = distance[node] ?? 0
    for (const place of network.at[node] ?? []) {
      const forward = network.tail[place] === node
      const next = (forward ? network.head[place] : network.tail[place]) ?? 0
      const cost = costOf(place)
      if (cost === undefined || (!forward && left(place) <= 0) || here + cost >= (distance[next] ?? 0)) continue
      distance[next] = here + cost
      arrivedBy[next] = place
    }
  }
  const cost = distance[to] ?? Number.POSITIVE_INFINITY
  if (cost === Number.POSITIVE_INFINITY) return undefined
  const steps: { place: number; forward: boolean }[] = []
  for (let node = to; node !== from; ) {
    const place = arrivedBy[node] ?? -1
    const forward = network.head[place] === node
    steps.unshift({ place, forward })
    node = (forward ? network.tail[place] : network.head[place]) ?? from
  }
  return { cost, steps }
}

function nearest(distance: Float64Array, settled: Uint8Array): number | undefined {
  let best: number | undefined
  let least = Number.POSITIVE_INFINITY
  for (let node = 0; node < distance.length; node += 1) {
    const far = distance[node] ?? least
    if (settled[node] === 0 && far < least) {
      least = far
      best = node
    }
  }
  return best
}

/** What sums of fractions may leave behind where nothing is left; counts are exact. */
const relativeError = 1e-12

/**
 * How far an arc can move in one direction while only the arcs of the network move with it (Ford, Fulkerson 1956), and what each of them
 * has left to give afterwards.
 */
export function movement(
  network: Network,
  values: readonly number[],
  place: number,
  direction: 'up' | 'down',
): { readonly amount: number; readonly left: (place: number) => number } {
  const [from, to] = endsFor(network, place, direction)
  const moved = new Map<number, number>()
  const negligible = relativeError * (values[values.length - 1] ?? 0)
  const left = (arc: number): number => {
    const rest = (values[arc] ?? 0) + (moved.get(arc) ?? 0)
    return rest > negligible ? rest : 0
  }
  // A cell cannot fall below 0, whatever the others do.
  const most = direction === 'down' ? (values[place] ?? 0) : Number.POSITIVE_INFINITY
  let amount = 0
  while (amount < most) {
    const path = cheapestPath(network, from, to, left, (arc) => (arc === place ? undefined : 1))
    if (path === undefined) break
    let step = most - amount
    for (const { place: arc, forward } of path.steps) if (!forward) step = Math.min(step, left(arc))
    amount += step
    if (step === Number.POSITIVE_INFINITY) break
    for (const { place: arc, forward } of path.steps) moved.set(arc, (moved.get(arc) ?? 0) + (forward ? step : -step))
  }
  return { amount, left }
}

/** The way the others have to move for the arc to grow or shrink. */
export function endsFor({ tail, head }: Network, place: number, direction: 'up' | 'down'): readonly [number, number] {
  const [start, end] = [tail[place] ?? 0, head[place] ?? 0]
  return direction === 'up' ? [end, start] : [start, end]
}
