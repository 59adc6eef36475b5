import type { Instant } from '@gatehouse/core/instant'
import type { Tx } from '@gatehouse/runtime/data/db'

export interface RotationRow {
  readonly version: number
  readonly started_at: Instant
  readonly total: number
  readonly moved: number
  readonly faults: number
  readonly moved_at: Instant | null
  readonly destroyed_at: Instant | null
}

/** Begins it where it has not begun; one that was broken off keeps its beginning and its count. */
export async function beginRotation(tx: Tx, version: number, now: Instant, total: number): Promise<void> {
  await tx.query('INSERT INTO keyring.rotation (tenant_id, version, started_at, total) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING', [
    tx.tenant,
    version,
    now,
    total,
  ])
}

export async function addMoved(tx: Tx, version: number, moved: number): Promise<void> {
  await tx.query('UPDATE keyring.rotation SET moved = moved + $3::bigint, total = greatest(total, moved + $3::bigint) WHERE tenant_id = $1 AND version = $2', [
    tx.tenant,
    version,
    moved,
  ])
}

export async function endMoving(tx: Tx, version: number, now: Instant, faults: number): Promise<void> {
  await tx.query(
    'UPDATE keyring.rotation SET faults = $4::bigint, moved_at = CASE WHEN $4::bigint = 0 THEN coalesce(moved_at, $3) END WHERE tenant_id = $1 AND version = $2',
    [tx.tenant, version, now, faults],
  )
}

export async function markDestroyed(tx: Tx, version: number, now: Instant): Promise<void> {
  await tx.query('UPDATE keyring.rotation SET destroyed_at = $3 WHERE tenant_id = $1 AND version <= $2 AND destroyed_at IS NULL', [tx.tenant, version, now])
}

export function listRotations(tx: Tx, limit: number): Promise<RotationRow[]> {
  return tx.query(
    `SELECT version, started_at, total, moved, faults, moved_at, destroyed_at FROM keyring.rotation WHERE tenant_id = $1 ORDER BY version DESC LIMIT $2`,
    [tx.tenant, limit],
  )
}
