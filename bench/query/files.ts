/** Invented people as files to upload. */
import { parquetWriteBuffer } from 'hyparquet-writer'

export const countedRows = 10_000_000
const towns = ['York', 'Leeds', 'Hull', 'Ripon', 'Selby', 'Whitby', 'Skipton', 'Malton'] as const
const pieceLength = 1_048_576

export function countedParquet(): readonly Uint8Array[] {
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
  return Array.from({ length: Math.ceil(file.length / pieceLength) }, (_, piece) => file.subarray(piece * pieceLength, (piece + 1) * pieceLength))
}

export const csvRows = 1_000_000

/** Six columns, made before it is sent, so that making it takes no part in what is measured. */
export function peopleCsv(): readonly Uint8Array[] {
  const pieces: Uint8Array[] = []
  let text = 'patient,name,born,town,weight,member\n'
  for (let row = 0; row < csvRows; row++) {
    const born = new Date(Date.UTC(1930, 0, 1) + ((row * 31) % 33_000) * 86_400_000).toISOString().slice(0, 10)
    text += `${row},Person ${(row * 7_919) % 100_000},${born},${towns[(row * 7) % 8]},${45 + ((row * 17) % 800) / 10},${row % 2 === 0}\n`
    if (text.length < pieceLength) continue
    pieces.push(Buffer.from(text))
    text = ''
  }
  return [...pieces, Buffer.from(text)]
}
