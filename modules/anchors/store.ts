import type { Id } from '@gatehouse/core/id'
import type { Instant } from '@gatehouse/core/instant'
import type { Tx } from '@gatehouse/runtime/data/db'
import type { AnchorFault, Receipt, Reference } from './anchor.ts'
import type { NewTarget } from './schema.ts'
import type { AnchorState } from './states.ts'

export type TargetRow = NewTarget & { readonly id: Id<'anchor_target'>; readonly state: 'active' | 'removed'; readonly created_at: Instant }

const targetColumns = 'id, kind, name, settings, every_minutes, state, created_at'

/** @returns false when there are `max` already */
export async function insertTarget(tx: Tx, row: TargetRow, max: number): Promise<boolean> {
  const inserted = await tx.change(
    `INSERT INTO anchors.target (tenant_id, id, kind, name, settings, every_minutes, state, created_at)
      SELECT $1, $2, $3, $4, $5::jsonb, $6, $7, $8 WHERE (SELECT count(*) FROM anchors.target WHERE tenant_id = $1 AND state = 'active') < $9`,
    [tx.tenant, row.id, row.kind, row.name, JSON.stringify(row.settings), row.every_minutes, row.state, row.created_at, max],
  )
  return inserted === 1
}

export function listTargets(tx: Tx): Promise<TargetRow[]> {
  return tx.query(`SELECT ${targetColumns} FROM anchors.target WHERE tenant_id = $1 ORDER BY id`, [tx.tenant])
}

export async function removeTarget(tx: Tx, id: Id<'anchor_target'>): Promise<TargetRow | undefined> {
  const [row] = await tx.query<TargetRow>(`SELECT ${targetColumns} FROM anchors.target WHERE tenant_id = $1 AND id = $2 FOR UPDATE`, [tx.tenant, id])
  if (row?.state === 'active') await tx.query(`UPDATE anchors.target SET state = 'removed' WHERE tenant_id = $1 AND id = $2`, [tx.tenant, id])
  return row
}

/** In the node's scope: whose jobs there are. */
export async function tenantsWithTargets(tx: Tx): Promise<Id<'tenant'>[]> {
  const rows = await tx.query<{ tenant: Id<'tenant'> }>(`SELECT DISTINCT tenant_id AS tenant FROM anchors.target WHERE state = 'active'`)
  return rows.map((row) => row.tenant)
}

/** One turn per tenant at a time, in whatever process. Held until the transaction ends. */
export async function takeTurn(tx: Tx): Promise<boolean> {
  const [row] = await tx.query<{ alone: boolean }>(`SELECT pg_try_advisory_xact_lock(hashtextextended('anchors ' || $1, 0)) AS alone`, [tx.tenant])
  return row?.alone === true
}

export interface AnchorRow {
  readonly id: Id<'anchor'>
  readonly target_id: Id<'anchor_target'>
  readonly size: number
  readonly root: Uint8Array
  readonly checkpoint: string
  readonly state: AnchorState
  readonly attempts: number
  readonly losses: number
  readonly reference: Reference | null
  readonly depth: number | null
  readonly receipt: Receipt | null
  readonly fault: AnchorFault | null
  readonly last_error: string | null
  readonly created_at: Instant
  readonly sent_at: Instant | null
  readonly confirmed_at: Instant | null
  /** When a turn last did something about it. */
  readonly looked_at: Instant | null
}

const columns =
  'id, target_id, size, root, checkpoint, state, attempts, losses, reference, depth, receipt, fault, last_error, created_at, sent_at, confirmed_at, looked_at'

export function openAnchors(tx: Tx, target: Id<'anchor_target'>, limit: number): Promise<AnchorRow[]> {
  return tx.query(
    `SELECT ${columns} FROM anchors.anchor WHERE tenant_id = $1 AND target_id = $2 AND state IN ('pending', 'sent', 'confirmed') ORDER BY size LIMIT $3`,
    [tx.tenant, target, limit],
  )
}

export async function anchorById(tx: Tx, id: Id<'anchor'>): Promise<AnchorRow | undefined> {
  return (await tx.query<AnchorRow>(`SELECT ${columns} FROM anchors.anchor WHERE tenant_id = $1 AND id = $2`, [tx.tenant, id]))[0]
}

