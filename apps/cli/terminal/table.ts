import { printable } from './style.ts'

const cellWidthMax = 60

/** Columns side by side, as wide as their widest cell; the last one may run on. */
export function tableLines(headings: readonly string[], rows: readonly (readonly unknown[])[]): string[] {
  const cells = rows.map((row) => headings.map((_, column) => cell(row[column], column === headings.length - 1)))
  const widths = headings.map((heading, column) => Math.max(width(heading), ...cells.map((row) => width(row[column] ?? ''))))
  const line = (row: readonly string[]) =>
    row
      .map((text, column) => (column === row.length - 1 ? text : text + ' '.repeat(Math.max(0, (widths[column] ?? 0) - width(text)))))
      .join('  ')
      .trimEnd()
  return [
    line(headings),
    line(widths.map((size, column) => '─'.repeat(column === widths.length - 1 ? Math.min(size, cellWidthMax) : size))),
    ...cells.map(line),
  ]
}

function cell(value: unknown, last: boolean): string {
  const text = printable(value === null || value === undefined ? '–' : String(value))
  return last || width(text) <= cellWidthMax ? text : `${[...text].slice(0, cellWidthMax - 1).join('')}…`
}

const width = (text: string): number => [...text].length
