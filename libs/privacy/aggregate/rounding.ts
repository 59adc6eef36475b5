import { below } from '../random/draw.ts'
import type { RandomSource } from '../random/random.ts'
import { networkOf } from './network.ts'
import type { ExtendedTable } from './table.ts'

/** The nearest multiple; half a base goes up. */
export function roundConventionally(value: number, base: number): number {
  return Math.floor(value / base + 0.5) * base
}

/**
 * The multiple below or above, so that the expectation is the value (Nargundkar, Saveland 1972). Draw each cell once and keep it: the
 * average of many draws is the value itself.
 *
 * @throws RangeError unless value and base are whole numbers, base at least 1
 */
export function roundAtRandom(value: number, base: number, random: RandomSource): number {
  checkWhole([value], base)
  const residue = value % base
  return value - residue + (residue !== 0 && below(random, base) < residue ? base : 0)
}

/**
 * All cells of a table of counts, totals included, to the multiple below or above, so that rows and columns still add up and the expectation of every
 * cell is its value (Cox 1987). Lines through cells that are no multiples close to cycles; along one, cells are moved up and down in
 * turn, as far one way or the other as the first of them to become a multiple allows.
 *
 * @throws RangeError unless all values are whole numbers and base at least 1
 */
export function roundControlled(table: ExtendedTable, base: number, random: RandomSource): number[] {
  const values = table.cells.map((cell) => cell.value)
  checkWhole(values, base)
  const network = networkOf(table)
  const loose = (place: number): boolean => (values[place] ?? 0) % base !== 0

  /** Arcs of one cycle of loose cells and whether each is passed forward. Every line with one loose cell has another. */
  function cycleFrom(start: number): { place: number; forward: boolean }[] {
    const path: { place: number; forward: boolean }[] = []
    const reachedAfter = new Map<number, number>()
    let node = network.tail[start] ?? 0
    let last = -1
    while (!reachedAfter.has(node)) {
      reachedAfter.set(node, path.length)
      const place = (network.at[node] ?? []).find((arc) => arc !== last && loose(arc)) ?? start
      const forward = network.tail[place] === node
      path.push({ place, forward })
      node = (forward ? network.head[place] : network.tail[place]) ?? 0
      last = place
    }
    return path.slice(reachedAfter.get(node))
  }

  for (let place = 0; place < values.length; place += 1) {
    while (loose(place)) {
      const cycle = cycleFrom(place)
      const residue = (arc: number): number => (values[arc] ?? 0) % base
      const onward = Math.min(...cycle.map((step) => (step.forward ? base - residue(step.place) : residue(step.place))))
      const back = Math.min(...cycle.map((step) => (step.forward ? residue(step.place) : base - residue(step.place))))
      const move = below(random, onward + back) < back ? onward : -back
      for (const step of cycle) values[step.place] = (values[step.place] ?? 0) + (step.forward ? move : -move)
    }
  }
  return values
}

function checkWhole(values: readonly number[], base: number): void {
  if (!Number.isSafeInteger(base) || base < 1) throw new RangeError(`the base is ${base}, and must be a whole number of at least 1`)
  if (!values.every(Number.isSafeInteger)) throw new RangeError('only whole numbers can be rounded at random or controlled; round sums conventionally')
}
