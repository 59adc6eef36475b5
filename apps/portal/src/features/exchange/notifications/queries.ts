import { queryOptions } from '@tanstack/react-query'
import { type Answer, api, ask, type Row } from '../../../api.ts'
import { cursorPages, pageSize } from '../../../pages-of.ts'
import { queryClient } from '../../../session.ts'
import type { FilterValues } from '../../../ui/record-list/columns.ts'

export type Notification = Row<'/v1/me/notifications'>
export type Preference = Row<'/v1/me/notifications/preferences'>

export const notificationsKey = ['notifications'] as const
/** Written when people were told, and when somebody has looked. */
export const notificationNews = ['notifications.*']
/** For those who follow no ledger: how often the bell looks. */
export const lookMs = 30_000

export const unreadQuery = queryOptions({
  queryKey: [...notificationsKey, 'unread'],
  queryFn: async ({ signal }) =>
    (await ask<Answer<'/v1/me/notifications'>>(() => api.GET('/v1/me/notifications', { params: { query: { limit: 1 } }, signal }))).unread,
})

export const inboxPages = ({ show }: FilterValues) =>
  cursorPages<Notification>([...notificationsKey, 'list', show], (cursor, signal) =>
    ask(() => api.GET('/v1/me/notifications', { params: { query: { ...cursor, limit: pageSize, ...(show === 'unread' ? { show } : {}) } }, signal })),
  )

export const preferencesQuery = queryOptions({
  queryKey: [...notificationsKey, 'preferences'],
  queryFn: async ({ signal }) => (await ask(() => api.GET('/v1/me/notifications/preferences', { signal }))).data,
})

const again = () => queryClient.invalidateQueries({ queryKey: notificationsKey })

export async function markAllRead(): Promise<void> {
  await ask(() => api.POST('/v1/me/notifications/read', { body: {} }))
  await again()
}

/** Whoever looks at a thing has read what was said of it; nothing is asked for where nothing was. */
export async function markSeen(object: string): Promise<void> {
  const unread = await queryClient.fetchQuery(unreadQuery).catch(() => 0)
  if (unread === 0) return
  await ask(() => api.POST('/v1/me/notifications/read', { body: { object } })).catch(() => undefined)
  await again()
}

export async function setPreference(kind: Preference['kind'], mail: Preference['mail']): Promise<void> {
  await ask(() => api.PUT('/v1/me/notifications/preferences/{kind}', { params: { path: { kind } }, body: { mail } }))
  await again()
}

/** Where the thing is that a notification is about. */
export function placeOf({ kind, object }: Pick<Notification, 'kind' | 'object'>): string {
  if (kind.startsWith('review_')) return `/governance/reviews/${object}`
  return kind === 'consent_changed' ? '/me/consents' : '/governance/reviews'
}
