/** The SQL of imports. */
import type { Id } from '@gatehouse/core/id'
import type { Instant } from '@gatehouse/core/instant'
import type { Tx } from '@gatehouse/runtime/data/db'
import type { Mapping } from '@gatehouse/tabular/mapping'
import type { Format } from '@gatehouse/tabular/reader'
import type { Progress, Reject } from '../schema.ts'

export const importStatuses = ['open', 'running', 'finished', 'failed', 'stopped'] as const
export type ImportStatus = (typeof importStatuses)[number]

export interface ImportRow {
  readonly id: Id<'import'>
  readonly record_type_id: Id<'record_type'>
  readonly slug: string
  readonly version: number
  readonly mapping: Mapping
  readonly format: Format | null
  readonly status: ImportStatus
  readonly created_at: Instant
  readonly progressed_at: Instant
  readonly progress: Progress
  readonly rejects: readonly Reject[]
}

export async function insertImport(
  tx: Tx,
  row: { id: Id<'import'>; recordType: Id<'record_type'>; mapping: Mapping; format: Format | undefined; at: Instant; progress: Progress },
): Promise<void> {
  await tx.query(
    `INSERT INTO vault.import (tenant_id, id, record_type_id, mapping, format, status, created_at, progressed_at, progress) VALUES ($1, $2, $3, $4, $5, 'open', $6, $6, $7)`,
    [tx.tenant, row.id, row.recordType, JSON.stringify(row.mapping), row.format ?? null, row.at, JSON.stringify(row.progress)],
  )
}

export async function findImport(tx: Tx, id: Id<'import'>, lock: 'lock' | 'read' = 'read'): Promise<ImportRow | undefined> {
  const rows = await tx.query<ImportRow>(
    `SELECT i.id, i.record_type_id, t.slug, t.version, i.mapping, i.format, i.status, i.created_at, i.progressed_at, i.progress, i.rejects
      FROM vault.import i JOIN vault.record_type t ON t.tenant_id = i.tenant_id AND t.id = i.record_type_id
      WHERE i.tenant_id = $1 AND i.id = $2 ${lock === 'lock' ? 'FOR UPDATE OF i' : ''}`,
    [tx.tenant, id],
  )
  return rows[0]
}

export function listImports(
  tx: Tx,
  { before, status, limit }: { before: Id<'import'> | undefined; status: ImportStatus | undefined; limit: number },
): Promise<Omit<ImportRow, 'mapping' | 'rejects'>[]> {
  return tx.query(
    `SELECT i.id, i.record_type_id, t.slug, t.version, i.format, i.status, i.created_at, i.progressed_at, i.progress
      FROM vault.import i JOIN vault.record_type t ON t.tenant_id = i.tenant_id AND t.id = i.record_type_id
      WHERE i.tenant_id = $1 AND ($2::uuid IS NULL OR i.id < $2) AND ($3::text IS NULL OR i.status = $3)
      ORDER BY i.id DESC LIMIT $4`,
    [tx.tenant, before ?? null, status ?? null, limit],
  )
}

interface ImportMove {
  readonly status: ImportStatus
  readonly at: Instant
  readonly progress: Progress
  readonly rejects?: readonly Reject[]
}

export async function moveImport(tx: Tx, id: Id<'import'>, move: ImportMove): Promise<void> {
  await tx.query(
    {
      name: 'vault-import-move',
      text: `UPDATE vault.import SET status = $3, progressed_at = $4, progress = $5, rejects = coalesce($6, rejects) WHERE tenant_id = $1 AND id = $2`,
    },
    [tx.tenant, id, move.status, move.at, JSON.stringify(move.progress), move.rejects === undefined ? null : JSON.stringify(move.rejects)],
  )
}

/** Moves an import as long as it runs. @returns false where somebody has stopped it */
export async function advanceImport(tx: Tx, id: Id<'import'>, move: ImportMove): Promise<boolean> {
  const moved = await tx.change(
    {
      name: 'vault-import-advance',
      text: `UPDATE vault.import SET status = $3, progressed_at = $4, progress = $5, rejects = coalesce($6, rejects) WHERE tenant_id = $1 AND id = $2 AND status = 'running'`,
    },
    [tx.tenant, id, move.status, move.at, JSON.stringify(move.progress), move.rejects === undefined ? null : JSON.stringify(move.rejects)],
  )
  return moved === 1
}