export async function newestAnchor(tx: Tx, target: Id<'anchor_target'>): Promise<AnchorRow | undefined> {
  const rows = await tx.query<AnchorRow>(`SELECT ${columns} FROM anchors.anchor WHERE tenant_id = $1 AND target_id = $2 ORDER BY size DESC, id DESC LIMIT 1`, [
    tx.tenant,
    target,
  ])
  return rows[0]
}

export async function insertAnchor(tx: Tx, row: Pick<AnchorRow, 'id' | 'target_id' | 'size' | 'root' | 'checkpoint' | 'created_at'>): Promise<void> {
  await tx.query(
    `INSERT INTO anchors.anchor (tenant_id, target_id, id, size, root, checkpoint, state, created_at) VALUES ($1, $2, $3, $4, $5, $6, 'pending', $7)`,
    [tx.tenant, row.target_id, row.id, row.size, row.root, row.checkpoint, row.created_at],
  )
}

export interface AnchorChange {
  readonly state: AnchorState
  readonly reference: Reference | null
  readonly depth: number | null
  readonly receipt: Receipt | null
  readonly fault: AnchorFault | null
  readonly last_error: string | null
  readonly sent_at: Instant | null
  readonly confirmed_at: Instant | null
  readonly attempts: number
  readonly losses: number
}

/** Only from the state it was read in: a step that somebody else has made meanwhile is not made twice. */
export async function changeAnchor(tx: Tx, row: AnchorRow, to: AnchorChange, now: Instant): Promise<boolean> {
  const changed = await tx.change(
    `UPDATE anchors.anchor SET state = $5, reference = $6::jsonb, depth = $7, receipt = $8::jsonb, last_error = $9, sent_at = $10, confirmed_at = $11,
        attempts = $12, losses = $13, looked_at = $14, fault = $15
      WHERE tenant_id = $1 AND target_id = $2 AND id = $3 AND state = $4`,
    [
      tx.tenant,
      row.target_id,
      row.id,
      row.state,
      to.state,
      to.reference === null ? null : JSON.stringify(to.reference),
      to.depth,
      to.receipt === null ? null : JSON.stringify(to.receipt),
      to.last_error,
      to.sent_at,
      to.confirmed_at,
      to.attempts,
      to.losses,
      now,
      to.fault,
    ],
  )
  return changed === 1
}

export function listAnchors(
  tx: Tx,
  filter: { target: Id<'anchor_target'> | undefined; state: AnchorState | undefined; before: Id<'anchor'> | undefined },
  limit: number,
): Promise<AnchorRow[]> {
  return tx.query(
    `SELECT ${columns} FROM anchors.anchor
      WHERE tenant_id = $1 AND ($2::uuid IS NULL OR target_id = $2) AND ($3::text IS NULL OR state = $3) AND ($4::uuid IS NULL OR id < $4)
      ORDER BY id DESC LIMIT $5`,
    [tx.tenant, filter.target ?? null, filter.state ?? null, filter.before ?? null, limit],
  )
}

/** With a receipt that an outsider can check, smallest first. */
export function confirmedAnchors(tx: Tx, limit: number): Promise<(AnchorRow & { kind: 'evm' | 'time_stamp' })[]> {
  return tx.query(
    `SELECT a.*, t.kind FROM anchors.anchor a JOIN anchors.target t ON t.tenant_id = a.tenant_id AND t.id = a.target_id
      WHERE a.tenant_id = $1 AND a.state IN ('confirmed', 'final') ORDER BY a.size DESC, a.id LIMIT $2`,
    [tx.tenant, limit],
  )
}

export interface TargetStanding {
  readonly target_id: Id<'anchor_target'>
  readonly last_size: number | null
  readonly last_confirmed_at: Instant | null
  readonly waiting: number
  readonly fault: AnchorFault | null
  readonly last_error: string | null
}

export function standings(tx: Tx): Promise<TargetStanding[]> {
  return tx.query(
    `SELECT target_id, max(size) FILTER (WHERE state IN ('confirmed', 'final')) AS last_size, max(confirmed_at) AS last_confirmed_at,
        count(*) FILTER (WHERE state IN ('pending', 'sent')) AS waiting,
        (array_agg(fault ORDER BY id DESC) FILTER (WHERE state IN ('pending', 'sent')))[1] AS fault,
        (array_agg(last_error ORDER BY id DESC) FILTER (WHERE state IN ('pending', 'sent')))[1] AS last_error
      FROM anchors.anchor WHERE tenant_id = $1 GROUP BY target_id`,
    [tx.tenant],
  )
}
