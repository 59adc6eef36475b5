/**
 * The only SQL of the ledger. Statements whose plan depends on how long the log is have no name: a named one would keep the
 * plan of the empty table until the statistics are next collected.
 */
import { type Id, lowestIdAt } from '@gatehouse/core/id'
import type { Instant } from '@gatehouse/core/instant'
import { nodeTenant } from '@gatehouse/runtime/base/context'
import { queryBuilder, type Tx } from '@gatehouse/runtime/data/db'
import type { AuditEntry } from '@gatehouse/runtime/door/audit'
import type { ReadTile, Tile } from '@gatehouse/transparency/tile'
import { type EntryFilter, evidenceMax } from './schema.ts'

/** Shared by all processes of the database: who holds it is the sequencer. */
const sequencerLock = 4_730_312

const insertStatement = {
  name: 'ledger-append',
  text: `WITH entry AS (
      INSERT INTO ledger.entry (tenant_id, id, type, at, actor_kind, actor_id, decision, subject_id, partner_id, purpose, object_kind, object_id, body)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13))
    INSERT INTO ledger.pending (tenant_id, entry_id) VALUES ($1, $2)`,
}

/** The tenant is the entry's own and not the transaction's: a public act, and the node itself, write from the node's scope. */
export async function insertEntry(tx: Tx, { id, tenant, type, at, actor, facts }: AuditEntry, body: Uint8Array): Promise<void> {
  await tx.query(insertStatement, [
    tenant,
    id,
    type,
    at,
    actor.kind,
    actor.id,
    facts.decision ?? null,
    facts.subject?.id ?? null,
    facts.partner ?? null,
    facts.purpose ?? null,
    facts.object?.kind ?? null,
    facts.object?.id ?? null,
    body,
  ])
}

// --- Sequencing ---

/** Tenants with entries that have no place yet, and when the oldest of these was written. Jumps from tenant to tenant in the key. */
export function tenantsWaiting(tx: Tx): Promise<{ tenant: Id<'tenant'>; oldest: Instant }[]> {
  return tx.query(`WITH RECURSIVE waiting AS (
        (SELECT tenant_id, entry_id FROM ledger.pending ORDER BY tenant_id, entry_id LIMIT 1)
        UNION ALL
        SELECT next.* FROM waiting, LATERAL (
          SELECT tenant_id, entry_id FROM ledger.pending WHERE tenant_id > waiting.tenant_id ORDER BY tenant_id, entry_id LIMIT 1) AS next)
      SELECT waiting.tenant_id AS tenant, coalesce(e.at, now()) AS oldest
      FROM waiting LEFT JOIN ledger.entry e ON e.tenant_id = waiting.tenant_id AND e.id = waiting.entry_id`)
}

export async function becomeSequencer(tx: Tx): Promise<boolean> {
  return (
    (await tx.query<{ alone: boolean }>({ name: 'ledger-lock', text: 'SELECT pg_try_advisory_xact_lock($1) AS alone' }, [sequencerLock]))[0]?.alone === true
  )
}

export async function insertPositions(tx: Tx, first: number, ids: readonly Id<'entry'>[]): Promise<void> {
  await tx.query(
    {
      name: 'ledger-place',
      text: `INSERT INTO ledger.position (tenant_id, index, entry_id)
        SELECT $1, $2::bigint + place - 1, id FROM unnest($3::uuid[]) WITH ORDINALITY AS taken(id, place)`,
    },
    [tx.tenant, first, ids],
  )
}

export async function writeTiles(tx: Tx, tiles: readonly Tile[]): Promise<void> {
  await tx.query(
    {
      name: 'ledger-write-tiles',
      text: `INSERT INTO ledger.tile (tenant_id, level, tile, hashes)
        SELECT $1, level, tile, hashes FROM unnest($2::smallint[], $3::bigint[], $4::bytea[]) AS changed(level, tile, hashes)
        ON CONFLICT (tenant_id, level, tile) DO UPDATE SET hashes = excluded.hashes`,
    },
    [tx.tenant, tiles.map((tile) => tile.level), tiles.map((tile) => tile.index), tiles.map((tile) => tile.hashes)],
  )
}

