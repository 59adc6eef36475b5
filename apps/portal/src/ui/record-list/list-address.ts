/** What of a list stands in the address: filters, columns and sorting. A search does not, for people type names into it. */
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useMemo } from 'react'
import type { Sorting } from './arrange.ts'
import type { FilterValues, ListFilter } from './columns.ts'

export interface ListAddress {
  readonly filters: FilterValues
  /** Names of the columns shown, or `undefined` for those that the page shows of itself. */
  readonly columns: readonly string[] | undefined
  readonly sorting: Sorting | undefined
}

type Query = Readonly<Record<string, string | undefined>>

export function readAddress(query: Query, filters: readonly ListFilter[]): ListAddress {
  const { columns, sort } = query
  return {
    filters: Object.fromEntries(
      filters.flatMap(({ name }) => {
        const value = query[name]
        return value === undefined || value === '' ? [] : [[name, value]]
      }),
    ),
    columns: columns === undefined || columns === '' ? undefined : columns.split(','),
    sorting: sort === undefined || sort === '' ? undefined : { column: sort.replace(/^-/, ''), descending: sort.startsWith('-') },
  }
}

/** The part of a query that belongs to the list, as a saved view keeps it. */
export function viewOf(query: Query, filters: readonly ListFilter[]): string {
  const own = [...filters.map(({ name }) => name), 'columns', 'sort']
  const given = own.flatMap((name): [string, string][] => {
    const value = query[name]
    return value === undefined || value === '' ? [] : [[name, value]]
  })
  return new URLSearchParams(given).toString()
}

export function useListAddress(filters: readonly ListFilter[]) {
  const query = useSearch({ strict: false }) as Query
  const navigate = useNavigate()
  const address = useMemo(() => readAddress(query, filters), [query, filters])
  const change = (part: Query) => void navigate({ to: '.', search: (before: Query) => ({ ...before, ...part }), replace: true })
  return {
    ...address,
    view: viewOf(query, filters),
    setFilter: (name: string, value: string | null) => change({ [name]: value ?? undefined }),
    clearFilters: () => change(Object.fromEntries(filters.map(({ name }) => [name, undefined]))),
    setColumns: (names: readonly string[] | undefined) => change({ columns: names?.join(',') }),
    setSorting: (sorting: Sorting | undefined) => change({ sort: sorting === undefined ? undefined : `${sorting.descending ? '-' : ''}${sorting.column}` }),
    open: (view: string) => void navigate({ to: '.', search: Object.fromEntries(new URLSearchParams(view)) }),
  }
}
