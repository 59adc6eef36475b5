/** A list as a file: the same rows in the same order, and the columns that are shown. */
import type { ListColumn } from './columns.ts'

/** RFC 4180. A text that a spreadsheet would take for a formula is told apart by an apostrophe. */
export function toCsv<T>(rows: readonly T[], columns: readonly ListColumn<T>[]): string {
  const lines = [columns.map(({ name }) => cell(name)), ...rows.map((row) => columns.map(({ value }) => cell(value(row))))]
  return lines.map((line) => `${line.join(',')}\r\n`).join('')
}

function cell(value: string | number | null): string {
  if (value === null) return ''
  const text = typeof value === 'string' && /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

export function toNdjson<T>(rows: readonly T[], columns: readonly ListColumn<T>[]): string {
  return rows.map((row) => `${JSON.stringify(Object.fromEntries(columns.map(({ name, value }) => [name, value(row)])))}\n`).join('')
}

/** Lets the browser keep a file that was made on the page, or read whole from the node. */
export function save(name: string, type: string, content: string | Blob): void {
  const address = URL.createObjectURL(new Blob([content], { type }))
  const link = document.createElement('a')
  link.href = address
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(address), 60_000)
}
