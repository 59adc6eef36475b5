/** What all invitations have in common, whomever they are for. */
import { addSeconds } from '@gatehouse/core/instant'
import { issueToken } from '@gatehouse/crypto/token'
import type { TransactionContext } from '@gatehouse/runtime/door/operation'
import type { z } from 'zod'
import { type invitationSchema, limits } from './schema.ts'
import { insertUser, type NewUser, replaceInvitation, type UserRow, userByEmail } from './store.ts'
import { userOf } from './user.ts'

/** The institution that invites, and the transaction in which it does. */
export type Inviting = Pick<TransactionContext, 'tx' | 'tenant' | 'now' | 'newId' | 'node'>

type Account = Pick<NewUser, 'email' | 'name' | 'roles' | 'partner_id' | 'subject_id'>

/**
 * The account to invite: a new one, or the one that has this address and stands for the same and was never used.
 * @returns `undefined` where somebody else has the address
 */
export async function accountFor({ tx, tenant, now, newId }: Inviting, account: Account): Promise<UserRow | undefined> {
  const known = await userByEmail(tx, tenant, account.email)
  if (known !== undefined) {
    const same = known.partner_id === account.partner_id && known.subject_id === account.subject_id
    return same && !known.active && known.disabled_at === null ? known : undefined
  }
  const user = { ...account, tenant_id: tenant, id: newId<'user'>(), created_at: now }
  return (await insertUser(tx, user)) ? { ...user, disabled_at: null, active: false } : undefined
}

/** A link that sets the first password, in place of an earlier one. */
export async function invitationFor(ctx: Inviting, user: UserRow): Promise<z.output<typeof invitationSchema>> {
  const { token, hash } = issueToken(ctx.node.keys.primitives, 'ghi_')
  const expiresAt = addSeconds(ctx.now, limits.invitationHours * 3600)
  const invitation = { tenant_id: ctx.tenant, id: ctx.newId<'invitation'>(), user_id: user.id, created_at: ctx.now, expires_at: expiresAt }
  await replaceInvitation(ctx.tx, invitation, hash)
  return { user: userOf(user), token, link: `${ctx.node.addresses.origin}/accept-invitation#${token}`, expires_at: expiresAt }
}
