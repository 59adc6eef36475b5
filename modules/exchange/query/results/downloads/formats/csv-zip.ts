/**
 * CSV has no place for metadata: a comment line is a row to most readers (RFC 4180 knows none), and a second download is one that gets
 * lost. So a zip holds the file and, beside it under the name that CSV on the Web looks for (W3C, Model for Tabular Data, section 5),
 * what it says of itself.
 */
import { Readable } from 'node:stream'
import type { Field, FieldType } from '@gatehouse/tabular/field'
import { ZipFile } from 'yazl'
import type { FileMetadata } from '../metadata.ts'

const datatypes: Readonly<Record<FieldType, string>> = {
  string: 'string',
  integer: 'integer',
  number: 'double',
  boolean: 'boolean',
  date: 'date',
  instant: 'dateTimeStamp',
}

/** CSV on the Web, with what is Gatehouse's own under a name of its own. */
export function csvw(file: string, fields: readonly Field[], metadata: FileMetadata): object {
  return {
    '@context': ['http://www.w3.org/ns/csvw', { gatehouse: 'urn:gatehouse:' }],
    url: file,
    'dc:title': metadata.title,
    'dc:identifier': metadata.result,
    dialect: { delimiter: ',', header: true, encoding: 'utf-8' },
    tableSchema: { columns: fields.map(({ name, type }) => ({ name, titles: name, datatype: datatypes[type], null: '' })) },
    /** A cell that a spreadsheet would run as a formula has an apostrophe in front. */
    'gatehouse:formulaGuard': true,
    'gatehouse:result': metadata,
  }
}

export async function* csvZip(
  name: string,
  fields: readonly Field[],
  csv: AsyncIterable<string>,
  metadata: FileMetadata,
  at: Date,
): AsyncGenerator<Uint8Array, void, undefined> {
  const zip = new ZipFile()
  const rows = Readable.from(csv)
  const output = zip.outputStream as Readable
  // A reader of the zip would wait for ever for what its writer could not read.
  rows.once('error', (error) => output.destroy(error))
  zip.addBuffer(Buffer.from(JSON.stringify(csvw(`${name}.csv`, fields, metadata), null, 2)), `${name}.csv-metadata.json`, { mtime: at })
  zip.addReadStream(rows, `${name}.csv`, { mtime: at })
  zip.end()
  try {
    yield* output
  } finally {
    rows.destroy()
  }
}
