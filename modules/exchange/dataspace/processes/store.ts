import type { Id } from '@gatehouse/core/id'
import type { Instant } from '@gatehouse/core/instant'
import type { Tx } from '@gatehouse/runtime/data/db'
import type { Wire } from '../protocol/messages.ts'
import type { ProcessId } from '../schema.ts'
import type { Kind, Role, State } from '../states.ts'

export type ReviewState = 'open' | 'approved' | 'rejected' | 'withdrawn' | 'expired'

export interface ProcessRow {
  readonly tenant_id: Id<'tenant'>
  readonly id: ProcessId
  readonly kind: Kind
  readonly role: Role
  readonly state: State
  readonly partner_id: Id<'partner'>
  readonly other_pid: string | null
  readonly address: string
  readonly dataset: string
  readonly offer_id: string | null
  readonly terms: Wire | null
  readonly terms_ours: boolean
  readonly agreement_id: Id<'agreement'> | null
  readonly format: string | null
  readonly review_id: Id<'review'> | null
  readonly review_state: ReviewState | null
  readonly reason: string | null
  readonly last_received: Uint8Array | null
  readonly token_hash: Uint8Array | null
  readonly token_until: Instant | null
  readonly delivered_at: Instant | null
  readonly started_by: string | null
  readonly created_at: Instant
  readonly changed_at: Instant
}

const columns =
  'tenant_id, id, kind, role, state, partner_id, other_pid, address, dataset, offer_id, terms, terms_ours, agreement_id, format, review_id, review_state, reason, last_received, token_hash, token_until, delivered_at, started_by, created_at, changed_at'
const over = "state IN ('FINALIZED', 'TERMINATED', 'COMPLETED')"

export type NewProcess = Pick<ProcessRow, 'id' | 'kind' | 'role' | 'state' | 'partner_id' | 'other_pid' | 'address' | 'dataset' | 'created_at'> &
  Partial<Pick<ProcessRow, 'offer_id' | 'terms' | 'terms_ours' | 'agreement_id' | 'format' | 'last_received' | 'started_by'>>

/** @returns false when the other side has used its pid before */
export async function insertProcess(tx: Tx, row: NewProcess): Promise<boolean> {
  const inserted = await tx.change(
    `INSERT INTO dataspace.process (tenant_id, id, kind, role, state, partner_id, other_pid, address, dataset, offer_id, terms, terms_ours, agreement_id, format, last_received, started_by, created_at, changed_at)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $17) ON CONFLICT DO NOTHING`,
    [
      tx.tenant,
      row.id,
      row.kind,
      row.role,
      row.state,
      row.partner_id,
      row.other_pid,
      row.address,
      row.dataset,
      row.offer_id ?? null,
      row.terms ?? null,
      row.terms_ours ?? false,
      row.agreement_id ?? null,
      row.format ?? null,
      row.last_received ?? null,
      row.started_by ?? null,
      row.created_at,
    ],
  )
  return inserted === 1
}

export async function findProcess(tx: Tx, id: ProcessId, kind: Kind): Promise<ProcessRow | undefined> {
  return (await tx.query<ProcessRow>(`SELECT ${columns} FROM dataspace.process WHERE tenant_id = $1 AND id = $2 AND kind = $3`, [tx.tenant, id, kind]))[0]
}

/** Holds it until the transaction ends, so that two messages of one process are taken one after the other. */
export async function lockProcess(tx: Tx, id: ProcessId): Promise<ProcessRow | undefined> {
  return (await tx.query<ProcessRow>(`SELECT ${columns} FROM dataspace.process WHERE tenant_id = $1 AND id = $2 FOR UPDATE`, [tx.tenant, id]))[0]
}

export async function processOfOther(
  tx: Tx,
  { partner, kind, role, pid }: { readonly partner: Id<'partner'>; readonly kind: Kind; readonly role: Role; readonly pid: string },
): Promise<ProcessRow | undefined> {
  const rows = await tx.query<ProcessRow>(
    `SELECT ${columns} FROM dataspace.process WHERE tenant_id = $1 AND partner_id = $2 AND kind = $3 AND role = $4 AND other_pid = $5`,
    [tx.tenant, partner, kind, role, pid],
  )
  return rows[0]
}

type Changes = Partial<
  Pick<
    ProcessRow,
    | 'state'
    | 'other_pid'
    | 'terms'
    | 'terms_ours'
    | 'offer_id'
    | 'agreement_id'
    | 'review_id'
    | 'review_state'
    | 'reason'
    | 'last_received'
    | 'token_hash'
    | 'token_until'
    | 'delivered_at'
    | 'changed_at'
  >
>

export async function changeProcess(tx: Tx, id: ProcessId, changes: Changes): Promise<void> {
  const names = Object.keys(changes)
  await tx.query(`UPDATE dataspace.process SET ${names.map((name, at) => `${name} = $${at + 3}`).join(', ')} WHERE tenant_id = $1 AND id = $2`, [
    tx.tenant,
    id,
    ...Object.values(changes),
  ])
}

