import { queryOptions } from '@tanstack/react-query'
import { api, ask, type Row } from '../../../api.ts'
import { cursorPages, pageSize } from '../../../pages-of.ts'
import { type FilterValues, startOfDay } from '../../../ui/record-list/columns.ts'

export type Release = Row<'/v1/releases'>

/** The first part of every key, for `useLive`. */
export const releasesKey = ['releases'] as const

export function releasePages({ state, purpose, since, until }: FilterValues) {
  const query = {
    state: state as Release['state'] | undefined,
    purpose,
    since: startOfDay(since),
    // The day itself is meant to be in.
    until: startOfDay(until, 1),
  }
  return cursorPages<Release>([...releasesKey, 'list', query], (cursor, signal) =>
    ask(() => api.GET('/v1/releases', { params: { query: { ...query, ...cursor, limit: pageSize } }, signal })),
  )
}

export function releaseQuery(release: string) {
  return queryOptions({
    queryKey: [...releasesKey, release],
    queryFn: ({ signal }) => ask(() => api.GET('/v1/releases/{release}', { params: { path: { release } }, signal })),
  })
}

export async function cancelRelease(release: string): Promise<void> {
  await ask(() => api.DELETE('/v1/releases/{release}', { params: { path: { release } } }))
}
