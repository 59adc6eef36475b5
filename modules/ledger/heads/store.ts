/** The SQL of what stands between the log and the store of heads: what is prepared, which logs are halted, which have a successor. */
import type { Id } from '@gatehouse/core/id'
import type { Instant } from '@gatehouse/core/instant'
import type { Tx } from '@gatehouse/runtime/data/db'
import type { TakenEntry } from '../sequence.ts'

export interface Prepared {
  readonly size: number
  readonly root: Uint8Array
  readonly entry_ids: readonly Id<'entry'>[]
}

export async function readPrepared(tx: Tx): Promise<Prepared | undefined> {
  return (await tx.query<Prepared>({ name: 'ledger-prepared', text: 'SELECT size, root, entry_ids FROM ledger.prepared WHERE tenant_id = $1' }, [tx.tenant]))[0]
}

export async function insertPrepared(tx: Tx, { size, root, entry_ids }: Prepared): Promise<void> {
  await tx.query({ name: 'ledger-prepare', text: 'INSERT INTO ledger.prepared (tenant_id, size, root, entry_ids) VALUES ($1, $2, $3, $4)' }, [
    tx.tenant,
    size,
    root,
    entry_ids,
  ])
}

export async function clearPrepared(tx: Tx): Promise<void> {
  await tx.query({ name: 'ledger-unprepare', text: 'DELETE FROM ledger.prepared WHERE tenant_id = $1' }, [tx.tenant])
}

/** RFC 6962 leaf hashes of these entries in their order, computed where the bodies lie so that they need not travel. */
export function leafHashesOf(tx: Tx, ids: readonly Id<'entry'>[]): Promise<TakenEntry[]> {
  return tx.query(
    `SELECT wanted.id, (SELECT sha256('\\x00'::bytea || e.body) FROM ledger.entry e WHERE e.tenant_id = $1 AND e.id = wanted.id) AS "leafHash"
      FROM unnest($2::uuid[]) WITH ORDINALITY AS wanted(id, place) ORDER BY place`,
    [tx.tenant, ids],
  )
}

/** The first waiting entries of the tenant, in the order of their ids. */
export async function firstPending(tx: Tx, limit: number): Promise<Id<'entry'>[]> {
  return (
    await tx.query<{ id: Id<'entry'> }>('SELECT entry_id AS id FROM ledger.pending WHERE tenant_id = $1 ORDER BY entry_id LIMIT $2', [tx.tenant, limit])
  ).map(({ id }) => id)
}

/** Takes them off the list. @returns how many were on it */
export function takePending(tx: Tx, ids: readonly Id<'entry'>[]): Promise<number> {
  return tx.change('DELETE FROM ledger.pending WHERE tenant_id = $1 AND entry_id = ANY($2::uuid[])', [tx.tenant, ids])
}

export async function markStored(tx: Tx, stored: boolean): Promise<void> {
  await tx.query({ name: 'ledger-stored', text: 'UPDATE ledger.head SET stored = $2 WHERE tenant_id = $1 AND stored <> $2' }, [tx.tenant, stored])
}

// --- Halted logs ---

export const haltReasons = ['behind', 'missing', 'unreachable'] as const

export interface Halt {
  readonly reason: (typeof haltReasons)[number]
  /** What the database has. */
  readonly size: number
  /** What the store of heads says, where it could be asked. */
  readonly stored_size: number | null
}

export async function readHalt(tx: Tx): Promise<(Halt & { since: Instant }) | undefined> {
  const rows = await tx.query<Halt & { since: Instant }>('SELECT reason, size, stored_size, since FROM ledger.halt WHERE tenant_id = $1', [tx.tenant])
  return rows[0]
}

/** @returns whether this is news */
export async function writeHalt(tx: Tx, { reason, size, stored_size }: Halt, at: Instant): Promise<boolean> {
  const changed = await tx.change(
    `INSERT INTO ledger.halt (tenant_id, reason, size, stored_size, since) VALUES ($1, $2, $3, $4, $5)
      ON CONFLICT (tenant_id) DO UPDATE SET reason = excluded.reason, size = excluded.size, stored_size = excluded.stored_size,
        since = CASE WHEN halt.reason = excluded.reason THEN halt.since ELSE excluded.since END
        WHERE (halt.reason, halt.size, halt.stored_size) IS DISTINCT FROM (excluded.reason, excluded.size, excluded.stored_size)`,
    [tx.tenant, reason, size, stored_size, at],
  )
  return changed > 0
}

export function clearHalt(tx: Tx): Promise<number> {
  return tx.change({ name: 'ledger-unhalt', text: 'DELETE FROM ledger.halt WHERE tenant_id = $1' }, [tx.tenant])
}

/** In the node's scope. */
export async function countHalts(tx: Tx): Promise<number> {
  return (await tx.query<{ count: number }>('SELECT count(*) AS count FROM ledger.halt'))[0]?.count ?? 0
}

// --- Successors ---

export interface Succession {
  readonly generation: number
  readonly entry_id: Id<'entry'>
}

/** The newest; `undefined` for a log that still has its first origin. */
export async function readSuccession(tx: Tx): Promise<Succession | undefined> {
  const rows = await tx.query<Succession>(
    { name: 'ledger-succession', text: 'SELECT generation, entry_id FROM ledger.succession WHERE tenant_id = $1 ORDER BY generation DESC LIMIT 1' },
    [tx.tenant],
  )
  return rows[0]
}

export async function readGenerations(tx: Tx): Promise<number[]> {
  const rows = await tx.query<{ generation: number }>('SELECT generation FROM ledger.succession WHERE tenant_id = $1 ORDER BY generation', [tx.tenant])
  return [1, ...rows.map(({ generation }) => generation)]
}

export async function insertSuccession(tx: Tx, { generation, entry_id }: Succession, at: Instant): Promise<void> {
  await tx.query('INSERT INTO ledger.succession (tenant_id, generation, entry_id, at) VALUES ($1, $2, $3, $4)', [tx.tenant, generation, entry_id, at])
}
