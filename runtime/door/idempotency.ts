/**
 * A write that carries an Idempotency-Key happens once: a repeat gives the first answer, the same key with another request is
 * refused. The row is written in the act's own transaction, so it exists exactly if the act does.
 */
import type { Tx } from '../data/db.ts'

export interface Remembered {
  readonly operation: string
  readonly request_digest: Uint8Array
  readonly status: number
  readonly response: unknown
}

export const idempotencyKeyMax = 128
export const idempotencyHours = 24

/** @returns the earlier answer, or `undefined` when the key is new and now belongs to this act */
export async function claimKey(tx: Tx, principal: string, key: string, operation: string, digest: Uint8Array, now: string): Promise<Remembered | undefined> {
  const claimed = await tx.change(
    {
      name: 'idempotency-claim',
      text: `INSERT INTO work.idempotency (tenant_id, principal, key, operation, request_digest, status, response, created_at)
        VALUES ($1, $2, $3, $4, $5, 0, 'null', $6) ON CONFLICT DO NOTHING`,
    },
    [tx.tenant, principal, key, operation, digest, now],
  )
  if (claimed === 1) return undefined
  const rows = await tx.query<Remembered>(
    {
      name: 'idempotency-read',
      text: 'SELECT operation, request_digest, status, response FROM work.idempotency WHERE tenant_id = $1 AND principal = $2 AND key = $3',
    },
    [tx.tenant, principal, key],
  )
  return rows[0]
}

export async function keepAnswer(tx: Tx, principal: string, key: string, status: number, response: unknown): Promise<void> {
  await tx.query(
    { name: 'idempotency-keep', text: 'UPDATE work.idempotency SET status = $4, response = $5 WHERE tenant_id = $1 AND principal = $2 AND key = $3' },
    [tx.tenant, principal, key, status, JSON.stringify(response ?? null)],
  )
}

/** Forgets keys older than a day. Runs in the node's own scope. */
export async function forgetOldKeys(tx: Tx, before: string): Promise<number> {
  return tx.change('DELETE FROM work.idempotency WHERE created_at < $1', [before])
}
