/** Small tables for the tests of operators. */
import { columnOf, type Dataset, datasetFrom, rowsOf } from '@gatehouse/tabular/dataset'
import type { FieldType } from '@gatehouse/tabular/field'
import type { SourceValue } from '@gatehouse/tabular/value'

/** Numbers make an `integer` column unless `types` says otherwise; everything else is text. */
export function table(columns: Readonly<Record<string, readonly SourceValue[]>>, types: Readonly<Record<string, FieldType>> = {}): Dataset {
  const names = Object.keys(columns)
  const typeOf = (name: string): FieldType => types[name] ?? (columns[name]?.some((value) => typeof value === 'number') ? 'integer' : 'string')
  const fields = names.map((name) => ({ name, type: typeOf(name), sensitivity: 'plain' as const, nullable: true }))
  const rows = columns[names[0] ?? '']?.map((_, row) => Object.fromEntries(names.map((name) => [name, columns[name]?.[row] ?? null]))) ?? []
  return datasetFrom(fields, rows)
}

export function valuesOf(dataset: Dataset, name: string): SourceValue[] {
  columnOf(dataset, name)
  return [...rowsOf(dataset)].map((row) => row[name] ?? null)
}
