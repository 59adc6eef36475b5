/**
 * The earth mover's distance by moving earth, unit heap by unit heap, to hold the closed forms against. On a line the first surplus
 * goes to the first need; in a tree whose leaves are equally deep the nearest go first. Both plans are known to be cheapest.
 */
interface Move {
  readonly from: number
  readonly to: number
  readonly cost: number
}

/** @param cost of a unit between two leaves: whole, and the height of their lowest common ancestor */
export function moveInTree(supply: readonly number[], demand: readonly number[], cost: (from: number, to: number) => number): number {
  return cheapest(
    supply,
    demand,
    allMoves(supply.length, cost).sort((a, b) => a.cost - b.cost),
  )
}

/** A unit costs as much as it moves places. */
export function moveOnLine(supply: readonly number[], demand: readonly number[]): number {
  return cheapest(
    supply,
    demand,
    allMoves(supply.length, (from, to) => Math.abs(from - to)),
  )
}

/** Carries out as much of each move as is there and needed, in the given order. */
function cheapest(supply: readonly number[], demand: readonly number[], moves: readonly Move[]): number {
  const left = [...supply]
  const wanted = [...demand]
  let total = 0
  for (const { from, to, cost } of moves) {
    const amount = Math.min(left[from] ?? 0, wanted[to] ?? 0)
    left[from] = (left[from] ?? 0) - amount
    wanted[to] = (wanted[to] ?? 0) - amount
    total += amount * cost
  }
  return total
}

/** From the first place to the first, to the second, ...; then from the second. */
function allMoves(places: number, cost: (from: number, to: number) => number): Move[] {
  return Array.from({ length: places * places }, (_, index) => {
    const [from, to] = [Math.floor(index / places), index % places]
    return { from, to, cost: cost(from, to) }
  })
}
