import type { Id } from '@gatehouse/core/id'
import type { Tx } from '@gatehouse/runtime/data/db'
import type { Submission } from './schema.ts'

export async function insertSubmission(tx: Tx, one: Submission): Promise<void> {
  await tx.query(
    `INSERT INTO approvals.submission (tenant_id, id, kind, author, title, reference, reasons, teams, deadline_days, submitted_at, changed_at)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
    [
      tx.tenant,
      one.id,
      one.kind,
      one.author,
      one.title,
      one.reference,
      one.reasons,
      JSON.stringify(one.teams),
      one.deadline_days,
      one.submitted_at,
      one.changed_at,
    ],
  )
}

/** Held until the transaction ends, so that it does not change between a vote and what follows from it. */
export async function lockSubmission(tx: Tx, id: string): Promise<Submission | undefined> {
  const rows = await tx.query<Submission>(
    `SELECT id, kind, author::text, title, reference, reasons, teams, deadline_days, submitted_at, changed_at FROM approvals.submission
      WHERE tenant_id = $1 AND id = $2 FOR UPDATE`,
    [tx.tenant, id],
  )
  return rows[0]
}

export async function changeSubmission(tx: Tx, one: Submission): Promise<void> {
  await tx.query(
    `UPDATE approvals.submission SET title = $3, reference = $4, reasons = $5, teams = $6, deadline_days = $7, changed_at = $8 WHERE tenant_id = $1 AND id = $2`,
    [tx.tenant, one.id as Id<'submission'>, one.title, one.reference, one.reasons, JSON.stringify(one.teams), one.deadline_days, one.changed_at],
  )
}
