/** The SQL of notifications. */
import type { Id } from '@gatehouse/core/id'
import type { Instant } from '@gatehouse/core/instant'
import type { Tx } from '@gatehouse/runtime/data/db'
import type { KindName, MailChoice } from './kinds.ts'
import type { NotificationView } from './schema.ts'

export interface NewNotification {
  readonly user: string
  readonly id: Id<'notification'>
  readonly subject: Id<'subject'> | null
  readonly event: Id<'event'>
  readonly kind: KindName
  readonly object: string
  readonly mail: MailChoice
}

/** @returns those that were not there yet: neither by this event, nor unread by another */
export function insertNotifications(
  tx: Tx,
  rows: readonly NewNotification[],
  now: Instant,
): Promise<{ user_id: Id<'user'>; id: Id<'notification'>; mail: MailChoice }[]> {
  return tx.query(
    `INSERT INTO notifications.notification (tenant_id, user_id, id, subject_id, event_id, kind, object, mail, created_at)
      SELECT $1, n.user_id, n.id, n.subject_id, n.event_id, n.kind, n.object, n.mail, $9
      FROM unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::uuid[], $6::text[], $7::text[], $8::text[])
        AS n(user_id, id, subject_id, event_id, kind, object, mail)
      ON CONFLICT DO NOTHING RETURNING user_id, id, mail`,
    [
      tx.tenant,
      rows.map(({ user }) => user),
      rows.map(({ id }) => id),
      rows.map(({ subject }) => subject),
      rows.map(({ event }) => event),
      rows.map(({ kind }) => kind),
      rows.map(({ object }) => object),
      rows.map(({ mail }) => mail),
      now,
    ],
  )
}

/** The oldest of an inbox make room. */
export async function capInboxes(tx: Tx, users: readonly string[], max: number): Promise<void> {
  await tx.query(
    `DELETE FROM notifications.notification n USING (
        SELECT user_id, id, row_number() OVER (PARTITION BY user_id ORDER BY id DESC) AS place
        FROM notifications.notification WHERE tenant_id = $1 AND user_id = ANY($2::uuid[])
      ) old WHERE n.tenant_id = $1 AND n.user_id = old.user_id AND n.id = old.id AND old.place > $3`,
    [tx.tenant, users, max],
  )
}

/** What was said of a thing is seen to, whoever it was said to. */
export async function settleAbout(tx: Tx, object: string, kinds: readonly KindName[], now: Instant): Promise<void> {
  await tx.query('UPDATE notifications.notification SET read_at = $4 WHERE tenant_id = $1 AND object = $2 AND kind = ANY($3::text[]) AND read_at IS NULL', [
    tx.tenant,
    object,
    kinds,
    now,
  ])
}

const columns = 'id, kind, object, created_at, read_at'

/** Newest first; ids grow with time. */
export function listInbox(
  tx: Tx,
  user: string,
  filter: { readonly unread: boolean; readonly before: Id<'notification'> | undefined; readonly since: Instant },
  limit: number,
): Promise<NotificationView[]> {
  return tx.query<NotificationView>(
    `SELECT ${columns} FROM notifications.notification
      WHERE tenant_id = $1 AND user_id = $2 AND created_at > $3 AND ($4::uuid IS NULL OR id < $4) AND (NOT $5 OR read_at IS NULL) ORDER BY id DESC LIMIT $6`,
    [tx.tenant, user, filter.since, filter.before ?? null, filter.unread, limit],
  )
}

export async function countUnread(tx: Tx, user: string, since: Instant): Promise<number> {
  const rows = await tx.query<{ count: number }>(
    'SELECT count(*) AS count FROM notifications.notification WHERE tenant_id = $1 AND user_id = $2 AND read_at IS NULL AND created_at > $3',
    [tx.tenant, user, since],
  )
  return rows[0]?.count ?? 0
}

/** @param which ids, the thing they are about, or everything where neither is said */
export function markRead(
  tx: Tx,
  user: string,
  which: { readonly ids?: readonly string[] | undefined; readonly object?: string | undefined },
  now: Instant,
): Promise<number> {
  return tx.change(
    `UPDATE notifications.notification SET read_at = $3
      WHERE tenant_id = $1 AND user_id = $2 AND read_at IS NULL AND ($4::uuid[] IS NULL OR id = ANY($4::uuid[])) AND ($5::text IS NULL OR object = $5)`,
    [tx.tenant, user, now, which.ids ?? null, which.object ?? null],
  )
}

