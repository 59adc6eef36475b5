/** Rows of the institution that runs the node. The loop looks in the node's scope, so each statement names its tenant. */
import type { Id } from '@gatehouse/core/id'
import type { Instant } from '@gatehouse/core/instant'
import type { Tx } from '@gatehouse/runtime/data/db'
import type { ErasedCounts } from '@gatehouse/runtime/door/node'
import type { Certificate, Statement } from '../certificate.ts'
import type { InstitutionErasure } from './schema.ts'
import type { InstitutionState } from './states.ts'

export interface SealedHead {
  readonly origin: string
  readonly size: number
  readonly root: string
}

export interface InstitutionRow extends InstitutionErasure {
  readonly tenant_id: Id<'tenant'>
  readonly settling_since: Instant | null
  readonly sealed_head: SealedHead | null
  readonly sealed_at: Instant | null
  readonly statement: Statement | null
  readonly entry_id: Id<'entry'> | null
  readonly certificate: Certificate | null
}

const columns = `tenant_id, id, target AS institution, state, reference, requested_by, requested_at, due_at, begun_at, settling_since, sealed_head, sealed_at,
  counts, statement, entry_id, certificate, ended_at`

export type NewInstitutionErasure = Pick<InstitutionRow, 'tenant_id' | 'id' | 'institution' | 'reference' | 'requested_by' | 'requested_at' | 'due_at'>

/** False when there is one that was not cancelled. */
export async function insertInstitutionErasure(tx: Tx, row: NewInstitutionErasure): Promise<boolean> {
  const inserted = await tx.change(
    `INSERT INTO retention.institution_erasure (tenant_id, id, target, state, reference, requested_by, requested_at, due_at)
      VALUES ($1, $2, $3, 'waiting', $4, $5, $6, $7) ON CONFLICT DO NOTHING`,
    [row.tenant_id, row.id, row.institution, row.reference, row.requested_by, row.requested_at, row.due_at],
  )
  return inserted === 1
}

export async function findInstitutionErasure(tx: Tx, tenant: Id<'tenant'>, id: Id<'erasure'>, lock = false): Promise<InstitutionRow | undefined> {
  const rows = await tx.query<InstitutionRow>(
    `SELECT ${columns} FROM retention.institution_erasure WHERE tenant_id = $1 AND id = $2${lock ? ' FOR UPDATE' : ''}`,
    [tenant, id],
  )
  return rows[0]
}

export function listInstitutionErasures(tx: Tx, limit: number): Promise<InstitutionRow[]> {
  return tx.query(`SELECT ${columns} FROM retention.institution_erasure WHERE tenant_id = $1 ORDER BY id DESC LIMIT $2`, [tx.tenant, limit])
}

/** What the loop has to carry on; those that wait, once their time has come. */
export function dueInstitutionErasures(tx: Tx, now: Instant): Promise<Pick<InstitutionRow, 'tenant_id' | 'id'>[]> {
  return tx.query(
    `SELECT tenant_id, id FROM retention.institution_erasure
      WHERE state IN ('erasing', 'erased') OR state IN ('waiting', 'held') AND due_at <= $1 ORDER BY id`,
    [now],
  )
}

export interface InstitutionStep {
  readonly state?: InstitutionState
  readonly begunAt?: Instant
  readonly settling?: boolean
  readonly sealedHead?: SealedHead | 'none'
  readonly sealedAt?: Instant
  readonly counts?: ErasedCounts
  readonly statement?: Statement
  readonly entry?: Id<'entry'>
  readonly certificate?: Certificate
  readonly endedAt?: Instant
}

export async function moveInstitutionErasure(tx: Tx, { tenant_id, id }: Pick<InstitutionRow, 'tenant_id' | 'id'>, step: InstitutionStep): Promise<void> {
  await tx.change(
    `UPDATE retention.institution_erasure SET state = coalesce($3, state), begun_at = coalesce($4, begun_at),
        settling_since = CASE WHEN $5 THEN clock_timestamp() ELSE settling_since END, sealed_head = coalesce($6::jsonb, sealed_head), sealed_at = coalesce($7, sealed_at),
        counts = coalesce($8::jsonb, counts), statement = coalesce($9::jsonb, statement), entry_id = coalesce($10::uuid, entry_id),
        certificate = coalesce($11::jsonb, certificate), ended_at = coalesce($12, ended_at)
      WHERE tenant_id = $1 AND id = $2`,
    [
      tenant_id,
      id,
      step.state ?? null,
      step.begunAt ?? null,
      step.settling ?? false,
      step.sealedHead === 'none' ? null : json(step.sealedHead),
      step.sealedAt ?? null,
      json(step.counts),
      json(step.statement),
      step.entry ?? null,
      json(step.certificate),
      step.endedAt ?? null,
    ],
  )
}

const json = (value: unknown): string | null => (value === undefined ? null : JSON.stringify(value))

/** Whether any legal hold of the institution is in force, on whomever. In the transaction of that institution. */
export async function anyHold(tx: Tx): Promise<boolean> {
  return (await tx.query('SELECT 1 FROM retention.hold WHERE tenant_id = $1 AND lifted_at IS NULL LIMIT 1', [tx.tenant])).length > 0
}
