import type { Principal } from '@gatehouse/runtime/base/context'
import type { Session } from './schema.ts'
import type { SessionRow } from './sessions/store.ts'

/** A session as people see it; the token is not kept. */
export function sessionOf({ id, created_at, last_seen_at, expires_at, agent }: SessionRow, principal: Principal): Session {
  return { id, created_at, last_seen_at, expires_at, agent: agent ?? 'unknown', current: id === principal.session }
}
