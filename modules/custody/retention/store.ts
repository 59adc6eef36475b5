/** The SQL of forgetting. */
import type { Id } from '@gatehouse/core/id'
import type { Instant } from '@gatehouse/core/instant'
import type { Tx } from '@gatehouse/runtime/data/db'
import type { ErasedCounts } from '@gatehouse/runtime/door/node'
import type { Certificate, Statement } from './certificate.ts'
import type { Erasure, Ground, Hold } from './schema.ts'
import type { ErasureState } from './states.ts'

export interface ErasureRow extends Erasure {
  readonly tenant_id: Id<'tenant'>
  readonly commitment: Uint8Array
  readonly settling_since: Instant | null
  readonly statement: Statement | null
  readonly entry_id: Id<'entry'> | null
  readonly certificate: Certificate | null
}

const columns = `tenant_id, id, subject_id, state, commitment, ground, reference, requested_by, requested_at, approved_at, destroyed_at, settling_since,
  purged_at, ended_at, counts, statement, entry_id, certificate`

export interface NewErasure {
  readonly id: Id<'erasure'>
  readonly subject: Id<'subject'>
  readonly commitment: Uint8Array
  readonly state: ErasureState
  readonly ground: Ground
  readonly reference: string | undefined
  readonly requestedBy: string
  readonly requestedAt: Instant
  readonly approvedAt?: Instant | undefined
}

/** False when there is an erasure of this person that was not withdrawn. */
export async function insertErasure(tx: Tx, erasure: NewErasure): Promise<boolean> {
  const inserted = await tx.change(
    `INSERT INTO retention.erasure (tenant_id, subject_id, id, state, commitment, ground, reference, requested_by, requested_at, approved_at)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT DO NOTHING`,
    [
      tx.tenant,
      erasure.subject,
      erasure.id,
      erasure.state,
      erasure.commitment,
      erasure.ground,
      erasure.reference ?? null,
      erasure.requestedBy,
      erasure.requestedAt,
      erasure.approvedAt ?? null,
    ],
  )
  return inserted === 1
}

export async function findErasure(tx: Tx, id: Id<'erasure'>, lock = false): Promise<ErasureRow | undefined> {
  const rows = await tx.query<ErasureRow>(`SELECT ${columns} FROM retention.erasure WHERE tenant_id = $1 AND id = $2${lock ? ' FOR UPDATE' : ''}`, [
    tx.tenant,
    id,
  ])
  return rows[0]
}

/** The person's erasure that was not withdrawn; there is one at most. */
export async function erasureOf(tx: Tx, subject: Id<'subject'>): Promise<ErasureRow | undefined> {
  const rows = await tx.query<ErasureRow>(`SELECT ${columns} FROM retention.erasure WHERE tenant_id = $1 AND subject_id = $2 AND state <> 'withdrawn'`, [
    tx.tenant,
    subject,
  ])
  return rows[0]
}

/** Newest first: ids grow with time. */
export function listErasures(tx: Tx, before: Id<'erasure'> | undefined, state: ErasureState | undefined, limit: number): Promise<ErasureRow[]> {
  return tx.query(
    `SELECT ${columns} FROM retention.erasure WHERE tenant_id = $1 AND ($2::uuid IS NULL OR id < $2) AND ($3::text IS NULL OR state = $3) ORDER BY id DESC LIMIT $4`,
    [tx.tenant, before ?? null, state ?? null, limit],
  )
}

/** Of every institution: what the loop has to carry on, the oldest first. */
export function openErasures(tx: Tx, limit: number): Promise<Pick<ErasureRow, 'tenant_id' | 'id'>[]> {
  return tx.query(
    `SELECT tenant_id, id FROM retention.erasure WHERE state IN ('approved', 'held', 'destroying', 'purged') ORDER BY state = 'held', id LIMIT $1`,
    [limit],
  )
}

export interface ErasureStep {
  readonly state?: ErasureState
  readonly approvedAt?: Instant
  readonly destroyedAt?: Instant
  /** The words that somebody gave the request are forgotten. */
  readonly blank?: boolean
  readonly settling?: boolean
  readonly purgedAt?: Instant
  readonly endedAt?: Instant
  readonly counts?: ErasedCounts
  readonly statement?: Statement
  readonly entry?: Id<'entry'>
  readonly certificate?: Certificate
}

