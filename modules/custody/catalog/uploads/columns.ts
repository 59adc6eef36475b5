/** What the columns of a file are: proposed from its rows, unless an earlier version of the table has said so and it still fits. */

import { datasetFrom } from '@gatehouse/tabular/dataset'
import type { FieldType } from '@gatehouse/tabular/field'
import { proposeFields } from '@gatehouse/tabular/propose'
import { proposeRoles } from '@gatehouse/tabular/roles'
import { parseValue, type SourceRecord } from '@gatehouse/tabular/value'
import type { DiscoveredColumn } from '../connectors/connector.ts'
import type { CatalogColumn } from '../schema.ts'
import type { TableRow } from '../store.ts'
import { type Merged, merge, type Proposed } from '../tables/merge.ts'
import type { Surveyed } from './survey.ts'

/** A type that was agreed on stays while no more than this share of the values needs another: those rows are refused. */
const misfitsMax = 0.05

export function fileColumns(before: Pick<TableRow, 'columns' | 'key' | 'gone'> | undefined, { columns, sample }: Surveyed): Merged {
  const seen = new Set(sample.flatMap(Object.keys))
  // Columns that no row of the sample has are columns all the same.
  const unseen = columns.filter((column) => !seen.has(column))
  const rest: SourceRecord[] = unseen.length === 0 ? [] : [Object.fromEntries(unseen.map((column) => [column, null]))]
  const { fields, subject } = proposeFields([...sample, ...rest])
  const proposals = new Map(fields.map((field) => [field.column, field]))
  const roles = new Map(standOut(columns, sample).map((role) => [role.column, role]))
  const known = new Map(before?.columns.map((column) => [column.column, column]))
  const proposed = new Map<string, Proposed>()
  const found = columns.map((column): DiscoveredColumn => {
    const proposal = proposals.get(column)
    const { semantic, sensitivity = 'sensitive', reason = 'the column has no value' } = roles.get(column) ?? proposal ?? {}
    proposed.set(column, {
      ...(semantic === undefined ? {} : { semantic }),
      sensitivity,
      subject: subject?.column === column,
      ...(proposal?.date_order === undefined ? {} : { date_order: proposal.date_order }),
      reason,
    })
    const type = agreedType(known.get(column), column, sample) ?? proposal?.type ?? 'string'
    return { column, physical: type, field: { name: column, type, sensitivity, nullable: proposal?.nullable ?? true } }
  })
  return merge(before, { name: '', columns: found, key: [], references: [], rows: undefined }, proposed)
}

function agreedType(column: CatalogColumn | undefined, name: string, sample: readonly SourceRecord[]): FieldType | undefined {
  if (column === undefined) return undefined
  const misfits = sample.reduce((count, record) => count + (parseValue(record[name] ?? null, column.type, column.date_order).ok ? 0 : 1), 0)
  return misfits <= sample.length * misfitsMax ? column.type : undefined
}

/** Near-uniqueness makes an identifier of what no heading calls one; as text, whatever the column's type will be. */
function standOut(columns: readonly string[], sample: readonly SourceRecord[]) {
  const fields = columns.map((name) => ({ name, type: 'string', sensitivity: 'sensitive', nullable: true }) as const)
  return proposeRoles(
    datasetFrom(
      fields,
      sample.map((record) => Object.fromEntries(columns.map((column) => [column, record[column] == null ? null : String(record[column])]))),
    ),
  )
}
