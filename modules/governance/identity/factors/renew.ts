/** What follows a proof: nothing is owed any more, and the session goes on under a token that nobody saw before. */
import type { Id } from '@gatehouse/core/id'
import { addSeconds } from '@gatehouse/core/instant'
import { issueToken } from '@gatehouse/crypto/token'
import type { TransactionContext } from '@gatehouse/runtime/door/operation'
import { limits } from '../schema.ts'
import { renewSession, type SessionRow } from '../sessions/store.ts'
import { agentOf, placeOf } from './place.ts'
import { insertDevice } from './store.ts'

export interface Renewed {
  readonly session_token: string
  readonly device_token?: string
  readonly session: SessionRow
}

/**
 * Whoever planted or saw the token of the half-open session holds nothing afterwards.
 * @returns `undefined` when the session ended meanwhile
 */
export async function renew(ctx: TransactionContext, remember: boolean): Promise<Renewed | undefined> {
  const { tx, tenant, principal, node, now } = ctx
  const { primitives } = node.keys
  const { token, hash } = issueToken(primitives, 'ghs_')
  const session = await renewSession(tx, tenant, principal.session as Id<'session'>, hash, now)
  if (session === undefined) return undefined
  if (!remember) return { session_token: token, session }
  const device = issueToken(primitives, 'ghd_')
  const expiresAt = addSeconds(now, limits.deviceDays * 86_400)
  const row = {
    tenant_id: tenant,
    id: ctx.newId<'device'>(),
    user_id: principal.id as Id<'user'>,
    agent: agentOf(ctx.knock),
    created_at: now,
    last_used_at: now,
    expires_at: expiresAt,
  }
  await insertDevice(tx, row, device.hash, await placeOf(node, ctx.knock))
  return { session_token: token, device_token: device.token, session }
}
