import type { Id } from '@gatehouse/core/id'
import type { Tx } from '@gatehouse/runtime/data/db'
import { genesisHash } from '../block.ts'
import type { WrappedKey } from '../subject-key.ts'

/** The newest key of a person whose chain is locked by this, as an import locks it. */
export async function lockKeys(tx: Tx, subject: Id<'subject'>): Promise<WrappedKey | undefined> {
  await tx.query('INSERT INTO vault.head (tenant_id, subject_id, sequence, block_hash) VALUES ($1, $2, 0, $3) ON CONFLICT DO NOTHING', [
    tx.tenant,
    subject,
    genesisHash,
  ])
  await tx.query('SELECT 1 FROM vault.head WHERE tenant_id = $1 AND subject_id = $2 FOR UPDATE', [tx.tenant, subject])
  const rows = await tx.query<WrappedKey>(
    `SELECT subject_id, version, kek_version, wrapped FROM vault.subject_key
      WHERE tenant_id = $1 AND subject_id = $2 ORDER BY version DESC LIMIT 1`,
    [tx.tenant, subject],
  )
  return rows[0]
}

export async function findKey(tx: Tx, subject: Id<'subject'>, version: number): Promise<WrappedKey | undefined> {
  const rows = await tx.query<WrappedKey>(
    'SELECT subject_id, version, kek_version, wrapped FROM vault.subject_key WHERE tenant_id = $1 AND subject_id = $2 AND version = $3',
    [tx.tenant, subject, version],
  )
  return rows[0]
}
