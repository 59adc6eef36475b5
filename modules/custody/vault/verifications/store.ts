/** What checks of the chains found, and the one that is going on. */
import type { Id } from '@gatehouse/core/id'
import type { Instant } from '@gatehouse/core/instant'
import type { Tx } from '@gatehouse/runtime/data/db'
import type { ChainFault } from '../schema.ts'

export interface VerificationRow {
  readonly id: Id<'entry'>
  readonly started_at: Instant
  readonly finished_at: Instant
  readonly subjects: number
  readonly blocks: number
  readonly unreadable: number
  readonly fault_count: number
  readonly faults: readonly ChainFault[]
}

export async function insertVerification(tx: Tx, row: VerificationRow): Promise<void> {
  await tx.query(
    `INSERT INTO vault.verification (tenant_id, id, started_at, finished_at, subjects, blocks, unreadable, fault_count, faults) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [tx.tenant, row.id, row.started_at, row.finished_at, row.subjects, row.blocks, row.unreadable, row.fault_count, JSON.stringify(row.faults)],
  )
}

export function listVerifications(tx: Tx, before: Id<'entry'> | undefined, limit: number): Promise<VerificationRow[]> {
  return tx.query(
    `SELECT id, started_at, finished_at, subjects, blocks, unreadable, fault_count, faults FROM vault.verification
      WHERE tenant_id = $1 AND ($2::uuid IS NULL OR id < $2) ORDER BY id DESC LIMIT $3`,
    [tx.tenant, before ?? null, limit],
  )
}

export interface VerifyingRow {
  readonly started_at: Instant
  readonly blocks: number
  readonly of_blocks: number
}

export async function readVerifying(tx: Tx): Promise<VerifyingRow | undefined> {
  return (await tx.query<VerifyingRow>('SELECT started_at, blocks, of_blocks FROM vault.verifying WHERE tenant_id = $1', [tx.tenant]))[0]
}

export async function tellVerifying(tx: Tx, { started_at, blocks, of_blocks }: VerifyingRow): Promise<void> {
  await tx.query(
    {
      name: 'vault-verifying',
      text: `INSERT INTO vault.verifying (tenant_id, started_at, blocks, of_blocks) VALUES ($1, $2, $3, $4)
        ON CONFLICT (tenant_id) DO UPDATE SET started_at = excluded.started_at, blocks = excluded.blocks, of_blocks = excluded.of_blocks`,
    },
    [tx.tenant, started_at, blocks, of_blocks],
  )
}

export async function endVerifying(tx: Tx): Promise<void> {
  await tx.query('DELETE FROM vault.verifying WHERE tenant_id = $1', [tx.tenant])
}
