/**
 * A write that carries an Idempotency-Key happens once: a repeat gives the first answer, the same key with another request is
 * refused. The row is written in the act's own transaction, so it exists exactly if the act does. An answer may hold a person's
 * values and a request may be guessed from a plain digest, so the one is sealed and the other hashed under the tenant's key.
 */
import { canonicalJson } from '@gatehouse/core/canonical-json'
import type { Id } from '@gatehouse/core/id'
import { open, seal } from '@gatehouse/crypto/aead'
import { fromBase64, lengthPrefixed, toBase64, utf8, utf8Text } from '@gatehouse/crypto/bytes'
import type { Tx } from '../data/db.ts'
import type { Keys } from '../data/keys/keys.ts'

export interface Remembered {
  readonly operation: string
  readonly request_digest: Uint8Array
  readonly status: number
  /** Sealed; `null` for an answer that is shown once. */
  readonly response: string | null
}

export const idempotencyKeyMax = 128
export const idempotencyHours = 24

export interface AnswerSeal {
  digest(request: unknown): Uint8Array
  /** What is kept of an answer; nothing but a place for one that is shown once. */
  seal(principal: string, key: string, answer: unknown): string
  open(principal: string, key: string, sealed: string): unknown
}

export async function answerSeal({ primitives, secret }: Keys, tenant: Id<'tenant'>): Promise<AnswerSeal> {
  const [digestKey, answerKey] = await Promise.all([secret(tenant, 'door/requests'), secret(tenant, 'door/answers')])
  const place = (principal: string, key: string) => lengthPrefixed(['gatehouse/answer/v1', tenant, principal, key])
  return {
    digest: (request) => primitives.hmacSha256(digestKey, utf8(canonicalJson(request ?? null))),
    seal: (principal, key, answer) => toBase64(seal(primitives, answerKey, utf8(JSON.stringify(answer)), place(principal, key))),
    open(principal, key, sealed) {
      const bytes = open(primitives, answerKey, fromBase64(sealed) ?? new Uint8Array(), place(principal, key))
      const text = bytes === undefined ? undefined : utf8Text(bytes)
      if (text === undefined) throw new Error('the answer kept for an Idempotency-Key does not open: its row was changed or moved')
      return JSON.parse(text)
    },
  }
}

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

export async function keepAnswer(tx: Tx, principal: string, key: string, status: number, response: string | null): Promise<void> {
  await tx.query(
    { name: 'idempotency-keep', text: 'UPDATE work.idempotency SET status = $4, response = $5 WHERE tenant_id = $1 AND principal = $2 AND key = $3' },
    [tx.tenant, principal, key, status, JSON.stringify(response)],
  )
}

/** Forgets keys older than a day. Runs in the node's own scope. */
export async function forgetOldKeys(tx: Tx, before: string): Promise<number> {
  return tx.change('DELETE FROM work.idempotency WHERE created_at < $1', [before])
}

/**
 * Drops the answers, which may hold a person's data and do not say whose, and keeps the keys: a request that is repeated is told
 * that it was carried out, and is not carried out twice.
 */
export async function blankAnswers(tx: Tx): Promise<number> {
  return tx.change(`UPDATE work.idempotency SET response = 'null' WHERE tenant_id = $1 AND status <> 0 AND response <> 'null'`, [tx.tenant])
}
