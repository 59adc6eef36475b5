import type { Id } from '@gatehouse/core/id'
import type { Instant } from '@gatehouse/core/instant'
import type { Tx } from '@gatehouse/runtime/data/db'
import { deleteSessionsOf } from './sessions/store.ts'
import { changeUser, revokeKeysOf, type UserRow } from './store.ts'

/**
 * Gives an account other roles, closes it or opens it again. Who gains or loses a right signs in anew: nothing that was opened under other rights
 * stays open. A closed account has no keys either.
 */
export async function changeAccount(
  tx: Tx,
  tenant: Id<'tenant'>,
  user: Pick<UserRow, 'id' | 'roles'>,
  roles: readonly string[],
  disabledAt: Instant | null,
  now: Instant,
): Promise<void> {
  await changeUser(tx, tenant, user, roles, disabledAt)
  const changed = roles.length !== user.roles.length || roles.some((role) => !user.roles.includes(role))
  if (changed || disabledAt !== null) await deleteSessionsOf(tx, tenant, user.id)
  if (disabledAt !== null) await revokeKeysOf(tx, tenant, user.id, now)
}
