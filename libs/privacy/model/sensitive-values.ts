/** The values of a sensitive column, counted in the whole table and in each class, as models ask for them. */
import { columnOf, type Dataset, valueAt } from '@gatehouse/tabular/dataset'
import type { Hierarchy } from '../hierarchy/hierarchy.ts'
import { type Distribution, ModelError, type SensitiveAttribute } from './model.ts'

export interface SensitiveValues {
  readonly attribute: SensitiveAttribute
  distributionOf(group: number): Distribution
}

export interface SensitiveSource {
  readonly dataset: Dataset
  /** Class of each row; -1 for a suppressed one. */
  readonly classOf: Int32Array
  readonly classCount: number
  /** What a suppressed row may show instead of a value; no value of the attribute. */
  readonly marker: string
  /** The attribute's leaves in order, and their groups. */
  readonly hierarchy?: Hierarchy | undefined
  /** The table before treatment: its values are the whole that classes are compared with. */
  readonly untreated?: Dataset | undefined
}

/**
 * Counts a sensitive column. The whole is the untreated table where there is one; otherwise this table, its suppressed rows included
 * as far as they still show a value. In a released row a missing value is the value ''.
 *
 * @throws RangeError for a column that a dataset has not
 * @throws ModelError for a value that the hierarchy does not cover, or that the untreated table lacks
 */
export function sensitiveValues(name: string, { dataset, classOf, classCount, marker, hierarchy, untreated }: SensitiveSource): SensitiveValues {
  const codes = codebook(name, hierarchy)
  const whole = untreated && texts(untreated, name).map(codes.codeOf)
  if (untreated) codes.close('the untreated table lacks; give the table that this one was made from')
  const shown = texts(dataset, name).map((text, row) => (classOf[row] === -1 && (text === marker || text === '') ? -1 : codes.codeOf(text)))
  const values = codes.values()
  const everyRow = new Int32Array((whole ?? shown).length)
  const overall = tally(whole ?? shown, everyRow, 1, values.length)
  const levels = hierarchy?.levels.slice(1).map((level) => level.map)
  return {
    attribute: { name, values, overall: overall(0), ...(levels ? { levels } : {}) },
    distributionOf: tally(shown, classOf, classCount, values.length),
  }
}

function texts(dataset: Dataset, name: string): string[] {
  const column = columnOf(dataset, name)
  return Array.from({ length: dataset.rowCount }, (_, row) => String(valueAt(column, row) ?? ''))
}

/** Codes of values; a closed book takes no new ones. */
function codebook(name: string, hierarchy: Hierarchy | undefined) {
  const codes = new Map((hierarchy?.values ?? []).map((value, code) => [value, code]))
  let closed = hierarchy ? 'its hierarchy does not cover; add them to the hierarchy' : undefined
  return {
    close(why: string): void {
      closed ??= why
    },
    codeOf(value: string): number {
      const known = codes.get(value) ?? codes.size
      if (known < codes.size) return known
      if (closed !== undefined) throw new ModelError(`the table has values of ${name} that ${closed}`)
      codes.set(value, known)
      return known
    },
    values: (): string[] => [...codes.keys()],
  }
}

/** Counts by group and code, one group's after another's in the same arrays. */
function tally(codeOf: readonly number[], groupOf: Int32Array, groupCount: number, codeCount: number): (group: number) => Distribution {
  const rowsOf = Array.from({ length: groupCount }, (): number[] => [])
  for (const [row, code] of codeOf.entries()) if (code >= 0) rowsOf[groupOf[row] ?? -1]?.push(code)
  const starts = new Int32Array(groupCount + 1)
  const codes = new Int32Array(codeOf.length)
  const counts = new Int32Array(codeOf.length)
  const placeOf = new Int32Array(codeCount).fill(-1)
  let end = 0
  for (const [group, found] of rowsOf.entries()) {
    const start = end
    for (const code of found) {
      if ((placeOf[code] ?? -1) < start) {
        placeOf[code] = end
        codes[end++] = code
      }
      const place = placeOf[code] ?? start
      counts[place] = (counts[place] ?? 0) + 1
    }
    starts[group + 1] = end
  }
  return (group) => ({ codes, counts, start: starts[group] ?? 0, end: starts[group + 1] ?? 0, total: rowsOf[group]?.length ?? 0 })
}
