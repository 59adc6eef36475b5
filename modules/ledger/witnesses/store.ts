/** The SQL of witnesses: who is asked, what they cosigned, and what the institution demands. */
import type { Id } from '@gatehouse/core/id'
import type { Instant } from '@gatehouse/core/instant'
import type { Tx } from '@gatehouse/runtime/data/db'

export interface LogSettings {
  readonly publish_log: boolean
  /** How many witnesses have to cosign a checkpoint before it is shown to outsiders; 0 for none. */
  readonly quorum: number
}

export async function readSettings(tx: Tx): Promise<LogSettings> {
  const [row] = await tx.query<LogSettings>({ name: 'ledger-settings', text: 'SELECT publish_log, quorum FROM ledger.setting WHERE tenant_id = $1' }, [
    tx.tenant,
  ])
  return row ?? { publish_log: false, quorum: 0 }
}

export async function writeSettings(tx: Tx, { publish_log, quorum }: LogSettings): Promise<void> {
  await tx.query(
    `INSERT INTO ledger.setting (tenant_id, publish_log, quorum) VALUES ($1, $2, $3)
      ON CONFLICT (tenant_id) DO UPDATE SET publish_log = excluded.publish_log, quorum = excluded.quorum`,
    [tx.tenant, publish_log, quorum],
  )
}

export interface WitnessRow {
  readonly id: Id<'witness'>
  readonly vkey: string
  readonly url: string
  readonly added_at: Instant
  readonly seen_size: number
  readonly fault: string | null
  readonly asked_at: Instant | null
  /** The largest size it has cosigned, and when. */
  readonly cosigned_size: number | null
  readonly cosigned_at: Instant | null
}

export function listWitnesses(tx: Tx): Promise<WitnessRow[]> {
  return tx.query(
    `SELECT w.id, w.vkey, w.url, w.added_at, w.seen_size, w.fault, w.asked_at, c.size AS cosigned_size, c.at AS cosigned_at
      FROM ledger.witness w LEFT JOIN LATERAL (
        SELECT size, at FROM ledger.cosignature WHERE tenant_id = w.tenant_id AND witness_id = w.id ORDER BY size DESC LIMIT 1) c ON true
      WHERE w.tenant_id = $1 ORDER BY w.id`,
    [tx.tenant],
  )
}

/** @returns false where the witness is there already */
export async function insertWitness(tx: Tx, { id, vkey, url }: { id: Id<'witness'>; vkey: string; url: string }, at: Instant): Promise<boolean> {
  return (
    (await tx.change('INSERT INTO ledger.witness (tenant_id, id, vkey, url, added_at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING', [
      tx.tenant,
      id,
      vkey,
      url,
      at,
    ])) === 1
  )
}

export async function deleteWitness(tx: Tx, id: Id<'witness'>): Promise<boolean> {
  return (await tx.change('DELETE FROM ledger.witness WHERE tenant_id = $1 AND id = $2', [tx.tenant, id])) === 1
}

/** Who has witnesses at all. In the node's scope. */
export async function witnessedTenants(tx: Tx): Promise<Id<'tenant'>[]> {
  return (await tx.query<{ tenant: Id<'tenant'> }>('SELECT DISTINCT tenant_id AS tenant FROM ledger.witness')).map(({ tenant }) => tenant)
}

export async function noteAsked(tx: Tx, id: Id<'witness'>, seenSize: number, fault: string | null, at: Instant): Promise<void> {
  await tx.query('UPDATE ledger.witness SET seen_size = $3, fault = $4, asked_at = $5 WHERE tenant_id = $1 AND id = $2', [tx.tenant, id, seenSize, fault, at])
}

export async function insertCosignature(tx: Tx, size: number, witness: Id<'witness'>, line: string, at: Instant): Promise<void> {
  await tx.query('INSERT INTO ledger.cosignature (tenant_id, size, witness_id, line, at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING', [
    tx.tenant,
    size,
    witness,
    line,
    at,
  ])
}

export async function cosignaturesAt(tx: Tx, size: number): Promise<string[]> {
  const rows = await tx.query<{ line: string }>(
    { name: 'ledger-cosignatures', text: 'SELECT line FROM ledger.cosignature WHERE tenant_id = $1 AND size = $2 ORDER BY witness_id' },
    [tx.tenant, size],
  )
  return rows.map(({ line }) => line)
}

/** The newest checkpoint that so many of the present witnesses have cosigned. */
export async function newestWithQuorum(tx: Tx, quorum: number): Promise<{ size: number; note: string } | undefined> {
  const rows = await tx.query<{ size: number; note: string }>(
    `SELECT p.size, p.note FROM ledger.checkpoint p WHERE p.tenant_id = $1 AND p.size = (
        SELECT c.size FROM ledger.cosignature c JOIN ledger.witness w ON w.tenant_id = c.tenant_id AND w.id = c.witness_id
        WHERE c.tenant_id = $1 GROUP BY c.size HAVING count(*) >= $2 ORDER BY c.size DESC LIMIT 1)`,
    [tx.tenant, quorum],
  )
  return rows[0]
}

export interface SignedCheckpoint {
  readonly size: number
  readonly note: string
  readonly at: Instant
  readonly cosignatures: number
}

/** Newest first. */
export function signedCheckpoints(tx: Tx, atMost: number | undefined, limit: number): Promise<SignedCheckpoint[]> {
  return tx.query(
    `SELECT p.size, p.note, p.at, (SELECT count(*) FROM ledger.cosignature c WHERE c.tenant_id = $1 AND c.size = p.size) AS cosignatures
      FROM ledger.checkpoint p WHERE p.tenant_id = $1 AND ($2::bigint IS NULL OR p.size <= $2) ORDER BY p.size DESC LIMIT $3`,
    [tx.tenant, atMost ?? null, limit],
  )
}
