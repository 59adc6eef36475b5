import { type Column, type DictionaryColumn, missingCode } from '@gatehouse/tabular/dataset'
import { z } from 'zod'
import { HierarchyError } from '../hierarchy/error.ts'
import type { Hierarchy } from '../hierarchy/hierarchy.ts'
import { hierarchyFor, hierarchySchema } from '../hierarchy/spec.ts'
import { type Operator, OperatorError, recoding } from './operator.ts'
import { columnNamed, withColumns } from './table.ts'

const schema = z.strictObject({ operator: z.literal('generalisation'), hierarchy: hierarchySchema, level: z.int().min(1).max(64) })

/** A fixed level for a whole column. Quasi-identifiers that a search is to generalise get a hierarchy and no operator. */
export const generalisation: Operator<z.infer<typeof schema>> = {
  kind: 'generalisation',
  title: 'Replaces values by the group they belong to',
  schema,
  takes: 'column',
  disclosure: recoding('Values are true and coarser. A group that few people belong to still points at them.'),
  apply(table, columns, { hierarchy: spec, level }) {
    return withColumns(
      table,
      columns.map((name) => {
        const column = columnNamed('generalisation', table, name)
        const hierarchy = hierarchyFor(column, spec)
        if (level >= hierarchy.levels.length) {
          throw new OperatorError(
            'bad_parameter',
            'generalisation',
            `level ${level} is asked for and the hierarchy ends at level ${hierarchy.levels.length - 1}`,
            name,
          )
        }
        return generalised(column, hierarchy, level)
      }),
    )
  },
}

/** @throws HierarchyError `uncovered_value` for a value that the hierarchy does not know */
function generalised(column: Column, hierarchy: Hierarchy, level: number): DictionaryColumn {
  const leafOf = new Map(hierarchy.values.map((value, leaf) => [value, leaf]))
  const { labels, map } = hierarchy.levels[level] ?? { labels: [], map: new Int32Array() }
  const groupOf = (value: string): number => {
    const leaf = leafOf.get(value)
    if (leaf !== undefined) return labels[map[leaf] ?? -1] === '' ? missingCode : (map[leaf] ?? missingCode)
    if (value === '') return missingCode
    throw new HierarchyError('uncovered_value', column.field.name, `it does not cover "${value}"; add a row for it`, { value })
  }
  const field = { ...column.field, type: 'string' as const }
  if (column.kind === 'number')
    return {
      kind: 'dictionary',
      field,
      codes: Int32Array.from(column.values, (value) => groupOf(Number.isNaN(value) ? '' : String(value))),
      dictionary: labels,
    }
  // Values that no row has any more need not be covered.
  const groups = new Map<number, number>()
  const codes = column.codes.map((code) => {
    const known = groups.get(code) ?? groupOf(column.dictionary[code] ?? '')
    groups.set(code, known)
    return known
  })
  return { kind: 'dictionary', field, codes, dictionary: labels }
}
