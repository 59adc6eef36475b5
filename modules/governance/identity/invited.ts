/** Whom an invitation is for: one place decides whether it holds. */
import { parseToken, tokenHash } from '@gatehouse/crypto/token'
import type { TransactionContext } from '@gatehouse/runtime/door/operation'
import { type InvitationRow, lockInvitation, type UserRow, userById } from './store.ts'

/** @returns `undefined` for a token that is made up, spent, late or replaced, and where the account is closed or in use already */
export async function invited(
  { tx, node, now }: TransactionContext,
  token: string,
): Promise<{ readonly invitation: InvitationRow; readonly user: UserRow } | undefined> {
  const parsed = parseToken(token, 'ghi_')
  const invitation = parsed && (await lockInvitation(tx, tokenHash(node.keys.primitives, parsed), 'user', now))
  const user = invitation?.user_id ? await userById(tx, invitation.tenant_id, invitation.user_id) : undefined
  if (invitation === undefined || user === undefined || user.disabled_at !== null || user.active) return undefined
  return { invitation, user }
}
