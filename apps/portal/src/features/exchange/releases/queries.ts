import { queryOptions } from '@tanstack/react-query'
import { api, ask, type Entry, type Row } from '../../../api.ts'
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

/** The entries about a release, oldest first: a release has a handful, and those that took its evidence. */
export function entriesQuery(release: string) {
  return queryOptions({
    queryKey: [...releasesKey, release, 'entries'],
    queryFn: async ({ signal }): Promise<readonly Entry[]> =>
      (await ask(() => api.GET('/v1/logs', { params: { query: { object_kind: 'release', object_id: release, order: 'asc', limit: 100 } }, signal }))).data,
  })
}

/** The partner with its keys, to say by which of them the receiver proved itself. */
export function receiverQuery(partner: string) {
  return queryOptions({
    queryKey: ['partners', partner, 'receiver'],
    queryFn: ({ signal }) => ask(() => api.GET('/v1/partners/{partner}', { params: { path: { partner } }, signal })),
  })
}

export type StaffRead = Awaited<ReturnType<typeof readRecord>>

/** Reads a record as a member of staff. The answer is handed to the page and to nothing that keeps. */
export function readRecord(body: { readonly user_id: string; readonly purpose: string; readonly record_type?: string }) {
  return ask(() => api.POST('/v1/records/read', { body }))
}

export const purposesQuery = queryOptions({
  queryKey: ['purposes', 'for-reading'],
  queryFn: async ({ signal }) => (await ask(() => api.GET('/v1/purposes', { signal }))).data,
})