export interface HeadRow {
  readonly size: number
  readonly root: Uint8Array
  readonly note: string
  readonly fencing: number
  /** Whether it was put into the store of heads. */
  readonly stored: boolean
}

export interface CheckpointRow {
  readonly size: number
  readonly root: Uint8Array
  readonly note: string
}

export async function readHead(tx: Tx): Promise<HeadRow | undefined> {
  return (
    await tx.query<HeadRow>({ name: 'ledger-head', text: 'SELECT size, root, note, fencing, stored FROM ledger.head WHERE tenant_id = $1' }, [tx.tenant])
  )[0]
}

/** Puts the next checkpoint in the head's place, if the head still is the one it was made from. @returns whether it was */
export async function moveHead(tx: Tx, from: HeadRow | undefined, to: CheckpointRow, at: Instant): Promise<boolean> {
  const values = [tx.tenant, to.size, to.root, to.note, at]
  const moved =
    from === undefined
      ? tx.change(
          {
            name: 'ledger-first-head',
            text: `INSERT INTO ledger.head (tenant_id, size, root, note, fencing, at, stored) VALUES ($1, $2, $3, $4, 1, $5, true) ON CONFLICT DO NOTHING`,
          },
          values,
        )
      : tx.change(
          {
            name: 'ledger-move-head',
            text: `UPDATE ledger.head SET size = $2, root = $3, note = $4, at = $5, fencing = fencing + 1, stored = true
              WHERE tenant_id = $1 AND size = $6 AND fencing = $7`,
          },
          [...values, from.size, from.fencing],
        )
  return (await moved) === 1
}

export async function insertCheckpoint(tx: Tx, { size, root, note }: CheckpointRow, at: Instant): Promise<void> {
  await tx.query({ name: 'ledger-checkpoint', text: 'INSERT INTO ledger.checkpoint (tenant_id, size, root, note, at) VALUES ($1, $2, $3, $4, $5)' }, [
    tx.tenant,
    size,
    root,
    note,
    at,
  ])
}

/** The heads that the node's own log has to learn of, marked as announced. In the node's scope. */
export function takeUnannounced(tx: Tx, now: Instant, before: Instant): Promise<{ tenant: Id<'tenant'>; size: number; root: Uint8Array }[]> {
  return tx.query(
    `UPDATE ledger.head SET announced_size = size, announced_at = $2
        WHERE tenant_id <> $1 AND size > announced_size AND (announced_at IS NULL OR announced_at <= $3)
        RETURNING tenant_id AS tenant, size, root`,
    [nodeTenant, now, before],
  )
}

/** How long each log is. In the node's scope: for those who look out for news in all of them. */
export function logSizes(tx: Tx): Promise<{ tenant: Id<'tenant'>; size: number }[]> {
  return tx.query({ name: 'ledger-sizes', text: 'SELECT tenant_id AS tenant, size FROM ledger.head' })
}

export interface LogStanding {
  readonly size: number
  /** When the newest checkpoint was signed; null before the first. */
  readonly checkpoint_at: Instant | null
  /** Entries that no checkpoint covers yet. */
  readonly waiting: number
  readonly oldest_waiting_at: Instant | null
}

/** How far the tenant's log has come, for whoever keeps the node running. */
export async function logStanding(tx: Tx): Promise<LogStanding> {
  const rows = await tx.query<LogStanding>(
    `SELECT coalesce(h.size, 0) AS size, h.at AS checkpoint_at,
        (SELECT count(*) FROM ledger.pending WHERE tenant_id = $1) AS waiting,
        (SELECT e.at FROM ledger.pending p JOIN ledger.entry e ON e.tenant_id = p.tenant_id AND e.id = p.entry_id
          WHERE p.tenant_id = $1 ORDER BY p.entry_id LIMIT 1) AS oldest_waiting_at
      FROM (SELECT 1) AS one LEFT JOIN ledger.head h ON h.tenant_id = $1`,
    [tx.tenant],
  )
  return rows[0] ?? { size: 0, checkpoint_at: null, waiting: 0, oldest_waiting_at: null }
}

