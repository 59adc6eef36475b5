/** Which pictures a result can be drawn as, and their numbers. */
import type { SeriesData } from '../../../ui/chart/data.ts'

export type Cell = string | number | boolean | null

export interface ResultColumn {
  readonly name: string
  readonly type: string
  readonly role: string
}

/** So many bars can be told apart. */
export const barsMax = 30

const isNumber = ({ type }: ResultColumn) => type === 'integer' || type === 'number'
const written = (cell: Cell | undefined) => (cell === null || cell === undefined || cell === '' ? '–' : String(cell))

/** What can stand below: everything by which rows can be told apart. */
export const groupings = (columns: readonly ResultColumn[]): readonly string[] =>
  columns.filter(({ role }) => role !== 'token' && role !== 'figure').map(({ name }) => name)

/** What can be drawn upwards beside the number of rows: numbers that are not coarsened to groups. */
export const measures = (columns: readonly ResultColumn[]): readonly string[] =>
  columns.filter((column) => column.role === 'figure' && isNumber(column)).map(({ name }) => name)

/**
 * Rows counted by a column, or a figure of each row where the result holds figures. Of more groups than can be told apart the largest are
 * drawn, and the rest are one.
 */
export function barsOf(
  rows: readonly Readonly<Record<string, Cell>>[],
  by: string,
  measure: string | undefined,
  words: { readonly count: string; readonly others: string },
): SeriesData {
  const sums = new Map<string, number>()
  for (const row of rows) {
    const value = measure === undefined ? 1 : row[measure]
    if (typeof value === 'number') sums.set(written(row[by]), (sums.get(written(row[by])) ?? 0) + value)
  }
  const inOrder = [...sums].sort(([a], [b]) => a.localeCompare(b, undefined, { numeric: true }))
  const largest = new Set(
    [...sums]
      .sort(([, a], [, b]) => b - a)
      .slice(0, barsMax)
      .map(([name]) => name),
  )
  const shown = inOrder.filter(([name]) => largest.has(name))
  const rest = inOrder.filter(([name]) => !largest.has(name)).reduce((sum, [, value]) => sum + value, 0)
  const all = rest === 0 ? shown : [...shown, [words.others, rest] as const]
  return { kind: 'bar', xLabel: by, x: all.map(([name]) => name), series: [{ name: measure ?? words.count, values: all.map(([, value]) => value) }] }
}
