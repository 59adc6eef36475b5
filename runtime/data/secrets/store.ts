import type { Instant } from '@gatehouse/core/instant'
import type { Tx } from '../db.ts'

export interface VersionRow {
  readonly name: string
  readonly version: number
  readonly lease_seconds: number
  readonly created_at: Instant
}

export interface SealedRow extends VersionRow {
  readonly kek_version: number
  readonly sealed: Uint8Array
}

/** Two that put the same name wait for each other here, so that their versions follow one another. */
export async function lockName(tx: Tx, name: string): Promise<void> {
  await tx.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 4730312))', [`${tx.tenant} ${name}`])
}

/** The versions of one name, or of all, oldest first. */
export function listVersions(tx: Tx, name: string | undefined): Promise<VersionRow[]> {
  return tx.query(
    'SELECT name, version, lease_seconds, created_at FROM keys.stored_secret WHERE tenant_id = $1 AND ($2::text IS NULL OR name = $2) ORDER BY name, version',
    [tx.tenant, name ?? null],
  )
}

export async function findVersion(tx: Tx, name: string, version: number): Promise<SealedRow | undefined> {
  const rows = await tx.query<SealedRow>(
    'SELECT name, version, lease_seconds, created_at, kek_version, sealed FROM keys.stored_secret WHERE tenant_id = $1 AND name = $2 AND version = $3',
    [tx.tenant, name, version],
  )
  return rows[0]
}

export async function insertVersion(tx: Tx, row: SealedRow): Promise<void> {
  await tx.query(
    'INSERT INTO keys.stored_secret (tenant_id, name, version, lease_seconds, created_at, kek_version, sealed) VALUES ($1, $2, $3, $4, $5, $6, $7)',
    [tx.tenant, row.name, row.version, row.lease_seconds, row.created_at, row.kek_version, row.sealed],
  )
}

export function deleteVersions(tx: Tx, name: string, before: number): Promise<number> {
  return tx.change('DELETE FROM keys.stored_secret WHERE tenant_id = $1 AND name = $2 AND version < $3', [tx.tenant, name, before])
}

export function deleteName(tx: Tx, name: string): Promise<number> {
  return tx.change('DELETE FROM keys.stored_secret WHERE tenant_id = $1 AND name = $2', [tx.tenant, name])
}
