/** Rows of an export as NDJSON or CSV, one chunk per row, so that an export of any size needs the memory of one page. */
import { csvWriter } from '@gatehouse/tabular/csv-writer'

export async function* encodeRows(rows: AsyncIterable<Record<string, unknown>>, format: 'ndjson' | 'csv'): AsyncIterable<string> {
  if (format === 'ndjson') {
    for await (const row of rows) yield `${JSON.stringify(row)}\n`
    return
  }
  let names: string[] | undefined
  const writer = csvWriter()
  for await (const row of rows) {
    if (names === undefined) {
      names = Object.keys(row)
      yield writer.row(names)
    }
    yield writer.row(names.map((name) => cell(row[name])))
  }
}

function cell(value: unknown): string {
  if (value === null || value === undefined) return ''
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}
