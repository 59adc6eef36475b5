/** CSV, JSON and NDJSON as they leave: pieces of a chunk's rows, so that a file of any size needs the memory of one chunk. */
import { type Dataset, valueAt } from '@gatehouse/tabular/dataset'
import { recordWriter } from '@gatehouse/tabular/writer'
import type { FileMetadata } from '../metadata.ts'

const rowsPerPiece = 2_000

export async function* csvText(columns: readonly string[], chunks: AsyncIterable<Dataset>): AsyncGenerator<string, void, undefined> {
  yield* records('csv', columns, chunks)
}

/** The metadata first: whoever reads as a stream knows what comes before it comes. */
export async function* jsonText(columns: readonly string[], chunks: AsyncIterable<Dataset>, metadata: FileMetadata): AsyncGenerator<string, void, undefined> {
  yield `{"metadata":${JSON.stringify(metadata)},\n"data":`
  yield* records('json', columns, chunks)
  yield '}\n'
}

export async function* ndjsonText(columns: readonly string[], chunks: AsyncIterable<Dataset>, metadata: FileMetadata): AsyncGenerator<string, void, undefined> {
  yield `${JSON.stringify({ metadata })}\n`
  yield* records('ndjson', columns, chunks)
}

async function* records(
  format: 'csv' | 'json' | 'ndjson',
  columns: readonly string[],
  chunks: AsyncIterable<Dataset>,
): AsyncGenerator<string, void, undefined> {
  const writer = recordWriter(format, columns)
  yield writer.begin()
  for await (const { rowCount, columns: values } of chunks) {
    for (let from = 0; from < rowCount; from += rowsPerPiece) {
      let piece = ''
      for (let row = from; row < Math.min(rowCount, from + rowsPerPiece); row++) piece += writer.row(values.map((column) => valueAt(column, row)))
      yield piece
    }
  }
  yield writer.end()
}
