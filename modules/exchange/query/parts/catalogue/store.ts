import type { Id } from '@gatehouse/core/id'
import type { Instant } from '@gatehouse/core/instant'
import type { Tx } from '@gatehouse/runtime/data/db'
import type { ForeignTable } from '../schema.ts'

export interface ForeignRow {
  readonly peer: string
  readonly entry: ForeignTable
  readonly told_at: Instant
}

/** What the peer told before is told no more: a table that is not in its answer may not be seen any longer. */
export async function putForeignTables(tx: Tx, project: Id<'project'>, peer: string, tables: readonly ForeignTable[], at: Instant): Promise<void> {
  await tx.change('DELETE FROM query.foreign_table WHERE tenant_id = $1 AND project_id = $2 AND peer = $3', [tx.tenant, project, peer])
  await tx.change(
    `INSERT INTO query.foreign_table (tenant_id, project_id, peer, reference, entry, told_at)
      SELECT $1, $2, $3, e->>'reference', e, $5 FROM jsonb_array_elements($4::jsonb) AS e ON CONFLICT DO NOTHING`,
    [tx.tenant, project, peer, JSON.stringify(tables), at],
  )
}

export function foreignTables(tx: Tx, project: Id<'project'>): Promise<ForeignRow[]> {
  return tx.query<ForeignRow>('SELECT peer, entry, told_at FROM query.foreign_table WHERE tenant_id = $1 AND project_id = $2 ORDER BY peer, reference', [
    tx.tenant,
    project,
  ])
}

export interface RequestRow {
  readonly peer: string
  readonly message_id: Id<'message'>
  readonly asked_at: Instant
  readonly answered_at: Instant | null
  readonly refused: string | null
}

export async function putRequest(tx: Tx, project: Id<'project'>, { peer, message_id, asked_at }: Pick<RequestRow, 'peer' | 'message_id' | 'asked_at'>) {
  await tx.change(
    `INSERT INTO query.catalogue_request (tenant_id, project_id, peer, message_id, asked_at) VALUES ($1, $2, $3, $4, $5)
      ON CONFLICT (tenant_id, project_id, peer) DO UPDATE SET message_id = excluded.message_id, asked_at = excluded.asked_at, answered_at = NULL, refused = NULL`,
    [tx.tenant, project, peer, message_id, asked_at],
  )
}

/** @returns false where nothing was asked of this peer, or it has answered */
export async function setAnswered(tx: Tx, project: Id<'project'>, peer: string, at: Instant, refused: string | undefined): Promise<boolean> {
  const changed = await tx.change(
    'UPDATE query.catalogue_request SET answered_at = $4, refused = $5 WHERE tenant_id = $1 AND project_id = $2 AND peer = $3 AND answered_at IS NULL',
    [tx.tenant, project, peer, at, refused ?? null],
  )
  return changed === 1
}

export function requestsOf(tx: Tx, project: Id<'project'>): Promise<RequestRow[]> {
  return tx.query<RequestRow>(
    'SELECT peer, message_id, asked_at, answered_at, refused FROM query.catalogue_request WHERE tenant_id = $1 AND project_id = $2 ORDER BY peer',
    [tx.tenant, project],
  )
}
