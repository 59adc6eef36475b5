/** People of other institutions who act here by messages of their own node: an account, and no way to sign in. */
import type { Id } from '@gatehouse/core/id'
import type { Instant } from '@gatehouse/core/instant'
import type { Tx } from '@gatehouse/runtime/data/db'
import { changeUser, insertUser, userById } from './store.ts'

export interface Outsider {
  readonly id: Id<'user'>
  readonly name: string
  /** The name of the node that they come from. */
  readonly of: string
}

const nowhere = '.mesh.invalid'
export const isOutsider = ({ email }: { readonly email: string }): boolean => email.endsWith(nowhere)

/** The address is one that no letter reaches (RFC 2606), so nobody can be invited or recover a password by it. Rights come by projects alone. */
export async function addOutsider(tx: Tx, tenant: Id<'tenant'>, { id, name, of }: Outsider, now: Instant): Promise<void> {
  const row = { tenant_id: tenant, id, email: `${id}@${of}${nowhere}`, name, roles: [], created_at: now, partner_id: null, subject_id: null }
  if (!(await insertUser(tx, row))) throw new Error('an account of that id is there')
}

/** Nobody acts by the account any more; it stays for what was done by it. */
export async function setOutsider(tx: Tx, tenant: Id<'tenant'>, id: Id<'user'>, closedAt: Instant | null): Promise<void> {
  const user = await userById(tx, tenant, id)
  if (user !== undefined) await changeUser(tx, tenant, user, user.roles, closedAt)
}
