import { queryOptions } from '@tanstack/react-query'
import { api, ask, type Entry } from '../../../api.ts'
import { cursorPages, pageSize } from '../../../pages-of.ts'
import { queryClient } from '../../../session.ts'
import type { FilterValues } from '../../../ui/record-list/columns.ts'
import { save } from '../../../ui/record-list/export.ts'
import { entryQueryOf } from './entry-query.ts'

export const auditKey = ['audit'] as const

export function auditPages(filters: FilterValues) {
  const query = entryQueryOf(filters)
  return cursorPages<Entry>([...auditKey, 'list', query], (cursor, signal) =>
    ask(() => api.GET('/v1/logs', { params: { query: { ...query, ...cursor, limit: pageSize } }, signal })),
  )
}

/** Lets go of all but the newest rows and reads these anew. */
export function readFromTop(filters: FilterValues): void {
  const { queryKey } = auditPages(filters)
  queryClient.setQueryData(auditPages(filters).queryKey, (list) =>
    list === undefined ? undefined : { pages: list.pages.slice(0, 1), pageParams: list.pageParams.slice(0, 1) },
  )
  void queryClient.invalidateQueries({ queryKey })
}

/** An entry never changes, but it has no place until a checkpoint covers it. */
export function auditEntry(entry: string) {
  return queryOptions({
    queryKey: [...auditKey, 'entry', entry],
    queryFn: ({ signal }) => ask(() => api.GET('/v1/logs/{entry}', { params: { path: { entry } }, signal })),
  })
}

/** The log by the same filters as the list, as the node exports it: in the order of the log, with the exact text that was hashed. */
export async function exportLog(format: 'csv' | 'ndjson', filters: FilterValues): Promise<void> {
  const query = { ...entryQueryOf(filters), format }
  const content = await ask(() => api.GET('/v1/logs/export', { params: { query }, parseAs: 'blob' }))
  save(`log.${format}`, format === 'csv' ? 'text/csv;charset=utf-8' : 'application/x-ndjson', content)
}

/** Names for the partners' ids, as far as the first page of them reaches. */
export const partnerNames = queryOptions({
  queryKey: [...auditKey, 'partners'],
  async queryFn({ signal }) {
    const { data } = await ask(() => api.GET('/v1/partners', { params: { query: { limit: pageSize } }, signal }))
    return new Map(data.map(({ id, name }) => [id, name]))
  },
})

export const purposeTerms = queryOptions({
  queryKey: [...auditKey, 'purposes'],
  queryFn: ({ signal }) => ask(() => api.GET('/v1/purposes', { signal })),
})
