import type { Id } from '@gatehouse/core/id'
import type { Instant } from '@gatehouse/core/instant'
import type { Tx } from '@gatehouse/runtime/data/db'
import type { ReceivedFile } from '../store.ts'
import type { CompareBody } from './schema.ts'
import type { ComparisonState, EncodingState } from './states.ts'

// Encodings that this node sent

export interface EncodingRow {
  readonly run_id: Id<'query_run'>
  readonly unit: string
  readonly foreign_run: Id<'query_run'>
  readonly state: EncodingState
  readonly reason: string | null
  readonly records: Readonly<Record<string, number>>
  readonly message_id: Id<'message'>
  readonly sent_at: Instant
  readonly groups: Readonly<Record<string, ReceivedFile>> | null
  readonly emptied_at: Instant | null
}

const encodingColumns = 'run_id, unit, foreign_run, state, reason, records, message_id, sent_at, groups, emptied_at'

export async function insertEncoding(tx: Tx, row: Pick<EncodingRow, 'run_id' | 'unit' | 'foreign_run' | 'records' | 'message_id' | 'sent_at'>): Promise<void> {
  await tx.change(
    `INSERT INTO query.encoding (tenant_id, run_id, unit, foreign_run, state, records, message_id, sent_at) VALUES ($1, $2, $3, $4, 'sent', $5, $6, $7)`,
    [tx.tenant, row.run_id, row.unit, row.foreign_run, JSON.stringify(row.records), row.message_id, row.sent_at],
  )
}

export async function encodingOf(tx: Tx, run: Id<'query_run'>, lock = false): Promise<EncodingRow | undefined> {
  const text = `SELECT ${encodingColumns} FROM query.encoding WHERE tenant_id = $1 AND run_id = $2${lock ? ' FOR UPDATE' : ''}`
  return (await tx.query<EncodingRow>(text, [tx.tenant, run]))[0]
}

/** What was sent to this unit for that run, and is not answered. */
export async function openEncoding(tx: Tx, unit: string, foreignRun: string): Promise<EncodingRow | undefined> {
  const text = `SELECT ${encodingColumns} FROM query.encoding WHERE tenant_id = $1 AND unit = $2 AND foreign_run = $3 AND state = 'sent' FOR UPDATE`
  return (await tx.query<EncodingRow>(text, [tx.tenant, unit, foreignRun]))[0]
}

export async function endEncoding(
  tx: Tx,
  run: Id<'query_run'>,
  to: Exclude<EncodingState, 'sent'>,
  said: { readonly reason?: string; readonly groups?: EncodingRow['groups'] },
): Promise<void> {
  await tx.change(`UPDATE query.encoding SET state = $3, reason = $4, groups = $5 WHERE tenant_id = $1 AND run_id = $2 AND state = 'sent'`, [
    tx.tenant,
    run,
    to,
    said.reason ?? null,
    said.groups ? JSON.stringify(said.groups) : null,
  ])
}

export async function setEncodingEmptied(tx: Tx, run: Id<'query_run'>, at: Instant): Promise<void> {
  await tx.change('UPDATE query.encoding SET emptied_at = $3 WHERE tenant_id = $1 AND run_id = $2', [tx.tenant, run, at])
}

/** Of every tenant: for the loop, in the node's scope. */
export function openEncodings(tx: Tx, limit: number): Promise<{ tenant_id: Id<'tenant'>; run_id: Id<'query_run'> }[]> {
  return tx.query('SELECT tenant_id, run_id FROM query.encoding WHERE emptied_at IS NULL ORDER BY run_id LIMIT $1', [limit])
}

/** A run that waits for its groups is looked at at once. */
export async function wake(tx: Tx, run: Id<'query_run'>, at: Instant): Promise<void> {
  await tx.change(`UPDATE query.run SET retry_at = $3 WHERE tenant_id = $1 AND id = $2 AND state = 'waiting' AND reason = 'unit_pending'`, [tx.tenant, run, at])
}

// Comparisons, where this node is the linkage unit

export interface ComparisonRow {
  readonly peer: string
  readonly foreign_run: Id<'query_run'>
  readonly project_id: Id<'project'>
  readonly person: Id<'user'>
  readonly state: ComparisonState
  readonly reason: string | null
  readonly request: CompareBody
  readonly asked_at: Instant
  readonly changed_at: Instant
  readonly deadline_at: Instant
  readonly told_by: readonly Id<'message'>[]
  readonly emptied_at: Instant | null
}

type Name = Pick<ComparisonRow, 'peer' | 'foreign_run'>

const comparisonColumns = 'peer, foreign_run, project_id, person, state, reason, request, asked_at, changed_at, deadline_at, told_by, emptied_at'

/** @returns false where it was asked for before, or the node has asked for too many */
export async function insertComparison(
  tx: Tx,
  row: Pick<ComparisonRow, 'peer' | 'foreign_run' | 'project_id' | 'person' | 'request' | 'asked_at' | 'deadline_at'>,
  openMax: number,
): Promise<boolean> {
  const inserted = await tx.change(
    `INSERT INTO query.comparison (tenant_id, peer, foreign_run, project_id, person, state, request, asked_at, changed_at, deadline_at)
      SELECT $1, $2, $3, $4, $5, 'waiting', $6, $7, $7, $8
        WHERE (SELECT count(*) FROM query.comparison WHERE tenant_id = $1 AND peer = $2 AND state = 'waiting') < $9
      ON CONFLICT DO NOTHING`,
    [tx.tenant, row.peer, row.foreign_run, row.project_id, row.person, JSON.stringify(row.request), row.asked_at, row.deadline_at, openMax],
  )
  return inserted === 1
}

