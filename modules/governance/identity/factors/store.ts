/** The SQL of factors, recovery codes and remembered devices. */
import type { Id } from '@gatehouse/core/id'
import type { Instant } from '@gatehouse/core/instant'
import type { Tx } from '@gatehouse/runtime/data/db'
import type { FactorKind } from '../schema.ts'

type Tenant = Id<'tenant'>
type User = Id<'user'>

export interface FactorRow {
  readonly tenant_id: Tenant
  readonly id: Id<'factor'>
  readonly user_id: User
  readonly kind: FactorKind
  readonly label: string
  readonly created_at: Instant
  readonly confirmed_at: Instant | null
  readonly last_used_at: Instant | null
  readonly sealed: Uint8Array | null
  readonly last_step: number
  readonly credential_id: string | null
  readonly public_key: Uint8Array | null
  readonly counter: number
  readonly transports: readonly string[]
}

const columns =
  'tenant_id, id, user_id, kind, label, created_at, confirmed_at, last_used_at, sealed, last_step::float8 AS last_step, credential_id, public_key, counter::float8 AS counter, transports'

/** @returns false when the passkey is somebody's already */
export async function insertFactor(tx: Tx, factor: Omit<FactorRow, 'last_used_at' | 'last_step'>): Promise<boolean> {
  return (
    (await tx.change(
      `INSERT INTO identity.factor (tenant_id, id, user_id, kind, label, created_at, confirmed_at, sealed, credential_id, public_key, counter, transports)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT DO NOTHING`,
      [
        factor.tenant_id,
        factor.id,
        factor.user_id,
        factor.kind,
        factor.label,
        factor.created_at,
        factor.confirmed_at,
        factor.sealed,
        factor.credential_id,
        factor.public_key,
        factor.counter,
        factor.transports,
      ],
    )) === 1
  )
}

/** All that the user has confirmed, oldest first. */
export async function factorsOf(tx: Tx, tenant: Tenant, user: string): Promise<FactorRow[]> {
  return tx.query<FactorRow>(`SELECT ${columns} FROM identity.factor WHERE tenant_id = $1 AND user_id = $2 AND confirmed_at IS NOT NULL ORDER BY id`, [
    tenant,
    user,
  ])
}

/** Locked, so that a code or a counter serves once. */
export async function lockFactor(tx: Tx, tenant: Tenant, user: string, id: Id<'factor'>): Promise<FactorRow | undefined> {
  return (
    await tx.query<FactorRow>(`SELECT ${columns} FROM identity.factor WHERE tenant_id = $1 AND user_id = $2 AND id = $3 FOR UPDATE`, [tenant, user, id])
  )[0]
}

export async function lockFactorsOf(tx: Tx, tenant: Tenant, user: string): Promise<FactorRow[]> {
  return tx.query<FactorRow>(
    `SELECT ${columns} FROM identity.factor WHERE tenant_id = $1 AND user_id = $2 AND confirmed_at IS NOT NULL ORDER BY id FOR UPDATE`,
    [tenant, user],
  )
}

/** In the node's scope: whose passkey is it? The user's handle, where the authenticator told it, leaves one; the signature decides. */
export async function lockFactorByCredential(tx: Tx, credential: string, user: string | undefined): Promise<FactorRow | undefined> {
  return (
    await tx.query<FactorRow>(
      `SELECT ${columns} FROM identity.factor WHERE credential_id = $1 AND confirmed_at IS NOT NULL AND ($2::text IS NULL OR user_id::text = $2) ORDER BY tenant_id LIMIT 1 FOR UPDATE`,
      [credential, user ?? null],
    )
  )[0]
}

/** A factor that was begun and never confirmed makes room for the next attempt. */
export async function deleteUnconfirmed(tx: Tx, tenant: Tenant, user: string, kind: FactorKind): Promise<void> {
  await tx.change('DELETE FROM identity.factor WHERE tenant_id = $1 AND user_id = $2 AND kind = $3 AND confirmed_at IS NULL', [tenant, user, kind])
}

export async function confirmFactor(tx: Tx, tenant: Tenant, id: Id<'factor'>, now: Instant): Promise<void> {
  await tx.change('UPDATE identity.factor SET confirmed_at = $3 WHERE tenant_id = $1 AND id = $2', [tenant, id, now])
}

export async function usedFactor(
  tx: Tx,
  tenant: Tenant,
  id: Id<'factor'>,
  now: Instant,
  used: { readonly step?: number; readonly counter?: number },
): Promise<void> {
  await tx.change(
    'UPDATE identity.factor SET last_used_at = $3, last_step = coalesce($4::bigint, last_step), counter = coalesce($5::bigint, counter) WHERE tenant_id = $1 AND id = $2',
    [tenant, id, now, used.step ?? null, used.counter ?? null],
  )
}