export interface PreferenceRow {
  readonly user_id: string
  readonly kind: KindName
  readonly mail: MailChoice
}

export function preferencesOf(tx: Tx, users: readonly string[]): Promise<PreferenceRow[]> {
  return tx.query<PreferenceRow>('SELECT user_id::text, kind, mail FROM notifications.preference WHERE tenant_id = $1 AND user_id = ANY($2::uuid[])', [
    tx.tenant,
    users,
  ])
}

export async function putPreference(tx: Tx, user: string, subject: Id<'subject'> | undefined, kind: KindName, mail: MailChoice): Promise<void> {
  await tx.query(
    `INSERT INTO notifications.preference (tenant_id, user_id, subject_id, kind, mail) VALUES ($1, $2, $3, $4, $5)
      ON CONFLICT (tenant_id, user_id, kind) DO UPDATE SET mail = excluded.mail`,
    [tx.tenant, user, subject ?? null, kind, mail],
  )
}

// Letters

export interface Attempt {
  readonly kind: KindName
  readonly object: string
  readonly attempts: number
  readonly read_at: Instant | null
}

/** Counted before it is sent, so that an attempt whose process ends counts too. */
export async function beginLetter(tx: Tx, user: string, id: Id<'notification'>, attemptsMax: number): Promise<Attempt | undefined> {
  const rows = await tx.query<Attempt>(
    `UPDATE notifications.notification SET attempts = attempts + 1 WHERE tenant_id = $1 AND user_id = $2 AND id = $3 AND mail = 'at_once' AND attempts < $4
      RETURNING kind, object, attempts, read_at`,
    [tx.tenant, user, id, attemptsMax],
  )
  return rows[0]
}

export async function endLetter(tx: Tx, user: string, id: Id<'notification'>, mail: 'sent' | 'unneeded' | 'dead'): Promise<void> {
  await tx.query('UPDATE notifications.notification SET mail = $4 WHERE tenant_id = $1 AND user_id = $2 AND id = $3', [tx.tenant, user, id, mail])
}

/** What waits for a digest and is unread. */
export function waitingInDigest(tx: Tx, user: string): Promise<{ id: Id<'notification'> }[]> {
  return tx.query(`SELECT id FROM notifications.notification WHERE tenant_id = $1 AND user_id = $2 AND mail = 'digest' AND read_at IS NULL`, [tx.tenant, user])
}

export async function endDigest(tx: Tx, user: string, ids: readonly Id<'notification'>[]): Promise<void> {
  await tx.query(`UPDATE notifications.notification SET mail = 'sent' WHERE tenant_id = $1 AND user_id = $2 AND id = ANY($3::uuid[])`, [tx.tenant, user, ids])
}

export async function usersWithDigest(tx: Tx): Promise<Id<'user'>[]> {
  const rows = await tx.query<{ user_id: Id<'user'> }>(
    `SELECT DISTINCT user_id FROM notifications.notification WHERE tenant_id = $1 AND mail = 'digest' AND read_at IS NULL`,
    [tx.tenant],
  )
  return rows.map(({ user_id }) => user_id)
}

/** @returns false where the day's digests are on their way already */
export async function beginDay(tx: Tx, day: string): Promise<boolean> {
  return (await tx.change('INSERT INTO notifications.digest (tenant_id, day) VALUES ($1, $2) ON CONFLICT DO NOTHING', [tx.tenant, day])) === 1
}

// Going

/** For all tenants at once. */
export async function forgetOld(tx: Tx, before: Instant): Promise<void> {
  await tx.change('DELETE FROM notifications.notification WHERE created_at <= $1', [before])
  await tx.change('DELETE FROM notifications.digest WHERE day < $1::timestamptz::date', [before])
}

export async function forgetPerson(tx: Tx, subject: Id<'subject'>): Promise<{ notifications: number; preferences: number }> {
  return {
    notifications: await tx.change('DELETE FROM notifications.notification WHERE tenant_id = $1 AND subject_id = $2', [tx.tenant, subject]),
    preferences: await tx.change('DELETE FROM notifications.preference WHERE tenant_id = $1 AND subject_id = $2', [tx.tenant, subject]),
  }
}
