/**
 * How the values of an attribute may be coarsened: level 0 holds the values themselves (the leaves), every level above puts each
 * group of the level below into one larger group. All leaves are as deep as one another, and a group has exactly one parent, so
 * that going up can only merge.
 */
import { HierarchyError } from './error.ts'

export interface HierarchyLevel {
  /** The groups of this level, in order of their first leaf. */
  readonly labels: readonly string[]
  /** Leaf code to the code of its group, an index into `labels`. */
  readonly map: Int32Array
  /** How many leaves stand under each group, whether they occur in a table or not. */
  readonly leaves: Int32Array
}

export interface Hierarchy {
  readonly attribute: string
  /** The leaves' labels by leaf code; '' stands for a missing value. */
  readonly values: readonly string[]
  /** From the leaves (level 0) to the most general level. */
  readonly levels: readonly HierarchyLevel[]
}

/**
 * A hierarchy from an explicit table: one row for each leaf, from the leaf's label to its most general group. The other builders
 * end here, so that none of them can give a hierarchy that was not validated.
 *
 * @throws HierarchyError `empty`, `uneven_depth`, `duplicate_leaf`, `not_monotone`
 */
export function tableHierarchy(attribute: string, rows: readonly (readonly string[])[]): Hierarchy {
  const depth = rows[0]?.length ?? 0
  if (depth === 0) throw new HierarchyError('empty', attribute, 'it has no values; give one row for each value')
  checkDepth(attribute, rows, depth)
  const values = rows.map((row) => row[0] ?? '')
  checkDuplicates(attribute, values)
  const levels = Array.from({ length: depth }, (_, level) => levelOf(rows.map((row) => row[level] ?? '')))
  for (let level = 1; level + 1 < depth; level++) checkParents(attribute, levels, level)
  return { attribute, values, levels }
}

/** Keep the value or suppress it: what an attribute gets for which nobody drew a hierarchy. */
export function suppressionHierarchy(attribute: string, values: readonly string[]): Hierarchy {
  return tableHierarchy(
    attribute,
    values.map((value) => [value, '*']),
  )
}

/** @throws RangeError when the hierarchy has no such leaf or level */
export function labelAt(hierarchy: Hierarchy, leaf: number, level: number): string {
  const at = hierarchy.levels[level]
  const label = at?.labels[at.map[leaf] ?? -1]
  if (label === undefined) throw new RangeError(`the hierarchy of ${hierarchy.attribute} has no leaf ${leaf} at level ${level}`)
  return label
}

function levelOf(labels: readonly string[]): HierarchyLevel {
  const codes = new Map<string, number>()
  const map = Int32Array.from(labels, (label) => {
    const code = codes.get(label) ?? codes.size
    if (code === codes.size) codes.set(label, code)
    return code
  })
  const leaves = new Int32Array(codes.size)
  for (const code of map) leaves[code] = (leaves[code] ?? 0) + 1
  return { labels: [...codes.keys()], map, leaves }
}

function checkDepth(attribute: string, rows: readonly (readonly string[])[], depth: number): void {
  const uneven = rows.findIndex((row) => row.length !== depth)
  if (uneven < 0) return
  const row = rows[uneven] ?? []
  const message = `row ${uneven + 1} has ${row.length} levels and the first has ${depth}; give every value the same number of levels`
  throw new HierarchyError('uneven_depth', attribute, message, { line: uneven + 1, ...(row[0] === undefined ? {} : { value: row[0] }) })
}

function checkDuplicates(attribute: string, values: readonly string[]): void {
  const seen = new Map<string, number>()
  for (const [index, value] of values.entries()) {
    const first = seen.get(value)
    if (first !== undefined) {
      throw new HierarchyError('duplicate_leaf', attribute, `"${value}" stands in rows ${first + 1} and ${index + 1}; keep one of them`, {
        line: index + 1,
        value,
      })
    }
    seen.set(value, index)
  }
}

/** A group of one level that stands under two groups of the next would be split again by going up. */
function checkParents(attribute: string, levels: readonly HierarchyLevel[], level: number): void {
  const [below, above] = [levels[level], levels[level + 1]]
  if (!below || !above) return
  const parentOf = new Int32Array(below.labels.length).fill(-1)
  for (const [leaf, group] of below.map.entries()) {
    const parent = above.map[leaf] ?? -1
    const known = parentOf[group] ?? -1
    if (known >= 0 && known !== parent) {
      const [value, one, other] = [below.labels[group] ?? '', above.labels[known] ?? '', above.labels[parent] ?? '']
      const message = `"${value}" of level ${level} stands under "${one}" and under "${other}" of level ${level + 1}; give it one parent or two names`
      throw new HierarchyError('not_monotone', attribute, message, { level, value, parents: [one, other], line: leaf + 1 })
    }
    parentOf[group] = parent
  }
}
