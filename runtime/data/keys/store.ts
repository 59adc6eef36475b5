import type { Instant } from '@gatehouse/core/instant'
import type { Tx } from '../db.ts'

export interface KekRow {
  readonly version: number
  readonly wrapped: Uint8Array
}

export interface SecretRow {
  readonly kek_version: number
  readonly wrapped: Uint8Array
}

export async function newestKek(tx: Tx): Promise<KekRow | undefined> {
  return (await tx.query<KekRow>('SELECT version, wrapped FROM keys.kek WHERE tenant_id = $1 ORDER BY version DESC LIMIT 1', [tx.tenant]))[0]
}

export async function findKek(tx: Tx, version: number): Promise<KekRow | undefined> {
  return (await tx.query<KekRow>('SELECT version, wrapped FROM keys.kek WHERE tenant_id = $1 AND version = $2', [tx.tenant, version]))[0]
}

export function listKeks(tx: Tx): Promise<{ version: number; created_at: Instant }[]> {
  return tx.query('SELECT version, created_at FROM keys.kek WHERE tenant_id = $1 ORDER BY version', [tx.tenant])
}

export async function insertKek(tx: Tx, version: number, wrapped: Uint8Array): Promise<void> {
  await tx.query('INSERT INTO keys.kek (tenant_id, version, wrapped) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING', [tx.tenant, version, wrapped])
}

export async function findSecret(tx: Tx, name: string): Promise<SecretRow | undefined> {
  return (await tx.query<SecretRow>('SELECT kek_version, wrapped FROM keys.secret WHERE tenant_id = $1 AND name = $2', [tx.tenant, name]))[0]
}

export async function insertSecret(tx: Tx, name: string, kekVersion: number, wrapped: Uint8Array): Promise<void> {
  await tx.query('INSERT INTO keys.secret (tenant_id, name, kek_version, wrapped) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING', [
    tx.tenant,
    name,
    kekVersion,
    wrapped,
  ])
}

/** True when any tenant has a key: the database has been sealed before, so a missing root key is a loss and not a beginning. */
export async function isSealed(tx: Tx): Promise<boolean> {
  const rows = await tx.query<{ sealed: boolean }>('SELECT EXISTS (SELECT 1 FROM keys.kek) AS sealed')
  return rows[0]?.sealed === true
}