export async function moveErasure(tx: Tx, row: Pick<ErasureRow, 'subject_id' | 'id'>, step: ErasureStep): Promise<void> {
  await tx.change(
    `UPDATE retention.erasure SET state = coalesce($4, state), approved_at = coalesce($5, approved_at), destroyed_at = coalesce($6, destroyed_at),
        settling_since = CASE WHEN $7 THEN clock_timestamp() ELSE settling_since END, purged_at = coalesce($8, purged_at), ended_at = coalesce($9, ended_at),
        counts = coalesce($10::jsonb, counts), statement = coalesce($11::jsonb, statement), entry_id = coalesce($12::uuid, entry_id),
        certificate = coalesce($13::jsonb, certificate), reference = CASE WHEN $14 THEN NULL ELSE reference END
      WHERE tenant_id = $1 AND subject_id = $2 AND id = $3`,
    [
      tx.tenant,
      row.subject_id,
      row.id,
      step.state ?? null,
      step.approvedAt ?? null,
      step.destroyedAt ?? null,
      step.settling ?? false,
      step.purgedAt ?? null,
      step.endedAt ?? null,
      json(step.counts),
      json(step.statement),
      step.entry ?? null,
      json(step.certificate),
      step.blank ?? false,
    ],
  )
}

const json = (value: unknown): string | null => (value === undefined ? null : JSON.stringify(value))

/** Whether a transaction is still open that began before the keys were destroyed and may write by what it saw then. */
export async function othersSince(tx: Tx, since: Instant): Promise<boolean> {
  const rows = await tx.query<{ open: boolean }>(
    `SELECT EXISTS (SELECT FROM pg_stat_activity
      WHERE datname = current_database() AND pid <> pg_backend_pid() AND xact_start < $1::timestamptz + interval '1 millisecond' AND backend_type = 'client backend') AS open`,
    [since],
  )
  return rows[0]?.open === true
}

// Holds

const nobody = '00000000-0000-0000-0000-000000000000'
const holdColumns = `id, scope, NULLIF(subject_id, '${nobody}') AS subject_id, record_type, matter, placed_by, placed_at, lifted_by, lifted_at`

export async function insertHold(tx: Tx, hold: Omit<Hold, 'lifted_by' | 'lifted_at'>): Promise<void> {
  await tx.change(
    'INSERT INTO retention.hold (tenant_id, subject_id, id, scope, record_type, matter, placed_by, placed_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)',
    [tx.tenant, hold.subject_id ?? nobody, hold.id, hold.scope, hold.record_type, hold.matter, hold.placed_by, hold.placed_at],
  )
}

export async function lockHold(tx: Tx, id: Id<'hold'>): Promise<Hold | undefined> {
  return (await tx.query<Hold>(`SELECT ${holdColumns} FROM retention.hold WHERE tenant_id = $1 AND id = $2 FOR UPDATE`, [tx.tenant, id]))[0]
}

export async function liftHold(tx: Tx, id: Id<'hold'>, by: string, at: Instant): Promise<void> {
  await tx.change('UPDATE retention.hold SET lifted_by = $3, lifted_at = $4 WHERE tenant_id = $1 AND id = $2', [tx.tenant, id, by, at])
}

export function listHolds(tx: Tx, before: Id<'hold'> | undefined, inForce: boolean | undefined, limit: number): Promise<Hold[]> {
  return tx.query(
    `SELECT ${holdColumns} FROM retention.hold WHERE tenant_id = $1 AND ($2::uuid IS NULL OR id < $2) AND ($3::boolean IS NULL OR (lifted_at IS NULL) = $3)
      ORDER BY id DESC LIMIT $4`,
    [tx.tenant, before ?? null, inForce ?? null, limit],
  )
}

/** What holds the person now: by name, by a record type that the person has, or with everybody. */
export function holdsOn(tx: Tx, subject: Id<'subject'>, recordTypes: readonly string[]): Promise<Hold[]> {
  return tx.query(
    `SELECT ${holdColumns} FROM retention.hold WHERE tenant_id = $1 AND lifted_at IS NULL
      AND (subject_id = $2 OR scope = 'institution' OR scope = 'record_type' AND record_type = ANY($3::text[])) ORDER BY id`,
    [tx.tenant, subject, recordTypes],
  )
}

/** Of these persons by name, of record types, and of the institution. */
export function holdsInForce(tx: Tx, subjects: readonly Id<'subject'>[]): Promise<Hold[]> {
  return tx.query(
    `SELECT ${holdColumns} FROM retention.hold WHERE tenant_id = $1 AND lifted_at IS NULL AND (scope <> 'person' OR subject_id = ANY($2::uuid[]))`,
    [tx.tenant, subjects],
  )
}

/** Words about a person that stand in holds, lifted long ago. Holds in force stop the erasure before it comes here. */
export async function blankHolds(tx: Tx, subject: Id<'subject'>): Promise<number> {
  return tx.change(`UPDATE retention.hold SET matter = '(erased)' WHERE tenant_id = $1 AND subject_id = $2 AND matter <> '(erased)'`, [tx.tenant, subject])
}

/** Two who place a hold and begin to destroy at the same moment come one after the other. */
export async function lockRetention(tx: Tx): Promise<void> {
  await tx.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`retention ${tx.tenant}`])
}
