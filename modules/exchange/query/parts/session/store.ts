import type { Id } from '@gatehouse/core/id'
import type { Instant } from '@gatehouse/core/instant'
import type { SessionTerms } from '@gatehouse/query/session/terms'
import type { Tx } from '@gatehouse/runtime/data/db'
import type { ReceivedFile } from '../store.ts'
import type { BodyOf, Round, SessionBody } from './schema.ts'

type Run = Id<'query_run'>

export interface SessionRow {
  readonly id: Run
  readonly kek_version: number | null
  readonly wrapped: Uint8Array | null
  readonly due: boolean
  readonly terms: SessionTerms | null
}

export async function findSession(tx: Tx, id: Run): Promise<SessionRow | undefined> {
  const text = 'SELECT id, kek_version, wrapped, due, terms FROM query.session WHERE tenant_id = $1 AND id = $2 FOR UPDATE'
  return (await tx.query<SessionRow>(text, [tx.tenant, id]))[0]
}

export async function insertSession(tx: Tx, row: Pick<SessionRow, 'id' | 'kek_version' | 'wrapped'>, at: Instant): Promise<void> {
  await tx.change('INSERT INTO query.session (tenant_id, id, kek_version, wrapped, begun_at) VALUES ($1, $2, $3, $4, $5)', [
    tx.tenant,
    row.id,
    row.kek_version,
    row.wrapped,
    at,
  ])
}

/** @returns whether there is a session that looks again */
export async function setDue(tx: Tx, id: Run, due: boolean): Promise<boolean> {
  return (await tx.change('UPDATE query.session SET due = $3 WHERE tenant_id = $1 AND id = $2', [tx.tenant, id, due])) === 1
}

/** What was agreed on stays. */
export async function setTerms(tx: Tx, id: Run, terms: SessionTerms): Promise<boolean> {
  const set = 'UPDATE query.session SET terms = $3 WHERE tenant_id = $1 AND id = $2 AND terms IS NULL'
  return (await tx.change(set, [tx.tenant, id, JSON.stringify(terms)])) === 1
}

/** With it go the node's share of the key and its blind: no item of the session is ever opened or made again. */
export async function forgetSeed(tx: Tx, id: Run): Promise<void> {
  await tx.change('UPDATE query.session SET kek_version = NULL, wrapped = NULL WHERE tenant_id = $1 AND id = $2', [tx.tenant, id])
}

export interface WordRow<Body extends SessionBody = SessionBody> {
  readonly peer: string
  readonly round: Round
  readonly body: Body
  readonly files: Readonly<Record<string, ReceivedFile>> | null
  /** Of what this node said. */
  readonly message_id: Id<'message'> | null
}

export function wordsOf(tx: Tx, id: Run): Promise<WordRow[]> {
  return tx.query<WordRow>('SELECT peer, round, body, files, message_id FROM query.session_word WHERE tenant_id = $1 AND id = $2 ORDER BY at', [tx.tenant, id])
}

export function wordIn<R extends Round>(words: readonly WordRow[], peer: string, round: R): WordRow<BodyOf<R>> | undefined {
  return words.find((word) => word.peer === peer && word.round === round) as WordRow<BodyOf<R>> | undefined
}

/** @returns false where this round has passed between the two before: each is said, and heard, once */
export async function insertWord(tx: Tx, id: Run, { peer, round, body, files, message_id }: WordRow, at: Instant): Promise<boolean> {
  const inserted = await tx.change(
    `INSERT INTO query.session_word (tenant_id, id, peer, round, body, files, message_id, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING`,
    [tx.tenant, id, peer, round, JSON.stringify(body), files === null ? null : JSON.stringify(files), message_id, at],
  )
  return inserted === 1
}

export async function deleteSession(tx: Tx, id: Run): Promise<void> {
  await tx.change('DELETE FROM query.session WHERE tenant_id = $1 AND id = $2', [tx.tenant, id])
}

/** Of every tenant: for the loop, in the node's scope. */
export function sessions(tx: Tx, limit: number): Promise<{ tenant_id: Id<'tenant'>; id: Run }[]> {
  return tx.query('SELECT tenant_id, id FROM query.session ORDER BY id LIMIT $1', [limit])
}