export async function deleteFactor(tx: Tx, tenant: Tenant, user: string, id: Id<'factor'>): Promise<boolean> {
  return (await tx.change('DELETE FROM identity.factor WHERE tenant_id = $1 AND user_id = $2 AND id = $3', [tenant, user, id])) === 1
}

/** Everything by which the user proves more than a password, and every browser that is not asked. */
export async function deleteFactorsOf(tx: Tx, tenant: Tenant, user: string): Promise<number> {
  await tx.change('DELETE FROM identity.recovery_code WHERE tenant_id = $1 AND user_id = $2', [tenant, user])
  await tx.change('DELETE FROM identity.device WHERE tenant_id = $1 AND user_id = $2', [tenant, user])
  await tx.change('DELETE FROM identity.phone WHERE tenant_id = $1 AND user_id = $2', [tenant, user])
  return tx.change('DELETE FROM identity.factor WHERE tenant_id = $1 AND user_id = $2', [tenant, user])
}

// Recovery codes

export async function replaceRecoveryCodes(tx: Tx, tenant: Tenant, user: string, digests: readonly Uint8Array[]): Promise<void> {
  await tx.change('DELETE FROM identity.recovery_code WHERE tenant_id = $1 AND user_id = $2', [tenant, user])
  for (const digest of digests) await tx.change('INSERT INTO identity.recovery_code (tenant_id, user_id, digest) VALUES ($1, $2, $3)', [tenant, user, digest])
}

/** @returns whether there was such a code; of two that come at once one finds it */
export async function spendRecoveryCode(tx: Tx, tenant: Tenant, user: string, digest: Uint8Array): Promise<boolean> {
  return (await tx.change('DELETE FROM identity.recovery_code WHERE tenant_id = $1 AND user_id = $2 AND digest = $3', [tenant, user, digest])) === 1
}

export async function countRecoveryCodes(tx: Tx, tenant: Tenant, user: string): Promise<number> {
  const [row] = await tx.query<{ count: number }>('SELECT count(*)::int AS count FROM identity.recovery_code WHERE tenant_id = $1 AND user_id = $2', [
    tenant,
    user,
  ])
  return row?.count ?? 0
}

// Codes by mail and SMS

export async function replaceSentCode(tx: Tx, tenant: Tenant, session: string, digest: Uint8Array, expires: Instant): Promise<void> {
  await tx.change(
    `INSERT INTO identity.mailed_code (tenant_id, session_id, digest, expires_at) VALUES ($1, $2, $3, $4)
     ON CONFLICT (tenant_id, session_id) DO UPDATE SET digest = $3, expires_at = $4`,
    [tenant, session, digest, expires],
  )
}

/** @returns whether this was the code of this session; of two that come at once one finds it */
export async function spendSentCode(tx: Tx, tenant: Tenant, session: string, digest: Uint8Array, now: Instant): Promise<boolean> {
  return (
    (await tx.change('DELETE FROM identity.mailed_code WHERE tenant_id = $1 AND session_id = $2 AND digest = $3 AND expires_at > $4', [
      tenant,
      session,
      digest,
      now,
    ])) === 1
  )
}

// Telephones

export interface PhoneRow {
  readonly tenant_id: Tenant
  readonly id: Id<'phone'>
  readonly user_id: User
  readonly sealed: Uint8Array
  readonly created_at: Instant
  readonly confirmed_at: Instant | null
}

const phoneColumns = 'tenant_id, id, user_id, sealed, created_at, confirmed_at'

/** In place of one that was given and never confirmed; one that is stays until the new one is. */
export async function insertPhone(tx: Tx, phone: PhoneRow): Promise<void> {
  await tx.change('DELETE FROM identity.phone WHERE tenant_id = $1 AND user_id = $2 AND confirmed_at IS NULL', [phone.tenant_id, phone.user_id])
  await tx.change(`INSERT INTO identity.phone (${phoneColumns}) VALUES ($1, $2, $3, $4, $5, $6)`, [
    ...[phone.tenant_id, phone.id, phone.user_id, phone.sealed, phone.created_at, phone.confirmed_at],
  ])
}

export async function phoneById(tx: Tx, tenant: Tenant, user: string, id: string): Promise<PhoneRow | undefined> {
  return (await tx.query<PhoneRow>(`SELECT ${phoneColumns} FROM identity.phone WHERE tenant_id = $1 AND user_id = $2 AND id = $3`, [tenant, user, id]))[0]
}

