/** One's own inbox. */
import { addSeconds, type Instant } from '@gatehouse/core/instant'
import { idSchema } from '@gatehouse/core/schema'
import { operation } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import { inboxQuery, inboxSchema, keptDays, markedMax, objectSchema, ownInbox } from './schema.ts'
import { countUnread, listInbox, markRead } from './store.ts'

const since = (now: Instant): Instant => addSeconds(now, -keptDays * 86_400)

export const listNotifications = operation({
  name: 'notifications.list',
  summary: 'Read one’s own inbox, the newest first, with how much of it is unread',
  input: inboxQuery,
  output: inboxSchema,
  access: { action: 'read', on: ownInbox },
  audit: { none: 'kinds and ids, to whom they were told' },
  http: { method: 'GET', path: '/v1/me/notifications' },
  example: { input: {} },
  async run({ tx, principal, now }, { cursor, limit, show }) {
    const [rows, unread] = await Promise.all([
      listInbox(tx, principal.id, { unread: show === 'unread', before: cursor, since: since(now) }, limit + 1),
      countUnread(tx, principal.id, since(now)),
    ])
    const data = rows.slice(0, limit)
    return { data, next: rows.length > limit ? (data.at(-1)?.id ?? null) : null, unread }
  },
})

export const markNotifications = operation({
  name: 'notifications.mark_read',
  summary: 'Mark as read: some, those about a thing, or all',
  input: z.strictObject({
    notifications: z.array(idSchema('notification')).min(1).max(markedMax).optional(),
    object: objectSchema.optional(),
  }),
  output: z.strictObject({ unread: z.int() }),
  access: { action: 'update', on: ownInbox },
  audit: (_input, { unread }) => ({ details: { unread } }),
  http: { method: 'POST', path: '/v1/me/notifications/read' },
  example: { input: {} },
  async run({ tx, principal, now }, { notifications, object }) {
    await markRead(tx, principal.id, { ids: notifications, object }, now)
    return { unread: await countUnread(tx, principal.id, since(now)) }
  },
})
