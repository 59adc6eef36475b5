/** Files of people's records as the sources of a linkage. */
import { basename } from 'node:path'
import type { SourceData } from '@gatehouse/linkage/normalize/table'
import { type Dataset, rowsOf } from '@gatehouse/tabular/dataset'
import type { SourceRecord } from '@gatehouse/tabular/value'
import { readTable } from './read-table.ts'
import { TableError } from './table-error.ts'

/** A column that is needed, and who needs it. */
export interface Needed {
  readonly column: string
  readonly by: string
}

/**
 * Everything is read as text: how it is to be understood is the model's to say.
 * @param needed the columns to read; all when it is absent
 * @throws TableError `missing_column` naming file, column and who needs it; whatever reading a table throws
 */
export async function readRecords(paths: readonly string[], needed: readonly Needed[] | undefined, show: boolean): Promise<SourceData[]> {
  const sources: SourceData[] = []
  for (const path of paths) {
    const data = await readTable(path, { fields: (columns) => chosen(path, columns, needed).map(textField), show })
    sources.push({ name: sourceName(path, paths), data })
  }
  return sources
}

const textField = (name: string) => ({ name, type: 'string' as const, sensitivity: 'sensitive' as const, nullable: true })

function chosen(path: string, columns: readonly string[], needed: readonly Needed[] | undefined): readonly string[] {
  for (const { column, by } of needed ?? []) {
    if (!columns.includes(column))
      throw new TableError('missing_column', path, `there is no column ${JSON.stringify(column)}, which ${by} names; the file has ${columns.join(', ')}`)
  }
  return needed === undefined ? columns : [...new Set(needed.map(({ column }) => column))]
}

/** The file's name; its path where two files have one name. */
export function sourceName(path: string, paths: readonly string[]): string {
  return paths.filter((other) => basename(other) === basename(path)).length > 1 ? path : basename(path)
}

const sampleRowsMax = 1_000

/** Evenly over the table: the first rows of a sorted file are not like the others. */
export function sampleRows(data: Dataset): SourceRecord[] {
  const step = Math.max(1, Math.floor(data.rowCount / sampleRowsMax))
  return [...rowsOf(data)].filter((_, row) => row % step === 0).slice(0, sampleRowsMax)
}

/** A column over all sources, record by record. */
export function valuesOf(sources: readonly SourceData[], column: string): (string | null)[] {
  return sources.flatMap(({ data }) => {
    const found = data.columns.find(({ field }) => field.name === column)
    if (found === undefined || found.kind === 'number') return Array.from({ length: data.rowCount }, () => null)
    return Array.from(found.codes, (code) => found.dictionary[code] ?? null)
  })
}
