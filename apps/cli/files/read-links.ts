/** Links as `gatehouse link` writes them, read again. */
import type { Scored } from '@gatehouse/linkage/evaluate/measures'
import type { Sources } from '@gatehouse/linkage/model/link'
import { type Dataset, rowsOf } from '@gatehouse/tabular/dataset'
import { readTable } from './read-table.ts'
import { TableError } from './table-error.ts'

const places = ['left_source', 'left_row', 'right_source', 'right_row'] as const
type Place = readonly [source: string, row: string]

/** @param numbering the sources, or how else records are numbered */
export async function readLinks(path: string, numbering: Sources | ((source: string, row: string) => number), show: boolean): Promise<Scored> {
  const table = await readColumns(path, [...places, 'weight', 'probability'], show)
  const numberOf = typeof numbering === 'function' ? numbering : (source: string, row: string): number => recordNumber(numbering, source, row)
  const [left, right] = [new Int32Array(table.rowCount), new Int32Array(table.rowCount)]
  const [weight, probability] = [new Float64Array(table.rowCount), new Float64Array(table.rowCount)]
  let index = 0
  for (const row of rowsOf(table)) {
    const fail = (message: string): never => {
      throw new TableError('bad_value', path, message, index + 2)
    }
    const ends = placesOf(row).map(([source, at]) => {
      const record = numberOf(source, at)
      return record < 0 ? fail('the link names a source or a row that the records do not have; give the files that were linked, in any order') : record
    })
    const figures = [row.weight, row.probability].map((value) =>
      value === null || Number.isNaN(Number(value)) ? fail('weight and probability are numbers') : Number(value),
    )
    left[index] = Math.min(...ends)
    right[index] = Math.max(...ends)
    weight[index] = figures[0] ?? 0
    probability[index] = figures[1] ?? 0
    index++
  }
  return { length: table.rowCount, left, right, weight, probability }
}

const verdicts = new Map([
  ...['1', 'true', 'yes', 'y'].map((text) => [text, true] as const),
  ...['0', 'false', 'no', 'n'].map((text) => [text, false] as const),
])

/** Rows whose `match` is empty are not judged yet and are left out. */
export async function readPairs(path: string, show: boolean): Promise<{ left: Place; right: Place; match: boolean }[]> {
  const table = await readColumns(path, [...places, 'match'], show)
  return [...rowsOf(table)].flatMap((row, index) => {
    if (row.match === null || row.match === undefined) return []
    const match = verdicts.get(String(row.match).trim().toLowerCase())
    if (match === undefined) throw new TableError('bad_value', path, 'match is 1 or 0, yes or no, true or false, or empty where nobody has judged', index + 2)
    const [left = ['', ''] as const, right = ['', ''] as const] = placesOf(row)
    return [{ left, right, match }]
  })
}

function placesOf(row: Readonly<Record<string, unknown>>): Place[] {
  return [
    [String(row.left_source), String(row.left_row)],
    [String(row.right_source), String(row.right_row)],
  ]
}

/** @returns -1 where there is no such record */
function recordNumber({ names, offsets }: Sources, source: string, row: string): number {
  const index = names.indexOf(source)
  const number = Number(row)
  if (index < 0 || !Number.isInteger(number) || number < 1) return -1
  const record = (offsets[index] ?? 0) + number - 1
  return record < (offsets[index + 1] ?? 0) ? record : -1
}

async function readColumns(path: string, wanted: readonly string[], show: boolean): Promise<Dataset> {
  return readTable(path, {
    fields: (columns) => {
      const missing = wanted.filter((column) => !columns.includes(column))
      if (missing.length > 0)
        throw new TableError('missing_column', path, `there is no column ${missing.join(', ')}; links are written by "gatehouse link" and "gatehouse dedupe"`)
      return wanted.map((name) => ({ name, type: 'string' as const, sensitivity: 'sensitive' as const, nullable: true }))
    },
    show,
  })
}
