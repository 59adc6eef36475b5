/** The SQL of letters. */
import type { Id } from '@gatehouse/core/id'
import type { Instant } from '@gatehouse/core/instant'
import type { Tx } from '@gatehouse/runtime/data/db'

export interface LetterRow {
  readonly id: Id<'letter'>
  readonly address: string
  readonly subject: string
  readonly text: string
  readonly attempts: number
}

export async function insertLetter(tx: Tx, letter: Omit<LetterRow, 'attempts'>, now: Instant): Promise<void> {
  await tx.query('INSERT INTO monitoring.letter (tenant_id, id, address, subject, text, created_at) VALUES ($1, $2, $3, $4, $5, $6)', [
    tx.tenant,
    letter.id,
    letter.address,
    letter.subject,
    letter.text,
    now,
  ])
}

/** Counted before it is tried, so that an attempt whose process ends counts too. */
export async function beginLetter(tx: Tx, id: Id<'letter'>, attemptsMax: number): Promise<LetterRow | undefined> {
  const rows = await tx.query<LetterRow>(
    `UPDATE monitoring.letter SET attempts = attempts + 1 WHERE tenant_id = $1 AND id = $2 AND state = 'pending' AND attempts < $3
      RETURNING id, address, subject, text, attempts`,
    [tx.tenant, id, attemptsMax],
  )
  return rows[0]
}

export async function endLetter(
  tx: Tx,
  id: Id<'letter'>,
  { state, error, at }: { readonly state: 'pending' | 'sent' | 'kept' | 'dead'; readonly error?: string; readonly at: Instant | null },
): Promise<void> {
  await tx.query('UPDATE monitoring.letter SET state = $3, last_error = $4, ended_at = $5 WHERE tenant_id = $1 AND id = $2', [
    tx.tenant,
    id,
    state,
    error ?? null,
    at,
  ])
}

export async function deadLetters(tx: Tx): Promise<number> {
  const rows = await tx.query<{ count: number }>(`SELECT count(*) AS count FROM monitoring.letter WHERE tenant_id = $1 AND state = 'dead'`, [tx.tenant])
  return rows[0]?.count ?? 0
}

/** For all tenants at once. */
export async function forgetLetters(tx: Tx, before: Instant): Promise<void> {
  await tx.query(`DELETE FROM monitoring.letter WHERE created_at < $1 AND state <> 'pending'`, [before])
}