/** The one that codes go to. */
export async function phoneOf(tx: Tx, tenant: Tenant, user: string): Promise<PhoneRow | undefined> {
  return (
    await tx.query<PhoneRow>(`SELECT ${phoneColumns} FROM identity.phone WHERE tenant_id = $1 AND user_id = $2 AND confirmed_at IS NOT NULL`, [tenant, user])
  )[0]
}

/** From here on it is the only one. */
export async function confirmPhone(tx: Tx, tenant: Tenant, user: string, id: Id<'phone'>, now: Instant): Promise<void> {
  await tx.change('DELETE FROM identity.phone WHERE tenant_id = $1 AND user_id = $2 AND id <> $3', [tenant, user, id])
  await tx.change('UPDATE identity.phone SET confirmed_at = $3 WHERE tenant_id = $1 AND id = $2', [tenant, id, now])
}

export async function deletePhone(tx: Tx, tenant: Tenant, user: string, id: Id<'phone'>): Promise<void> {
  await tx.change('DELETE FROM identity.phone WHERE tenant_id = $1 AND user_id = $2 AND id = $3', [tenant, user, id])
}

/** How many messages went to the account in the last hour. */
export async function messagesTo(tx: Tx, tenant: Tenant, user: string, now: Instant): Promise<number> {
  const [row] = await tx.query<{ count: number }>(
    `SELECT count(*)::int AS count FROM identity.sent_message WHERE tenant_id = $1 AND user_id = $2 AND sent_at > $3::timestamptz - interval '1 hour'`,
    [tenant, user, now],
  )
  return row?.count ?? 0
}

export interface SentMessage {
  readonly tenant_id: Tenant
  readonly id: string
  readonly user_id: string
  readonly sent_at: Instant
}

/** In the node's scope, one at a time: counts a message that is about to leave. @returns false where it would be one too many of the account or of all */
export async function countMessage(tx: Tx, message: SentMessage, max: { readonly account: number; readonly node: number }): Promise<boolean> {
  await tx.query(`SELECT pg_advisory_xact_lock(hashtext('identity/messages'))`)
  return (
    (await tx.change(
      `INSERT INTO identity.sent_message (tenant_id, id, user_id, sent_at)
       SELECT $1::uuid, $2::uuid, $3::uuid, $4::timestamptz FROM (
         SELECT count(*) AS every, count(*) FILTER (WHERE tenant_id = $1 AND user_id = $3) AS own
         FROM identity.sent_message WHERE sent_at > $4::timestamptz - interval '1 hour') last WHERE last.own < $5 AND last.every < $6`,
      [message.tenant_id, message.id, message.user_id, message.sent_at, max.account, max.node],
    )) === 1
  )
}

// Remembered devices

export interface DeviceRow {
  readonly tenant_id: Tenant
  readonly id: Id<'device'>
  readonly user_id: User
  readonly agent: string
  readonly created_at: Instant
  readonly last_used_at: Instant
  readonly expires_at: Instant
}

export async function insertDevice(tx: Tx, device: DeviceRow, tokenHash: Uint8Array, place: Uint8Array): Promise<void> {
  await tx.change(
    `INSERT INTO identity.device (tenant_id, id, user_id, token_hash, place, agent, created_at, last_used_at, expires_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [device.tenant_id, device.id, device.user_id, tokenHash, place, device.agent, device.created_at, device.last_used_at, device.expires_at],
  )
}

/** Whether this browser is remembered for this user, in this place. */
export async function useDevice(tx: Tx, tenant: Tenant, user: string, tokenHash: Uint8Array, place: Uint8Array, now: Instant): Promise<boolean> {
  return (
    (await tx.change(
      'UPDATE identity.device SET last_used_at = $5 WHERE tenant_id = $1 AND user_id = $2 AND token_hash = $3 AND place = $4 AND expires_at > $5',
      [tenant, user, tokenHash, place, now],
    )) > 0
  )
}

export async function devicesOf(tx: Tx, tenant: Tenant, user: string, now: Instant): Promise<DeviceRow[]> {
  return tx.query<DeviceRow>(
    `SELECT tenant_id, id, user_id, agent, created_at, last_used_at, expires_at FROM identity.device
     WHERE tenant_id = $1 AND user_id = $2 AND expires_at > $3 ORDER BY id DESC LIMIT 100`,
    [tenant, user, now],
  )
}

export async function deleteDevice(tx: Tx, tenant: Tenant, user: string, id: Id<'device'>): Promise<boolean> {
  return (await tx.change('DELETE FROM identity.device WHERE tenant_id = $1 AND user_id = $2 AND id = $3', [tenant, user, id])) === 1
}

export async function deleteDevicesOf(tx: Tx, tenant: Tenant, user: string): Promise<number> {
  return tx.change('DELETE FROM identity.device WHERE tenant_id = $1 AND user_id = $2', [tenant, user])
}
