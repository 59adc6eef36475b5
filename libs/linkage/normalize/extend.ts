/** New records behind a table's own: old records keep their numbers and old values their codes. */
import { missingCode } from '@gatehouse/tabular/dataset'
import { LinkageError } from '../model/error.ts'
import type { Form } from '../model/schema.ts'
import { type RecordColumn, type RecordTable, recordTable, type SourceData } from './table.ts'

/**
 * The new source is read as a table of its own; its few values are then looked for among the many known ones, so no index over
 * all values has to be kept or built.
 */
export function extendTable(table: RecordTable, forms: Readonly<Record<string, Form>>, source: SourceData): RecordTable {
  if (table.sources.names.includes(source.name))
    throw new LinkageError('bad_model', `there is a source ${source.name} already; give the new records a name of their own`)
  const added = recordTable(forms, [source])
  const columns = new Map<string, RecordColumn>()
  for (const [name, column] of table.columns) {
    const more = added.columns.get(name)
    if (more !== undefined) columns.set(name, joinColumns(column, more))
  }
  const rowCount = table.rowCount + added.rowCount
  return { rowCount, sources: { names: [...table.sources.names, source.name], offsets: [...table.sources.offsets, rowCount] }, columns }
}

function joinColumns(known: RecordColumn, added: RecordColumn): RecordColumn {
  const addedCode = new Map(added.values.map((value, code) => [value, code]))
  const newCode = new Int32Array(added.values.length).fill(missingCode)
  if (added.values.length > 0) {
    known.values.forEach((value, code) => {
      const found = addedCode.get(value)
      if (found !== undefined) newCode[found] = code
    })
  }
  const values = known.values.slice()
  added.values.forEach((value, code) => {
    if (newCode[code] === missingCode) newCode[code] = values.push(value) - 1
  })
  const counts = new Int32Array(values.length)
  counts.set(known.counts)
  newCode.forEach((code, index) => {
    counts[code] = (counts[code] as number) + (added.counts[index] as number)
  })
  const codes = new Int32Array(known.codes.length + added.codes.length)
  codes.set(known.codes)
  codes.set(
    added.codes.map((code) => (code === missingCode ? missingCode : (newCode[code] as number))),
    known.codes.length,
  )
  return { codes, values, counts, refused: added.refused }
}
