/** The SQL of backups, in the node's own scope. */
import type { Instant } from '@gatehouse/core/instant'
import type { Tx } from '@gatehouse/runtime/data/db'
import type { Backup } from './schema.ts'

const columns = 'id, made_at, bytes, opens_until, tried_at, fault, gone_at'

/** Newest first. */
export function listBackups(tx: Tx, limit: number): Promise<Backup[]> {
  return tx.query<Backup>(`SELECT ${columns} FROM backups.backup WHERE tenant_id = $1 ORDER BY made_at DESC, id DESC LIMIT $2`, [tx.tenant, limit])
}

export async function keepBackup(tx: Tx, backup: Pick<Backup, 'id' | 'made_at' | 'bytes' | 'opens_until'>): Promise<void> {
  await tx.change(
    `INSERT INTO backups.backup (tenant_id, id, made_at, bytes, opens_until) VALUES ($1, $2, $3, $4, $5)
      ON CONFLICT (tenant_id, id) DO UPDATE SET opens_until = excluded.opens_until, gone_at = NULL`,
    [tx.tenant, backup.id, backup.made_at, backup.bytes, backup.opens_until],
  )
}

export function keepTrial(tx: Tx, id: string, at: Instant, fault: string | null): Promise<number> {
  return tx.change('UPDATE backups.backup SET tried_at = $3, fault = $4 WHERE tenant_id = $1 AND id = $2', [tx.tenant, id, at, fault])
}

/** All but these are not in the folder. */
export function markGone(tx: Tx, there: readonly string[], at: Instant): Promise<number> {
  return tx.change('UPDATE backups.backup SET gone_at = $3 WHERE tenant_id = $1 AND gone_at IS NULL AND id <> ALL($2::text[])', [tx.tenant, there, at])
}
