/** Whose sign-in it is. Somebody is known by issuer and subject; an address only ever begins a link. */
import type { Id } from '@gatehouse/core/id'
import type { Tx } from '@gatehouse/runtime/data/db'
import { type UserRow, userByEmail, userById } from '../store.ts'
import { domainOf, type Said } from './said.ts'
import { isLinked, isVerified, type ProviderRow, userOfLink } from './store.ts'

export type Whom =
  | { readonly outcome: 'known' | 'link'; readonly user: UserRow }
  | { readonly outcome: 'create'; readonly email: string }
  | { readonly outcome: 'refused'; readonly reason: Refused; readonly user?: UserRow }

export const refusedReasons = ['closed', 'no_email', 'foreign_email', 'taken', 'no_account'] as const
type Refused = (typeof refusedReasons)[number]

export async function whom(tx: Tx, provider: ProviderRow, { subject, email }: Said): Promise<Whom> {
  const tenant = provider.tenant_id
  const linked = await userOfLink(tx, tenant, provider.id, subject)
  if (linked !== undefined) {
    const user = await userById(tx, tenant, linked)
    return user === undefined || user.disabled_at !== null ? refused('closed', user) : { outcome: 'known', user }
  }
  if (email === undefined) return refused('no_email')
  // A provider speaks for the domains that its institution has proven, and for no others.
  if (!(await isVerified(tx, tenant, provider.id, domainOf(email)))) return refused('foreign_email')
  const user = await userByEmail(tx, tenant, email)
  if (user === undefined) return provider.creates_accounts ? { outcome: 'create', email } : refused('no_account')
  if (user.disabled_at !== null) return refused('closed', user)
  if (!isStaff(user) || (await isLinked(tx, tenant, user))) return refused('taken', user)
  return { outcome: 'link', user }
}

const refused = (reason: Refused, user?: UserRow): Whom => ({ outcome: 'refused', reason, ...(user === undefined ? {} : { user }) })

const isStaff = ({ partner_id, subject_id }: Pick<UserRow, 'partner_id' | 'subject_id'>) => partner_id === null && subject_id === null

/** A new account of the staff. */
export function accountOf(provider: ProviderRow, id: Id<'user'>, email: string, name: string | undefined, now: UserRow['created_at']): UserRow {
  const roles = [...provider.roles]
  return {
    tenant_id: provider.tenant_id,
    id,
    email,
    name: name ?? email,
    roles,
    created_at: now,
    disabled_at: null,
    partner_id: null,
    subject_id: null,
    active: true,
  }
}
