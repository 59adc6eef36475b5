import type { Instant } from '@gatehouse/core/instant'
import type { Tx } from '@gatehouse/runtime/data/db'

export interface MailboxRow {
  readonly address: string
  readonly registered: string | null
  readonly standing: 'proposed' | 'admitted' | 'excluded' | null
  readonly last_poll_at: Instant | null
  readonly failures: number
  readonly last_error: string | null
}

const columns = 'address, registered, standing, last_poll_at, failures, last_error'

export function listMailboxes(tx: Tx): Promise<MailboxRow[]> {
  return tx.query<MailboxRow>(`SELECT ${columns} FROM federation.mailbox WHERE tenant_id = $1 ORDER BY address`, [tx.tenant])
}

/** The institution's own, and those of its peers. */
export async function addressesOf(tx: Tx, own: string | null): Promise<string[]> {
  const rows = await tx.query<{ mailbox: string }>(
    `SELECT DISTINCT mailbox FROM federation.peer WHERE tenant_id = $1 AND state IN ('approved', 'suspended') ORDER BY mailbox`,
    [tx.tenant],
  )
  return [...new Set([...(own === null ? [] : [own]), ...rows.map(({ mailbox }) => mailbox)])]
}

/** Takes the turn at a mailbox: until then nobody else of this node polls it. @returns `undefined` where it is not due */
export async function claimMailbox(tx: Tx, address: string, now: Instant, until: Instant): Promise<MailboxRow | undefined> {
  const rows = await tx.query<MailboxRow>(
    `INSERT INTO federation.mailbox AS m (tenant_id, address, next_poll_at) VALUES ($1, $2, $4)
      ON CONFLICT (tenant_id, address) DO UPDATE SET next_poll_at = $4 WHERE m.next_poll_at <= $3 RETURNING ${columns}`,
    [tx.tenant, address, now, until],
  )
  return rows[0]
}

export async function noteRegistered(tx: Tx, address: string, fingerprint: string, standing: MailboxRow['standing']): Promise<void> {
  await tx.query('UPDATE federation.mailbox SET registered = $3, standing = $4 WHERE tenant_id = $1 AND address = $2', [
    tx.tenant,
    address,
    fingerprint,
    standing,
  ])
}

export interface Polled {
  readonly at: Instant
  readonly next: Instant
  /** What went wrong, in a word; absent where nothing did. */
  readonly error?: string
}

export async function notePolled(tx: Tx, address: string, { at, next, error }: Polled): Promise<void> {
  await tx.query(
    `UPDATE federation.mailbox SET next_poll_at = $4, last_error = $5, failures = CASE WHEN $5::text IS NULL THEN 0 ELSE failures + 1 END,
        last_poll_at = CASE WHEN $5::text IS NULL THEN $3 ELSE last_poll_at END WHERE tenant_id = $1 AND address = $2`,
    [tx.tenant, address, at, next, error ?? null],
  )
}

/** Nothing is waited for any more at that mailbox. */
export async function pollNow(tx: Tx, now: Instant): Promise<void> {
  await tx.query('UPDATE federation.mailbox SET next_poll_at = $2 WHERE tenant_id = $1', [tx.tenant, now])
}

export async function countFault(tx: Tx, address: string, sender: string, reason: string, now: Instant): Promise<void> {
  await tx.query(
    `INSERT INTO federation.fault (tenant_id, address, sender, reason, count, last_at) VALUES ($1, $2, $3, $4, 1, $5)
      ON CONFLICT (tenant_id, address, sender, reason) DO UPDATE SET count = fault.count + 1, last_at = $5`,
    [tx.tenant, address, sender, reason, now],
  )
}

export interface FaultRow {
  readonly address: string
  readonly sender: string
  readonly reason: string
  readonly count: number
  readonly last_at: Instant
}

export function listFaults(tx: Tx, limit: number): Promise<FaultRow[]> {
  return tx.query<FaultRow>('SELECT address, sender, reason, count, last_at FROM federation.fault WHERE tenant_id = $1 ORDER BY last_at DESC LIMIT $2', [
    tx.tenant,
    limit,
  ])
}
