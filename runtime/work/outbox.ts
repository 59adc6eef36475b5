/**
 * Events are written with the act that causes them and read later, in the order the ledger gives. Nothing is handed on that
 * did not commit, and nothing that committed is forgotten.
 */
import type { Id } from '@gatehouse/core/id'
import type { Moment } from '../base/context.ts'
import type { Tx } from '../data/db.ts'

/** What an act announces: ids, digests and counts, never a personal value. */
export interface NewEvent {
  /** Reverse-dotted by module, such as `release.authorized`. */
  readonly type: string
  /** The id of the thing it is about. */
  readonly subject?: string
  readonly data: Readonly<Record<string, unknown>>
}

/** An event as consumers see it: CloudEvents 1.0. */
export interface CloudEvent {
  readonly specversion: '1.0'
  readonly id: Id<'event'>
  readonly source: string
  readonly type: string
  readonly subject?: string
  readonly time: string
  readonly datacontenttype: 'application/json'
  readonly data: Readonly<Record<string, unknown>>
  /** The place of its entry in the tenant's log. */
  readonly logindex: number
}

export const eventsPerActMax = 64

const insert = {
  name: 'outbox-insert',
  text: `INSERT INTO work.outbox (tenant_id, entry_id, position, id, type, subject, data, created_at)
    SELECT $1, $2, e.position, e.id, e.type, e.subject, e.data, $3
    FROM jsonb_to_recordset($4::jsonb) AS e(position smallint, id uuid, type text, subject text, data jsonb)`,
}

export async function publish(tx: Tx, moment: Moment, tenant: Id<'tenant'>, entry: Id<'entry'>, events: readonly NewEvent[]): Promise<void> {
  if (events.length === 0) return
  if (events.length > eventsPerActMax) throw new RangeError(`an act may announce ${eventsPerActMax} events, not ${events.length}`)
  const rows = events.map((event, position) => ({ position, id: moment.newId<'event'>(), type: event.type, subject: event.subject ?? null, data: event.data }))
  await tx.query(insert, [tenant, entry, moment.now, JSON.stringify(rows)])
}

interface OutboxRow {
  readonly entry_id: Id<'entry'>
  readonly id: Id<'event'>
  readonly type: string
  readonly subject: string | null
  readonly data: Record<string, unknown>
  readonly created_at: string
}

/** The events of the given entries, in the order of the entries. */
export async function eventsOf(tx: Tx, tenant: Id<'tenant'>, entries: readonly { id: Id<'entry'>; index: number }[]): Promise<CloudEvent[]> {
  if (entries.length === 0) return []
  const rows = await tx.query<OutboxRow>(
    {
      name: 'outbox-of-entries',
      text: 'SELECT entry_id, id, type, subject, data, created_at FROM work.outbox WHERE tenant_id = $1 AND entry_id = ANY($2::uuid[]) ORDER BY entry_id, position',
    },
    [tenant, entries.map((entry) => entry.id)],
  )
  const byEntry = new Map<string, OutboxRow[]>()
  for (const row of rows) byEntry.set(row.entry_id, [...(byEntry.get(row.entry_id) ?? []), row])
  return entries.flatMap((entry) =>
    (byEntry.get(entry.id) ?? []).map((row) => ({
      specversion: '1.0' as const,
      id: row.id,
      source: `/tenants/${tenant}`,
      type: row.type,
      ...(row.subject === null ? {} : { subject: row.subject }),
      time: row.created_at,
      datacontenttype: 'application/json' as const,
      data: row.data,
      logindex: entry.index,
    })),
  )
}

export async function readCursor(tx: Tx, tenant: Id<'tenant'>, consumer: string): Promise<number> {
  const rows = await tx.query<{ next_index: number }>('SELECT next_index FROM work.cursor WHERE tenant_id = $1 AND consumer = $2 FOR UPDATE', [
    tenant,
    consumer,
  ])
  return rows[0]?.next_index ?? 0
}

/** The places of all consumers, in the node's scope. */
export function readCursors(tx: Tx): Promise<{ tenant: Id<'tenant'>; consumer: string; next_index: number }[]> {
  return tx.query({ name: 'cursors', text: 'SELECT tenant_id AS tenant, consumer, next_index FROM work.cursor' })
}

export async function moveCursor(tx: Tx, tenant: Id<'tenant'>, consumer: string, nextIndex: number): Promise<void> {
  await tx.query(
    `INSERT INTO work.cursor (tenant_id, consumer, next_index) VALUES ($1, $2, $3)
     ON CONFLICT (tenant_id, consumer) DO UPDATE SET next_index = excluded.next_index`,
    [tenant, consumer, nextIndex],
  )
}

/** Events that name the person, dispatched or not: whoever follows them hears of the erasure instead. */
export async function forgetEventsAbout(tx: Tx, subject: Id<'subject'>): Promise<number> {
  return tx.change(`DELETE FROM work.outbox WHERE tenant_id = $1 AND data->>'subject' = $2`, [tx.tenant, subject])
}
