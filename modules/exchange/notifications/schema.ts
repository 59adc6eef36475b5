/** The nouns of notifications and their limits. */
import { idSchema, instantSchema, pageQuery } from '@gatehouse/core/schema'
import type { Principal } from '@gatehouse/runtime/base/context'
import type { Resource } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import { kindNames, mailChoices } from './kinds.ts'

/** How long a notification stands in the inbox, read or not. */
export const keptDays = 90
/** Beyond so many the oldest of an inbox make room. */
export const perUserMax = 500
/** People who are told of one event. */
export const perEventMax = 1_000
export const markedMax = 100
/** From this hour of the institution's day on digests leave. */
export const digestHour = 6

export const mailQueue = 'notifications-mail'
export const mailOptions = { retries: 4, retryDelaySeconds: 60, expireSeconds: 300, parallel: 2 }
export const attemptsMax = mailOptions.retries + 1

export const notificationKindSchema = z.enum(kindNames)
export const objectSchema = z.string().regex(/^[A-Za-z0-9:_-]{1,128}$/, 'the id of the thing')

export const notificationSchema = z.strictObject({
  id: idSchema('notification'),
  kind: notificationKindSchema,
  /** The id of the thing that it is about. */
  object: z.string(),
  created_at: instantSchema,
  read_at: instantSchema.nullable(),
})
export type NotificationView = z.output<typeof notificationSchema>

export const inboxSchema = z.strictObject({ data: z.array(notificationSchema), next: z.string().nullable(), unread: z.int() })
export const inboxQuery = z.strictObject({
  ...pageQuery,
  cursor: idSchema('notification').optional(),
  show: z.enum(['all', 'unread']).default('all'),
})

export const preferenceSchema = z.strictObject({
  kind: notificationKindSchema,
  mail: z.enum(mailChoices),
  /** Whether it can be chosen: of an emergency a letter leaves whatever one prefers. */
  fixed: z.boolean(),
})

export const ownInbox = (_input: unknown, { id }: Pick<Principal, 'id'>): Resource => ({ type: 'notification', owner: id })