export async function openCount(tx: Tx, partner: Id<'partner'>): Promise<number> {
  const rows = await tx.query<{ count: number }>(`SELECT count(*) FROM dataspace.process WHERE tenant_id = $1 AND partner_id = $2 AND NOT (${over})`, [
    tx.tenant,
    partner,
  ])
  return rows[0]?.count ?? 0
}

/** Newest first; ids grow with time. */
export function listProcesses(tx: Tx, kind: Kind, before: string | undefined, limit: number, state?: string): Promise<ProcessRow[]> {
  return tx.query<ProcessRow>(
    `SELECT ${columns} FROM dataspace.process
      WHERE tenant_id = $1 AND kind = $2 AND ($3::uuid IS NULL OR id < $3) AND ($4::text IS NULL OR state = $4) ORDER BY id DESC LIMIT $5`,
    [tx.tenant, kind, before ?? null, state ?? null, limit],
  )
}

/** In the node's scope: transfers that may have to end, and negotiations in which nobody has spoken for long. */
export function goingOn(tx: Tx, idleSince: Instant, limit: number): Promise<ProcessRow[]> {
  return tx.query<ProcessRow>(
    `SELECT ${columns} FROM dataspace.process
      WHERE (kind = 'transfer' AND state IN ('STARTED', 'SUSPENDED')) OR (kind = 'negotiation' AND NOT (${over}) AND changed_at < $1) ORDER BY changed_at LIMIT $2`,
    [idleSince, limit],
  )
}

export function startedTransfers(tx: Tx): Promise<ProcessRow[]> {
  return tx.query<ProcessRow>(`SELECT ${columns} FROM dataspace.process WHERE tenant_id = $1 AND kind = 'transfer' AND state IN ('STARTED', 'SUSPENDED')`, [
    tx.tenant,
  ])
}

/** In the node's scope: the token alone says whose it is. */
export async function processByToken(tx: Tx, id: ProcessId, tokenHash: Uint8Array): Promise<ProcessRow | undefined> {
  return (await tx.query<ProcessRow>(`SELECT ${columns} FROM dataspace.process WHERE id = $1 AND token_hash = $2`, [id, tokenHash]))[0]
}

export interface MessageRow {
  readonly id: Id<'delivery'>
  readonly process_id: ProcessId
  readonly direction: 'in' | 'out'
  readonly type: string
  readonly path: string | null
  readonly body: Wire
  readonly state: 'received' | 'queued' | 'sent' | 'refused' | 'undeliverable'
  readonly attempts: number
  readonly status: number | null
  readonly at: Instant
}
const messageColumns = 'id, process_id, direction, type, path, body, state, attempts, status, at'

export async function insertMessage(
  tx: Tx,
  row: Pick<MessageRow, 'id' | 'process_id' | 'direction' | 'type' | 'path' | 'body' | 'state' | 'at'>,
): Promise<void> {
  await tx.query(
    'INSERT INTO dataspace.message (tenant_id, id, process_id, direction, type, path, body, state, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)',
    [tx.tenant, row.id, row.process_id, row.direction, row.type, row.path, row.body, row.state, row.at],
  )
}

/** In the order in which they came and went. */
export function messagesOf(tx: Tx, process: ProcessId): Promise<MessageRow[]> {
  return tx.query<MessageRow>(`SELECT ${messageColumns} FROM dataspace.message WHERE tenant_id = $1 AND process_id = $2 ORDER BY id`, [tx.tenant, process])
}

export async function hasQueued(tx: Tx, process: ProcessId): Promise<boolean> {
  const rows = await tx.query("SELECT 1 FROM dataspace.message WHERE tenant_id = $1 AND process_id = $2 AND state = 'queued' LIMIT 1", [tx.tenant, process])
  return rows.length > 0
}

/** The first that waits, for whoever got it: messages of one process leave in their order, and each from one place at a time. */
export async function claimMessage(tx: Tx, process: ProcessId, now: Instant, until: Instant): Promise<MessageRow | undefined> {
  const rows = await tx.query<MessageRow>(
    `UPDATE dataspace.message SET attempts = attempts + 1, claimed_until = $4
      WHERE tenant_id = $1 AND id = (SELECT id FROM dataspace.message WHERE tenant_id = $1 AND process_id = $2 AND state = 'queued' ORDER BY id LIMIT 1 FOR UPDATE)
        AND (claimed_until IS NULL OR claimed_until <= $3)
      RETURNING ${messageColumns}`,
    [tx.tenant, process, now, until],
  )
  return rows[0]
}

export async function endMessage(tx: Tx, id: Id<'delivery'>, state: MessageRow['state'], status: number | null): Promise<void> {
  await tx.query('UPDATE dataspace.message SET state = $3, status = $4, claimed_until = NULL WHERE tenant_id = $1 AND id = $2', [tx.tenant, id, state, status])
}

