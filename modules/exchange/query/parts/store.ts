import type { Id } from '@gatehouse/core/id'
import type { Instant } from '@gatehouse/core/instant'
import type { Tx } from '@gatehouse/runtime/data/db'
import type { PartAnswer } from './schema.ts'
import { openPartStates, type PartState } from './states.ts'

// Parts: what other nodes do for a run of this one

/** Where the sealed tables of a part lie here, by the name of the source: which object each part of the file is. */
export interface ReceivedFile {
  readonly tenant: string
  readonly file: string
  readonly blobs: Readonly<Record<string, string>>
}

export interface PartRow {
  readonly run_id: Id<'query_run'>
  readonly peer: string
  readonly project_id: Id<'project'>
  readonly attempt: number
  readonly state: PartState
  readonly reason: string | null
  readonly sources: readonly string[]
  readonly key_id: string
  readonly message_id: Id<'message'>
  readonly asked_at: Instant
  readonly deadline_at: Instant
  readonly changed_at: Instant
  readonly answer: PartAnswer | null
  readonly tables: Readonly<Record<string, ReceivedFile>> | null
}

const partColumns = 'run_id, peer, project_id, attempt, state, reason, sources, key_id, message_id, asked_at, deadline_at, changed_at, answer, tables'

/** The first time, or anew where its tables could not be opened. */
export async function putPart(tx: Tx, row: Omit<PartRow, 'changed_at' | 'answer' | 'tables' | 'state' | 'reason'>): Promise<void> {
  await tx.change(
    `INSERT INTO query.part (tenant_id, run_id, peer, project_id, attempt, state, sources, key_id, message_id, asked_at, deadline_at, changed_at)
      VALUES ($1, $2, $3, $4, $5, 'asked', $6, $7, $8, $9, $10, $9)
      ON CONFLICT (tenant_id, run_id, peer) DO UPDATE
        SET attempt = excluded.attempt, state = 'asked', reason = NULL, message_id = excluded.message_id, changed_at = excluded.asked_at, answer = NULL, tables = NULL`,
    [tx.tenant, row.run_id, row.peer, row.project_id, row.attempt, row.sources, row.key_id, row.message_id, row.asked_at, row.deadline_at],
  )
}

export function partsOf(tx: Tx, run: Id<'query_run'>, lock = false): Promise<PartRow[]> {
  return tx.query<PartRow>(`SELECT ${partColumns} FROM query.part WHERE tenant_id = $1 AND run_id = $2 ORDER BY peer${lock ? ' FOR UPDATE' : ''}`, [
    tx.tenant,
    run,
  ])
}

export async function findPart(tx: Tx, run: Id<'query_run'>, peer: string): Promise<PartRow | undefined> {
  const text = `SELECT ${partColumns} FROM query.part WHERE tenant_id = $1 AND run_id = $2 AND peer = $3 FOR UPDATE`
  return (await tx.query<PartRow>(text, [tx.tenant, run, peer]))[0]
}

export async function movePart(
  tx: Tx,
  { run_id, peer, state: from }: Pick<PartRow, 'run_id' | 'peer' | 'state'>,
  to: PartState,
  at: Instant,
  said: { readonly reason?: string; readonly answer?: PartAnswer; readonly tables?: PartRow['tables'] } = {},
): Promise<boolean> {
  const moved = await tx.change(
    `UPDATE query.part SET state = $5, changed_at = $6, reason = $7, answer = $8, tables = $9 WHERE tenant_id = $1 AND run_id = $2 AND peer = $3 AND state = $4`,
    [
      tx.tenant,
      run_id,
      peer,
      from,
      to,
      at,
      said.reason ?? null,
      said.answer ? JSON.stringify(said.answer) : null,
      said.tables ? JSON.stringify(said.tables) : null,
    ],
  )
  return moved === 1
}

/** Of every tenant: for the loop, in the node's scope. */
export function openParts(tx: Tx, limit: number): Promise<{ tenant_id: Id<'tenant'>; run_id: Id<'query_run'>; peer: string }[]> {
  return tx.query('SELECT tenant_id, run_id, peer FROM query.part WHERE state = ANY($1) ORDER BY run_id LIMIT $2', [openPartStates, limit])
}

