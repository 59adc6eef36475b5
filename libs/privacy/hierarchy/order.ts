/** Ordered values into runs of neighbours. */
import { HierarchyError } from './error.ts'
import { type Hierarchy, tableHierarchy } from './hierarchy.ts'

export interface OrderOptions {
  /** The values in their order. */
  readonly values: readonly string[]
  /** How many groups of the level below make one: `[3, 2]` gives runs of 3 values, then of 6. A level "*" follows the last. */
  readonly fanouts: readonly number[]
}

/**
 * Runs are named by their ends, `low..high`; a run of one keeps its name, and the last run of a level may be shorter.
 *
 * @throws HierarchyError `bad_option` when a fan-out is no whole number above 1
 */
export function orderHierarchy(attribute: string, { values, fanouts }: OrderOptions): Hierarchy {
  const bad = fanouts.find((fanout) => !Number.isSafeInteger(fanout) || fanout < 2)
  if (bad !== undefined) throw new HierarchyError('bad_option', attribute, `a fan-out is a whole number above 1, not ${bad}`)
  let length = 1
  const lengths = fanouts.map((fanout) => {
    length *= fanout
    return length
  })
  const rows = values.map((value, index) => [value, ...lengths.map((run) => runName(values, Math.floor(index / run) * run, run)), '*'])
  return tableHierarchy(attribute, rows)
}

function runName(values: readonly string[], start: number, length: number): string {
  const last = Math.min(start + length, values.length) - 1
  return start === last ? (values[start] ?? '') : `${values[start] ?? ''}..${values[last] ?? ''}`
}