/** The place of the first entry made at that moment (ms) or later, as ids tell it; `undefined` where there is none yet. */
export async function placeAt(tx: Tx, ms: number): Promise<number | undefined> {
  const rows = await tx.query<{ index: number }>(
    `SELECT p.index FROM ledger.entry e JOIN ledger.position p ON p.tenant_id = e.tenant_id AND p.entry_id = e.id
      WHERE e.tenant_id = $1 AND e.id >= $2 ORDER BY e.id LIMIT 1`,
    [tx.tenant, lowestIdAt<'entry'>(ms)],
  )
  return rows[0]?.index
}

// --- Tiles and proofs ---

/** Reads the tiles at once and hands them out afterwards; a tile that is not there has no hashes. */
export async function tileReader(tx: Tx, tiles: readonly { readonly level: number; readonly index: number }[]): Promise<ReadTile> {
  if (tiles.length === 0) return () => new Uint8Array(0)
  const rows = await tx.query<{ level: number; tile: number; hashes: Uint8Array | null }>(
    `SELECT level, tile, (SELECT hashes FROM ledger.tile t WHERE t.tenant_id = $1 AND t.level = wanted.level AND t.tile = wanted.tile) AS hashes
     FROM unnest($2::smallint[], $3::bigint[]) AS wanted(level, tile)`,
    [tx.tenant, tiles.map((tile) => tile.level), tiles.map((tile) => tile.index)],
  )
  const found = new Map(rows.map((row) => [`${row.level} ${row.tile}`, row.hashes]))
  return (level, index) => found.get(`${level} ${index}`) ?? new Uint8Array(0)
}

export interface PlacedEntry {
  readonly id: Id<'entry'>
  readonly index: number
  readonly body: Uint8Array
}

export function placedEntries(tx: Tx, ids: readonly Id<'entry'>[]): Promise<PlacedEntry[]> {
  return tx.query(
    `SELECT p.entry_id AS id, p.index, (SELECT e.body FROM ledger.entry e WHERE e.tenant_id = $1 AND e.id = p.entry_id) AS body
     FROM ledger.position p WHERE p.tenant_id = $1 AND p.entry_id = ANY($2::uuid[]) ORDER BY p.index`,
    [tx.tenant, ids],
  )
}

// --- Reading ---

export function sequencedEntries(tx: Tx, tenant: Id<'tenant'>, fromIndex: number, limit: number): Promise<{ id: Id<'entry'>; index: number; type: string }[]> {
  return tx.query(
    `SELECT p.entry_id AS id, p.index, e.type FROM ledger.position p JOIN ledger.entry e ON e.tenant_id = p.tenant_id AND e.id = p.entry_id
        WHERE p.tenant_id = $1 AND p.index >= $2 ORDER BY p.index LIMIT $3`,
    [tenant, fromIndex, limit],
  )
}

/** The entries whose object is one of these things, oldest first and at most `evidenceMax`: what happened to a release, say. */
export function entriesAbout(tx: Tx, kind: string, ids: readonly string[]): Promise<{ id: Id<'entry'>; type: string }[]> {
  return tx.query('SELECT id, type FROM ledger.entry WHERE tenant_id = $1 AND object_kind = $2 AND object_id = ANY($3::text[]) ORDER BY id LIMIT $4', [
    tx.tenant,
    kind,
    ids,
    evidenceMax,
  ])
}

/** The newest entries that concern one person, at most `evidenceMax`. */
export async function entriesOfSubject(tx: Tx, subject: Id<'subject'>): Promise<Id<'entry'>[]> {
  const rows = await listEntries(tx, { subject }, { order: 'desc', limit: evidenceMax })
  return rows.map(({ id }) => id)
}

