import type { Id } from '@gatehouse/core/id'
import { addSeconds, type Instant } from '@gatehouse/core/instant'
import { issueToken } from '@gatehouse/crypto/token'
import type { Moment } from '@gatehouse/runtime/base/context'
import type { Tx } from '@gatehouse/runtime/data/db'
import type { Node } from '@gatehouse/runtime/door/node'
import { limits } from './schema.ts'
import { insertSession } from './sessions/store.ts'

/** The act within which somebody signs in, in the institution whose user it is. */
export interface Act extends Pick<Moment, 'now' | 'newId'> {
  readonly tx: Tx
  readonly tenant: Id<'tenant'>
}

export interface BegunSession {
  readonly id: Id<'session'>
  readonly token: string
  readonly userId: Id<'user'>
  readonly expiresAt: Instant
}

/** Only the hash of the token is stored. What the session owes before it opens anything is said by `settle`. */
export async function beginSession(node: Node, act: Act, userId: Id<'user'>, id = act.newId<'session'>()): Promise<BegunSession> {
  const { token, hash } = issueToken(node.keys.primitives, 'ghs_')
  const expiresAt = addSeconds(act.now, limits.sessionHours * 3600)
  await insertSession(act.tx, { tenant_id: act.tenant, id, user_id: userId, created_at: act.now, last_seen_at: act.now, expires_at: expiresAt }, hash)
  return { id, token, userId, expiresAt }
}
