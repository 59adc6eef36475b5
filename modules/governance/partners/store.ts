import { type Id, parseId } from '@gatehouse/core/id'
import type { Instant } from '@gatehouse/core/instant'
import type { Standing } from '@gatehouse/policy/document'
import type { Tx } from '@gatehouse/runtime/data/db'
import type { Partner, ReceiverKeyEntry, ReceiverKeyKind } from './schema.ts'

const columns = 'id, reference, name, status, expires_at, reason, created_at'
const keyColumns = 'id, kind, thumbprint, label, not_after, created_at'

export async function partnerById(tx: Tx, id: Id<'partner'>): Promise<Partner | undefined> {
  const rows = await tx.query<Partner>({ name: 'partners-by-id', text: `SELECT ${columns} FROM partners.partner WHERE tenant_id = $1 AND id = $2` }, [
    tx.tenant,
    id,
  ])
  return rows[0]
}

async function partnerByReference(tx: Tx, reference: string): Promise<Partner | undefined> {
  const rows = await tx.query<Partner>(
    { name: 'partners-by-reference', text: `SELECT ${columns} FROM partners.partner WHERE tenant_id = $1 AND reference = $2` },
    [tx.tenant, reference],
  )
  return rows[0]
}

export function findPartner(tx: Tx, idOrReference: string): Promise<Partner | undefined> {
  const id = parseId<'partner'>(idOrReference)
  return id === undefined ? partnerByReference(tx, idOrReference) : partnerById(tx, id)
}

/** Holds the partner until the act ends, so that two changes of one partner happen one after the other. */
export async function lockPartner(tx: Tx, idOrReference: string): Promise<Partner | undefined> {
  const id = parseId<'partner'>(idOrReference)
  const rows = await tx.query<Partner>(
    `SELECT ${columns} FROM partners.partner WHERE tenant_id = $1 AND ${id === undefined ? 'reference' : 'id'} = $2 FOR UPDATE`,
    [tx.tenant, id ?? idOrReference],
  )
  return rows[0]
}

/** @returns false when the reference is taken */
export async function insertPartner(tx: Tx, partner: Partner): Promise<boolean> {
  const inserted = await tx.change(
    `INSERT INTO partners.partner (tenant_id, ${columns}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (tenant_id, reference) DO NOTHING`,
    [tx.tenant, partner.id, partner.reference, partner.name, partner.status, partner.expires_at, partner.reason, partner.created_at],
  )
  return inserted === 1
}

export async function updatePartner(tx: Tx, { id, name, status, expires_at, reason }: Partner): Promise<void> {
  await tx.query('UPDATE partners.partner SET name = $3, status = $4, expires_at = $5, reason = $6 WHERE tenant_id = $1 AND id = $2', [
    tx.tenant,
    id,
    name,
    status,
    expires_at,
    reason,
  ])
}

/**
 * A change of standing waits for whoever holds it, and whoever comes to hold it waits for the change: what is given is given before
 * the change or not at all. The lock ends with the act, and is no row's, so that giving writes nothing here.
 */
const standingLock = (partner: Id<'partner'>) => [`partner ${partner}`]

export async function lockStanding(tx: Tx, partner: Id<'partner'>): Promise<void> {
  await tx.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', standingLock(partner))
}

/** The partner as it is now, and stays until the act ends. */
export async function holdPartner(tx: Tx, id: Id<'partner'>): Promise<Partner | undefined> {
  const lock = { name: 'partners-hold', text: 'SELECT pg_advisory_xact_lock_shared(hashtextextended($1, 0))' }
  // Sent together and answered in order: what is read is read under the lock.
  const [, partner] = await Promise.all([tx.query(lock, standingLock(id)), partnerById(tx, id)])
  return partner
}

/** Partners of all institutions whose date has come, as the node asks. */
export function duePartners(tx: Tx, now: Instant, limit: number): Promise<{ tenant_id: Id<'tenant'>; id: Id<'partner'> }[]> {
  return tx.query("SELECT tenant_id, id FROM partners.partner WHERE status = 'active' AND expires_at <= $1 ORDER BY expires_at LIMIT $2", [now, limit])
}

/** Ids grow with time, so the order of the ids is the order of creation and the last id of a page is its cursor. */
export function listPartners(tx: Tx, after: Id<'partner'> | undefined, status: Standing | undefined, now: Instant, limit: number): Promise<Partner[]> {
  return tx.query<Partner>(
    `SELECT ${columns} FROM partners.partner
      WHERE tenant_id = $1 AND ($2::uuid IS NULL OR id > $2) AND ($3::text IS NULL OR $3 = CASE WHEN status = 'active' AND expires_at <= $4 THEN 'expired' ELSE status END)
      ORDER BY id LIMIT $5`,
    [tx.tenant, after ?? null, status ?? null, now, limit],
  )
}

export function listKeys(tx: Tx, partner: Id<'partner'>): Promise<ReceiverKeyEntry[]> {
  return tx.query<ReceiverKeyEntry>(
    { name: 'partners-keys', text: `SELECT ${keyColumns} FROM partners.receiver_key WHERE tenant_id = $1 AND partner_id = $2 ORDER BY id` },
    [tx.tenant, partner],
  )
}

/** @returns false when the key is registered already, for this partner or another */
export async function insertKey(tx: Tx, partner: Id<'partner'>, key: ReceiverKeyEntry): Promise<boolean> {
  const inserted = await tx.change(
    `INSERT INTO partners.receiver_key (tenant_id, partner_id, ${keyColumns}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
      ON CONFLICT (tenant_id, thumbprint) DO NOTHING`,
    [tx.tenant, partner, key.id, key.kind, key.thumbprint, key.label, key.not_after, key.created_at],
  )
  return inserted === 1
}

/** @returns the thumbprint of the key that is gone, or `undefined` when there was none */
export async function deleteKey(tx: Tx, partner: Id<'partner'>, key: Id<'key'>): Promise<string | undefined> {
  const rows = await tx.query<{ thumbprint: string }>(
    'DELETE FROM partners.receiver_key WHERE tenant_id = $1 AND partner_id = $2 AND id = $3 RETURNING thumbprint',
    [tx.tenant, partner, key],
  )
  return rows[0]?.thumbprint
}

export interface ReceiverKey {
  readonly thumbprint: string
  readonly kind: ReceiverKeyKind
  /** The end of a certificate's validity; the caller compares it with its own clock. */
  readonly not_after?: Instant
}

export async function receiverKeys(tx: Tx, partner: Id<'partner'>): Promise<ReceiverKey[]> {
  return (await listKeys(tx, partner)).map(({ thumbprint, kind, not_after }) => ({ thumbprint, kind, ...(not_after === null ? {} : { not_after }) }))
}