/** The newest entries of some types that concern one person, older than one of them. */
export function entriesOfTypesAbout(
  tx: Tx,
  subject: Id<'subject'>,
  types: readonly string[],
  before: Id<'entry'> | undefined,
  limit: number,
): Promise<Pick<EntryRow, 'body'>[]> {
  return tx.query<{ body: Uint8Array }>(
    `SELECT body FROM ledger.entry WHERE tenant_id = $1 AND subject_id = $2 AND type = ANY($3::text[]) AND ($4::uuid IS NULL OR id < $4)
      ORDER BY id DESC LIMIT $5`,
    [tx.tenant, subject, types, before ?? null, limit],
  )
}

interface Tables {
  'ledger.entry': {
    tenant_id: string
    id: Id<'entry'>
    type: string
    at: string
    actor_id: string
    decision: string | null
    subject_id: string | null
    partner_id: string | null
    purpose: string | null
    object_kind: string | null
    object_id: string | null
    body: Uint8Array
  }
  'ledger.position': { tenant_id: string; index: number; entry_id: Id<'entry'> }
}

const build = queryBuilder<Tables>()

/** Entries that fit the filter, with their place as far as they have one. */
function filtered(tx: Tx, filter: EntryFilter) {
  let query = build
    .selectFrom('ledger.entry as e')
    .leftJoin('ledger.position as p', (join) => join.onRef('p.tenant_id', '=', 'e.tenant_id').onRef('p.entry_id', '=', 'e.id'))
    .select(['e.id', 'p.index', 'e.body'])
    .where('e.tenant_id', '=', tx.tenant)
  const columns = [
    ['e.type', filter.type],
    ['e.actor_id', filter.actor],
    ['e.decision', filter.decision],
    ['e.partner_id', filter.partner],
    ['e.partner_id', filter.visibleTo],
    ['e.purpose', filter.purpose],
    ['e.object_kind', filter.object_kind],
    ['e.object_id', filter.object_id],
    ['e.subject_id', filter.subject],
  ] as const
  for (const [column, value] of columns) if (value !== undefined) query = query.where(column, '=', value)
  // The reason of a refusal tells a known person from an unknown one, so a partner learns of it only what it was answered.
  if (filter.visibleTo !== undefined) query = query.where('e.decision', 'is distinct from', 'deny')
  if (filter.since !== undefined) query = query.where('e.at', '>=', filter.since)
  if (filter.until !== undefined) query = query.where('e.at', '<', filter.until)
  return query
}

export interface EntryRow {
  readonly id: Id<'entry'>
  readonly index: number | null
  readonly body: Uint8Array
}

export function listEntries(
  tx: Tx,
  filter: EntryFilter,
  page: { readonly cursor?: Id<'entry'> | undefined; readonly order: 'asc' | 'desc'; readonly limit: number },
): Promise<EntryRow[]> {
  let query = filtered(tx, filter).orderBy('e.id', page.order).limit(page.limit)
  if (page.cursor !== undefined) query = query.where('e.id', page.order === 'asc' ? '>' : '<', page.cursor)
  return tx.run<EntryRow>(query.compile())
}

/** The entries of one stretch of the log that fit the filter, in its order. */
export function integratedEntries(tx: Tx, filter: EntryFilter, from: number, to: number): Promise<PlacedEntry[]> {
  const query = filtered(tx, filter).where('p.tenant_id', '=', tx.tenant).where('p.index', '>=', from).where('p.index', '<', to).orderBy('p.index')
  return tx.run<PlacedEntry>(query.compile() as never)
}

