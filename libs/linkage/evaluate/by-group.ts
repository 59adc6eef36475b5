/** Whether linkage serves some people worse than others: the measures for each group, with how sure they are. */
import { type Measures, measures, type Scored } from './measures.ts'
import type { Truth } from './truth.ts'

export interface Interval {
  readonly low: number
  readonly high: number
}

export interface GroupMeasures extends Measures {
  readonly group: string
  readonly precisionInterval: Interval
  readonly recallInterval: Interval
}

/** Below this many true pairs a group's figures tell more of chance, and of single people, than of the linkage. */
export const groupPairsMin = 20

/**
 * A pair belongs to each group that one of its records is in, so a record with a missing or wrong value still counts.
 * @param groups per record the index into `names`; -1 where unknown
 * @returns groups by name; those with fewer true pairs than `groupPairsMin` are left out
 */
export function measureByGroup(links: Scored, truth: Truth, groups: Int32Array, names: readonly string[], atLeast = 0): GroupMeasures[] {
  const [linked, wrong, matches] = [new Float64Array(names.length), new Float64Array(names.length), new Float64Array(names.length)]
  const tally = (into: Float64Array, left: number, right: number): void => {
    for (const group of new Set([groups[left] ?? -1, groups[right] ?? -1])) if (group >= 0) into[group] = (into[group] as number) + 1
  }
  for (let index = 0; index < links.length; index++) {
    if ((links.probability[index] as number) < atLeast) continue
    const [left, right] = [links.left[index] as number, links.right[index] as number]
    const match = truth.isMatch(left, right)
    if (match !== undefined) tally(match ? linked : wrong, left, right)
  }
  for (const [left, right] of truth.pairs()) tally(matches, left, right)
  return names
    .flatMap((group, index) => {
      const [right, false_, all] = [linked[index] as number, wrong[index] as number, matches[index] as number]
      if (all < groupPairsMin) return []
      return [{ group, ...measures(right, false_, all - right), precisionInterval: wilson(right, right + false_), recallInterval: wilson(right, all) }]
    })
    .sort((one, other) => (one.group < other.group ? -1 : 1))
}

/** The interval in which the true share lies with a chance of 95 % (Wilson 1927). */
export function wilson(part: number, whole: number): Interval {
  if (whole === 0) return { low: 0, high: 1 }
  const z = 1.959964
  const share = part / whole
  const middle = (share + z ** 2 / (2 * whole)) / (1 + z ** 2 / whole)
  const reach = (z / (1 + z ** 2 / whole)) * Math.sqrt((share * (1 - share)) / whole + z ** 2 / (4 * whole ** 2))
  return { low: Math.max(0, middle - reach), high: Math.min(1, middle + reach) }
}
