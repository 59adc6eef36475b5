/** Ten million invented people as a Parquet file. */
import { parquetWriteBuffer } from 'hyparquet-writer'

export const countedRows = 10_000_000
const towns = ['York', 'Leeds', 'Hull', 'Ripon', 'Selby', 'Whitby', 'Skipton', 'Malton'] as const
const pieceLength = 1_048_576

export async function* countedParquet(): AsyncGenerator<Uint8Array, void, undefined> {
  const numbers = (of: (row: number) => number) => Int32Array.from({ length: countedRows }, (_, row) => of(row))
  const file = new Uint8Array(
    parquetWriteBuffer({
      columnData: [
        { name: 'patient', data: numbers((row) => row), type: 'INT32' },
        { name: 'age', data: numbers((row) => (row * 31) % 97), type: 'INT32' },
        { name: 'town', data: Array.from({ length: countedRows }, (_, row) => towns[(row * 7) % 8] ?? ''), type: 'STRING' },
        { name: 'score', data: Float64Array.from({ length: countedRows }, (_, row) => ((row * 13) % 1_001) / 10), type: 'DOUBLE' },
      ],
      rowGroupSize: 200_000,
    }),
  )
  for (let at = 0; at < file.length; at += pieceLength) yield file.subarray(at, at + pieceLength)
}