export async function comparisonOf(tx: Tx, { peer, foreign_run }: Name, lock = false): Promise<ComparisonRow | undefined> {
  const text = `SELECT ${comparisonColumns} FROM query.comparison WHERE tenant_id = $1 AND peer = $2 AND foreign_run = $3${lock ? ' FOR UPDATE' : ''}`
  return (await tx.query<ComparisonRow>(text, [tx.tenant, peer, foreign_run]))[0]
}

/** @returns false where it is in another state by now */
export async function moveComparison(
  tx: Tx,
  { peer, foreign_run, state }: Name & Pick<ComparisonRow, 'state'>,
  to: ComparisonState,
  at: Instant,
  said: { readonly reason?: string | undefined; readonly toldBy?: readonly Id<'message'>[] | undefined },
): Promise<boolean> {
  const moved = await tx.change(
    `UPDATE query.comparison SET state = $4, changed_at = $5, reason = $6, told_by = $7
      WHERE tenant_id = $1 AND peer = $2 AND foreign_run = $3 AND state = $8`,
    [tx.tenant, peer, foreign_run, to, at, said.reason ?? null, said.toldBy ?? [], state],
  )
  return moved === 1
}

export async function setComparisonEmptied(tx: Tx, { peer, foreign_run }: Name, at: Instant): Promise<void> {
  await tx.change('UPDATE query.comparison SET emptied_at = $4 WHERE tenant_id = $1 AND peer = $2 AND foreign_run = $3', [tx.tenant, peer, foreign_run, at])
}

/** Of every tenant: for the loop, in the node's scope. */
export function openComparisons(tx: Tx, limit: number): Promise<(Name & { tenant_id: Id<'tenant'> })[]> {
  return tx.query('SELECT tenant_id, peer, foreign_run FROM query.comparison WHERE emptied_at IS NULL ORDER BY foreign_run LIMIT $1', [limit])
}

export interface ReceivedEncodings {
  readonly asker: string
  readonly foreign_run: Id<'query_run'>
  readonly peer: string
  readonly sealed_key: string
  readonly tables: Readonly<Record<string, ReceivedFile & { readonly records: number }>>
  readonly received_at: Instant
  readonly deadline_at: Instant
}

const receivedColumns = 'asker, foreign_run, peer, sealed_key, tables, received_at, deadline_at'

/** @returns false where the node has sent some for this run already, or too many for runs that nobody asked for */
export async function insertReceived(tx: Tx, row: ReceivedEncodings, waitingMax: number): Promise<boolean> {
  const inserted = await tx.change(
    `INSERT INTO query.encodings_received (tenant_id, asker, foreign_run, peer, sealed_key, tables, received_at, deadline_at)
      SELECT $1, $2, $3, $4, $5, $6, $7, $8
        WHERE EXISTS (SELECT FROM query.comparison WHERE tenant_id = $1 AND peer = $2 AND foreign_run = $3)
          OR (SELECT count(*) FROM query.encodings_received WHERE tenant_id = $1 AND peer = $4) < $9
      ON CONFLICT DO NOTHING`,
    [tx.tenant, row.asker, row.foreign_run, row.peer, row.sealed_key, JSON.stringify(row.tables), row.received_at, row.deadline_at, waitingMax],
  )
  return inserted === 1
}

/** In the order of the names of the nodes that sent them. */
export function receivedFor(tx: Tx, { peer, foreign_run }: Name): Promise<ReceivedEncodings[]> {
  const text = `SELECT ${receivedColumns} FROM query.encodings_received WHERE tenant_id = $1 AND asker = $2 AND foreign_run = $3 ORDER BY peer`
  return tx.query<ReceivedEncodings>(text, [tx.tenant, peer, foreign_run])
}

/** @returns the objects that they lie in */
export async function forgetReceived(tx: Tx, { peer, foreign_run }: Name): Promise<string[]> {
  const rows = await tx.query<Pick<ReceivedEncodings, 'tables'>>(
    'DELETE FROM query.encodings_received WHERE tenant_id = $1 AND asker = $2 AND foreign_run = $3 RETURNING tables',
    [tx.tenant, peer, foreign_run],
  )
  return rows.flatMap(({ tables }) => Object.values(tables).flatMap(({ blobs }) => Object.values(blobs)))
}

/** Of every tenant: those whose question never came. For the loop, in the node's scope. */
export function lostEncodings(tx: Tx, now: Instant, limit: number): Promise<(Name & { tenant_id: Id<'tenant'> })[]> {
  return tx.query(
    `SELECT DISTINCT tenant_id, asker AS peer, foreign_run FROM query.encodings_received e
      WHERE deadline_at <= $1 AND NOT EXISTS (SELECT FROM query.comparison c WHERE c.tenant_id = e.tenant_id AND c.peer = e.asker AND c.foreign_run = e.foreign_run)
      LIMIT $2`,
    [now, limit],
  )
}
