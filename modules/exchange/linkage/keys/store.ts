import type { Id } from '@gatehouse/core/id'
import type { Instant } from '@gatehouse/core/instant'
import type { Tx } from '@gatehouse/runtime/data/db'

export interface KeyRow {
  readonly id: Id<'link_key'>
  readonly version: number
  readonly not_before: Instant
  readonly not_after: Instant | null
  readonly made_by: string
  readonly made_at: Instant
  readonly ended_by: string | null
}

const columns = 'id, version, not_before, not_after, made_by, made_at, ended_by'

/** Oldest first. */
export function keyRows(tx: Tx, project: Id<'project'>): Promise<KeyRow[]> {
  return tx.query<KeyRow>({ name: 'linkage.keys', text: `SELECT ${columns} FROM linkage.key WHERE tenant_id = $1 AND project_id = $2 ORDER BY version` }, [
    tx.tenant,
    project,
  ])
}

/** @returns false where another has made this version already */
export async function insertKey(tx: Tx, project: Id<'project'>, row: Omit<KeyRow, 'not_after' | 'ended_by'>): Promise<boolean> {
  const inserted = await tx.change(
    `INSERT INTO linkage.key (tenant_id, project_id, id, version, not_before, made_by, made_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
      ON CONFLICT (tenant_id, project_id, version) DO NOTHING`,
    [tx.tenant, project, row.id, row.version, row.not_before, row.made_by, row.made_at],
  )
  return inserted === 1
}

/** Those that end later, or with the project, end at this moment. */
export async function endKeys(tx: Tx, project: Id<'project'>, versions: readonly number[], at: Instant, by: string): Promise<void> {
  await tx.change(
    `UPDATE linkage.key SET not_after = $4, ended_by = $5
      WHERE tenant_id = $1 AND project_id = $2 AND version = ANY($3) AND (not_after IS NULL OR not_after > $4)`,
    [tx.tenant, project, versions, at, by],
  )
}
