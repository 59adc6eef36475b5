/**
 * Complementary suppression: further cells are hidden until no hidden one can be worked out from what is shown. Each step takes the
 * cells of least value that give one more way out; the result is audited with the intervals an attacker can derive.
 */
import { cheapestPath, endsFor, movement, type Network, networkOf, type Path } from './network.ts'
import { neededWidth, type Reason } from './primary.ts'
import type { Profile } from './profile.ts'
import { type ExtendedTable, isTotal } from './table.ts'

/** What everybody who can add and subtract knows about a hidden cell. */
export interface Interval {
  readonly lower: number
  /** Infinite where the totals are hidden too. */
  readonly upper: number
}

/** The narrowest interval around each hidden cell that follows from all shown cells and totals, and from no value being negative. */
export function audit(table: ExtendedTable, hidden: ReadonlySet<number>): Map<number, Interval> {
  const network = networkOf(table, (place) => hidden.has(place))
  const values = table.cells.map((cell) => cell.value)
  return new Map(
    [...hidden].map((place) => {
      const value = values[place] ?? 0
      const lower = value - movement(network, values, place, 'down').amount
      return [place, { lower, upper: value + movement(network, values, place, 'up').amount }]
    }),
  )
}

/**
 * The reasons with those of the further cells. Always succeeds: with every cell and total hidden, nothing follows any more.
 *
 * @returns a new map; the argument stays as it is
 */
export function suppressFurther(table: ExtendedTable, primary: ReadonlyMap<number, readonly Reason[]>, profile: Profile): Map<number, readonly Reason[]> {
  const reasons = new Map(primary)
  let hidden = networkOf(table, (place) => reasons.has(place))
  const everything = networkOf(table)
  // The cell that needs most comes first: what is hidden for it often serves the others.
  const inNeed = [...primary].map(([place, why]) => ({ place, width: neededWidth(table, place, why, profile) }))
  for (const { place, width } of inNeed.sort((a, b) => b.width - a.width || a.place - b.place)) {
    for (let way = cheapestWayOut(table, hidden, everything, place, width); way !== undefined; way = cheapestWayOut(table, hidden, everything, place, width)) {
      for (const { place: arc } of way.steps) if (!reasons.has(arc)) reasons.set(arc, ['secondary'])
      hidden = networkOf(table, (arc) => reasons.has(arc))
    }
  }
  return reasons
}

/**
 * Along which cells another value of this one could hide, at the least cost of cells still shown; `undefined` where its interval is
 * wide enough already. The moves that hidden cells allow are used up first, so a way on leads through at least one shown cell. There always is
 * one upwards, through the totals.
 */
function cheapestWayOut(table: ExtendedTable, hidden: Network, everything: Network, place: number, width: number): Path | undefined {
  const values = table.cells.map((cell) => cell.value)
  const down = movement(hidden, values, place, 'down')
  if (down.amount > 0 && down.amount >= width) return undefined
  const up = movement(hidden, values, place, 'up')
  if (up.amount > 0 && down.amount + up.amount >= width) return undefined

  const grandTotal = values[values.length - 1] ?? 0
  const costOf = (arc: number): number | undefined => {
    if (arc === place) return undefined
    if (hidden.has(arc)) return 0
    return (values[arc] ?? 0) + 1 + (isTotal(table, arc) ? grandTotal + 1 : 0)
  }
  const wayOn = (direction: 'up' | 'down', left: (arc: number) => number): Path | undefined =>
    cheapestPath(everything, ...endsFor(everything, place, direction), left, costOf)
  const upwards = wayOn('up', up.left)
  const downwards = down.amount < (values[place] ?? 0) ? wayOn('down', down.left) : undefined
  return downwards !== undefined && downwards.cost < (upwards?.cost ?? Number.POSITIVE_INFINITY) ? downwards : upwards
}