/** The entries of one stretch of the log that are of these types, in its order. */
export function entriesOfTypes(tx: Tx, types: readonly string[], from: number, to: number): Promise<PlacedEntry[]> {
  return tx.query(
    `SELECT p.entry_id AS id, p.index, e.body FROM ledger.position p JOIN ledger.entry e ON e.tenant_id = p.tenant_id AND e.id = p.entry_id
      WHERE p.tenant_id = $1 AND p.index >= $2 AND p.index < $3 AND e.type = ANY($4::text[]) ORDER BY p.index`,
    [tx.tenant, from, to, types],
  )
}

export async function readEntry(tx: Tx, id: Id<'entry'>, visibleTo: Id<'partner'> | undefined): Promise<EntryRow | undefined> {
  return (await tx.run<EntryRow>(filtered(tx, { visibleTo }).where('e.id', '=', id).compile()))[0]
}

// --- Verification ---

/** What the columns beside the body say; they must say what the body says. */
export interface WalkedEntry {
  readonly index: number
  readonly id: Id<'entry'>
  /** `null` where the place is there and the entry is not. */
  readonly body: Uint8Array | null
  readonly type: string
  readonly at: string
  readonly actor_kind: string
  readonly actor_id: string
  readonly decision: string | null
  readonly partner_id: string | null
  readonly purpose: string | null
  readonly object_kind: string | null
  readonly object_id: string | null
}

export function walkEntries(tx: Tx, from: number, to: number): Promise<WalkedEntry[]> {
  return tx.query(
    `SELECT p.index, p.entry_id AS id, e.body, e.type, e.at, e.actor_kind, e.actor_id, e.decision, e.partner_id, e.purpose, e.object_kind, e.object_id
        FROM ledger.position p LEFT JOIN ledger.entry e ON e.tenant_id = p.tenant_id AND e.id = p.entry_id
        WHERE p.tenant_id = $1 AND p.index >= $2 AND p.index < $3 ORDER BY p.index`,
    [tx.tenant, from, to],
  )
}

export function checkpointsBetween(tx: Tx, above: number, to: number): Promise<CheckpointRow[]> {
  return tx.query('SELECT size, root, note FROM ledger.checkpoint WHERE tenant_id = $1 AND size > $2 AND size <= $3 ORDER BY size', [tx.tenant, above, to])
}

/** Counted in one snapshot, so that a log which grows meanwhile does not look broken. */
export interface Remains {
  readonly checkpoints: number
  /** The number that the head keeps of its checkpoints. */
  readonly fencing: number
  /** An entry that neither waits nor has a place. */
  readonly stray: Id<'entry'> | null
  /** An entry that waits and is not there. */
  readonly lost: Id<'entry'> | null
  /** The first place beyond the head. */
  readonly beyond: number | null
}

export async function readRemains(tx: Tx): Promise<Remains> {
  const [row] = await tx.query<Remains>(
    `SELECT
        (SELECT count(*) FROM ledger.checkpoint WHERE tenant_id = $1) AS checkpoints,
        coalesce((SELECT fencing FROM ledger.head WHERE tenant_id = $1), 0) AS fencing,
        (SELECT e.id FROM ledger.entry e WHERE e.tenant_id = $1
          AND NOT EXISTS (SELECT FROM ledger.position p WHERE p.tenant_id = $1 AND p.entry_id = e.id)
          AND NOT EXISTS (SELECT FROM ledger.pending p WHERE p.tenant_id = $1 AND p.entry_id = e.id) ORDER BY e.id LIMIT 1) AS stray,
        (SELECT p.entry_id FROM ledger.pending p WHERE p.tenant_id = $1
          AND NOT EXISTS (SELECT FROM ledger.entry e WHERE e.tenant_id = $1 AND e.id = p.entry_id) ORDER BY p.entry_id LIMIT 1) AS lost,
        (SELECT min(index) FROM ledger.position WHERE tenant_id = $1
          AND index >= coalesce((SELECT size FROM ledger.head WHERE tenant_id = $1), 0)) AS beyond`,
    [tx.tenant],
  )
  if (row === undefined) throw new TypeError('a SELECT without FROM gives one row')
  return row
}
