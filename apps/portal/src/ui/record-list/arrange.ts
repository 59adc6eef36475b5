/** What a list shows of what it was given. The screen and the export use the same, so they agree. */
import type { FilterValues, ListColumn, Value } from './columns.ts'

export interface Sorting {
  readonly column: string
  readonly descending: boolean
}

export interface Arrangement {
  readonly filters?: FilterValues
  readonly search?: string
  readonly sorting?: Sorting | undefined
}

/** @param filtered whether the rows came filtered from the node, so that only search and sorting are left to do */
export function arrange<T>(
  rows: readonly T[],
  columns: readonly ListColumn<T>[],
  { filters = {}, search = '', sorting }: Arrangement,
  filtered = false,
): readonly T[] {
  const tests = filtered ? [] : testsOf(columns, filters)
  const words = search.toLocaleLowerCase().split(/\s+/).filter(Boolean)
  const kept =
    tests.length === 0 && words.length === 0
      ? rows
      : rows.filter((row) => tests.every((test) => test(row)) && (words.length === 0 || holds(textOf(row, columns), words)))
  const by = columns.find(({ name }) => name === sorting?.column)
  if (by === undefined || sorting === undefined) return kept
  return kept
    .map((row) => ({ row, value: by.value(row) }))
    .sort((a, b) => compare(a.value, b.value, sorting.descending))
    .map(({ row }) => row)
}

/** A filter without a column of its name cannot be answered from the rows, and lets everything through. */
function testsOf<T>(columns: readonly ListColumn<T>[], filters: FilterValues): ((row: T) => boolean)[] {
  return columns.flatMap(({ name, value }) => {
    const wanted = filters[name]
    return wanted === undefined ? [] : [(row: T) => String(value(row) ?? '') === wanted]
  })
}

function textOf<T>(row: T, columns: readonly ListColumn<T>[]): string {
  return columns
    .map(({ value }) => value(row) ?? '')
    .join('\n')
    .toLocaleLowerCase()
}

const holds = (text: string, words: readonly string[]): boolean => words.every((word) => text.includes(word))

const collator = new Intl.Collator(undefined, { numeric: true })

/** What is missing stands last, whichever way the list is turned. */
export function compare(a: Value, b: Value, descending: boolean): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null)
  const order = typeof a === 'number' && typeof b === 'number' ? a - b : collator.compare(String(a), String(b))
  return descending ? -order : order
}