/** In the node's scope: what nobody has tried for a while, since whoever should have is gone. */
export function staleMessages(tx: Tx, before: Instant, limit: number): Promise<{ tenant_id: Id<'tenant'>; process_id: ProcessId }[]> {
  return tx.query(
    `SELECT DISTINCT tenant_id, process_id FROM dataspace.message WHERE state = 'queued' AND at < $1 AND (claimed_until IS NULL OR claimed_until < $1) LIMIT $2`,
    [before, limit],
  )
}

export interface AgreementRow {
  readonly id: Id<'agreement'>
  readonly name: string
  readonly negotiation_id: Id<'negotiation'>
  readonly role: Role
  readonly partner_id: Id<'partner'>
  readonly dataset: string
  readonly body: Wire
  readonly policy_id: Id<'policy'> | null
  readonly policy_version: number | null
  readonly agreed_at: Instant
  readonly in_force_at: Instant | null
}
const agreementColumns = 'id, name, negotiation_id, role, partner_id, dataset, body, policy_id, policy_version, agreed_at, in_force_at'

/** @returns false when the other side has called another agreement so */
export async function insertAgreement(tx: Tx, row: Omit<AgreementRow, 'in_force_at'>): Promise<boolean> {
  const inserted = await tx.change(
    `INSERT INTO dataspace.agreement (tenant_id, id, name, negotiation_id, role, partner_id, dataset, body, policy_id, policy_version, agreed_at)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT DO NOTHING`,
    [tx.tenant, row.id, row.name, row.negotiation_id, row.role, row.partner_id, row.dataset, row.body, row.policy_id, row.policy_version, row.agreed_at],
  )
  return inserted === 1
}

export async function beginAgreement(tx: Tx, id: Id<'agreement'>, now: Instant): Promise<void> {
  await tx.query('UPDATE dataspace.agreement SET in_force_at = $3 WHERE tenant_id = $1 AND id = $2 AND in_force_at IS NULL', [tx.tenant, id, now])
}

export async function agreementById(tx: Tx, id: Id<'agreement'>): Promise<AgreementRow | undefined> {
  return (await tx.query<AgreementRow>(`SELECT ${agreementColumns} FROM dataspace.agreement WHERE tenant_id = $1 AND id = $2`, [tx.tenant, id]))[0]
}

export async function agreementNamed(tx: Tx, partner: Id<'partner'>, role: Role, name: string): Promise<AgreementRow | undefined> {
  const rows = await tx.query<AgreementRow>(
    `SELECT ${agreementColumns} FROM dataspace.agreement WHERE tenant_id = $1 AND partner_id = $2 AND role = $3 AND name = $4`,
    [tx.tenant, partner, role, name],
  )
  return rows[0]
}

export function agreementsNewestFirst(tx: Tx, before: string | undefined, limit: number): Promise<AgreementRow[]> {
  return tx.query<AgreementRow>(
    `SELECT ${agreementColumns} FROM dataspace.agreement WHERE tenant_id = $1 AND in_force_at IS NOT NULL AND ($2::uuid IS NULL OR id < $2) ORDER BY id DESC LIMIT $3`,
    [tx.tenant, before ?? null, limit],
  )
}

/** How often data was handed over whole to a partner under a policy, in whatever agreements. */
export async function pullCount(tx: Tx, partner: Id<'partner'>, policy: Id<'policy'>): Promise<number> {
  const rows = await tx.query<{ count: number }>(
    `SELECT count(*) FROM dataspace.pull p JOIN dataspace.agreement a ON a.tenant_id = p.tenant_id AND a.id = p.agreement_id
      WHERE p.tenant_id = $1 AND a.partner_id = $2 AND a.policy_id = $3 AND p.state = 'delivered'`,
    [tx.tenant, partner, policy],
  )
  return rows[0]?.count ?? 0
}

/** @returns false where the data is being fetched already */
export async function beginPull(
  tx: Tx,
  row: { readonly id: Id<'release'>; readonly process: ProcessId; readonly agreement: Id<'agreement'>; readonly at: Instant },
) {
  const inserted = await tx.change(
    "INSERT INTO dataspace.pull (tenant_id, id, process_id, agreement_id, state, begun_at) VALUES ($1, $2, $3, $4, 'running', $5) ON CONFLICT DO NOTHING",
    [tx.tenant, row.id, row.process, row.agreement, row.at],
  )
  return inserted === 1
}

/** @returns false where it was ended before */
export async function endPull(tx: Tx, id: Id<'release'>, state: 'delivered' | 'broken', at: Instant, bytes: number): Promise<boolean> {
  const ended = await tx.change("UPDATE dataspace.pull SET state = $3, ended_at = $4, bytes = $5 WHERE tenant_id = $1 AND id = $2 AND state = 'running'", [
    tx.tenant,
    id,
    state,
    at,
    bytes,
  ])
  return ended === 1
}

/** In the node's scope. Whoever fetched is gone, or the process that served it. */
export async function breakPulls(tx: Tx, begunBefore: Instant, now: Instant): Promise<void> {
  await tx.query("UPDATE dataspace.pull SET state = 'broken', ended_at = $2, bytes = 0 WHERE state = 'running' AND begun_at < $1", [begunBefore, now])
}
