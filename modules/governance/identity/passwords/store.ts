/** The SQL of passwords that change. */
import type { Id } from '@gatehouse/core/id'
import type { Instant } from '@gatehouse/core/instant'
import type { Tx } from '@gatehouse/runtime/data/db'

type Tenant = Id<'tenant'>

export interface ResetRow {
  readonly tenant_id: Tenant
  readonly id: string
  readonly user_id: Id<'user'>
}

/** A new link voids the earlier ones of the same user. */
export async function replaceReset(tx: Tx, reset: ResetRow, tokenHash: Uint8Array, now: Instant, expires: Instant): Promise<void> {
  await tx.change('DELETE FROM identity.reset WHERE tenant_id = $1 AND user_id = $2', [reset.tenant_id, reset.user_id])
  await tx.change('INSERT INTO identity.reset (tenant_id, id, user_id, token_hash, created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6)', [
    reset.tenant_id,
    reset.id,
    reset.user_id,
    tokenHash,
    now,
    expires,
  ])
}

/** Locked: of two that come at the same moment the second waits, and finds nothing once the first has spent it. */
export async function lockReset(tx: Tx, tokenHash: Uint8Array, now: Instant): Promise<ResetRow | undefined> {
  return (
    await tx.query<ResetRow>('SELECT tenant_id, id, user_id FROM identity.reset WHERE token_hash = $1 AND expires_at > $2 FOR UPDATE', [tokenHash, now])
  )[0]
}

export async function spendResets(tx: Tx, tenant: Tenant, user: Id<'user'>): Promise<void> {
  await tx.change('DELETE FROM identity.reset WHERE tenant_id = $1 AND user_id = $2', [tenant, user])
}

export async function changePasswordRow(tx: Tx, tenant: Tenant, user: Id<'user'>, hash: string, now: Instant): Promise<boolean> {
  return (
    (await tx.change(`UPDATE identity.account SET password = $3, updated_at = $4 WHERE tenant_id = $1 AND user_id = $2 AND provider_id = 'credential'`, [
      tenant,
      user,
      hash,
      now,
    ])) === 1
  )
}