// Errands: what this node does for a run of another

export interface ErrandRow {
  readonly run_id: Id<'query_run'>
  readonly peer: string
  readonly foreign_run: Id<'query_run'>
  readonly foreign_plan_hash: string
  readonly attempt: number
  readonly project_id: Id<'project'>
  readonly sources: readonly string[]
  readonly audience: string
  readonly key_id: string
  readonly asked_at: Instant
  readonly deadline_at: Instant
  readonly told_by: Id<'message'> | null
  readonly emptied_at: Instant | null
}

const errandColumns = 'run_id, peer, foreign_run, foreign_plan_hash, attempt, project_id, sources, audience, key_id, asked_at, deadline_at, told_by, emptied_at'

export async function insertErrand(tx: Tx, row: Omit<ErrandRow, 'told_by' | 'emptied_at'>): Promise<void> {
  await tx.change(
    `INSERT INTO query.errand (tenant_id, run_id, peer, foreign_run, foreign_plan_hash, attempt, project_id, sources, audience, key_id, asked_at, deadline_at)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
    [
      tx.tenant,
      row.run_id,
      row.peer,
      row.foreign_run,
      row.foreign_plan_hash,
      row.attempt,
      row.project_id,
      row.sources,
      row.audience,
      row.key_id,
      row.asked_at,
      row.deadline_at,
    ],
  )
}

export async function errandOf(tx: Tx, run: Id<'query_run'>, lock = false): Promise<ErrandRow | undefined> {
  const text = `SELECT ${errandColumns} FROM query.errand WHERE tenant_id = $1 AND run_id = $2${lock ? ' FOR UPDATE' : ''}`
  return (await tx.query<ErrandRow>(text, [tx.tenant, run]))[0]
}

/** Every attempt that was asked for of one run of the peer. */
export function errandsFor(tx: Tx, peer: string, foreignRun: string): Promise<ErrandRow[]> {
  return tx.query<ErrandRow>(`SELECT ${errandColumns} FROM query.errand WHERE tenant_id = $1 AND peer = $2 AND foreign_run = $3 ORDER BY attempt`, [
    tx.tenant,
    peer,
    foreignRun,
  ])
}

export async function setTold(tx: Tx, run: Id<'query_run'>, message: Id<'message'>): Promise<void> {
  await tx.change('UPDATE query.errand SET told_by = $3 WHERE tenant_id = $1 AND run_id = $2', [tx.tenant, run, message])
}

export async function setEmptied(tx: Tx, run: Id<'query_run'>, at: Instant): Promise<void> {
  await tx.change('UPDATE query.errand SET emptied_at = $3 WHERE tenant_id = $1 AND run_id = $2', [tx.tenant, run, at])
}

/** Of every tenant: for the loop, in the node's scope. */
export function openErrands(tx: Tx, limit: number): Promise<{ tenant_id: Id<'tenant'>; run_id: Id<'query_run'> }[]> {
  return tx.query('SELECT tenant_id, run_id FROM query.errand WHERE emptied_at IS NULL ORDER BY run_id LIMIT $1', [limit])
}

export async function foreignPlan(tx: Tx, project: Id<'project'>, peer: string, hash: string): Promise<Id<'query_plan'> | undefined> {
  const rows = await tx.query<{ plan_id: Id<'query_plan'> }>(
    'SELECT plan_id FROM query.foreign_plan WHERE tenant_id = $1 AND project_id = $2 AND peer = $3 AND foreign_hash = $4',
    [tx.tenant, project, peer, hash],
  )
  return rows[0]?.plan_id
}

export async function insertForeignPlan(tx: Tx, project: Id<'project'>, peer: string, hash: string, plan: Id<'query_plan'>): Promise<void> {
  await tx.change('INSERT INTO query.foreign_plan (tenant_id, project_id, peer, foreign_hash, plan_id) VALUES ($1, $2, $3, $4, $5)', [
    tx.tenant,
    project,
    peer,
    hash,
    plan,
  ])
}
