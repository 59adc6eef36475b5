/** Accounts as other modules see them: whether somebody is of the staff now, what colleagues are called, where a letter goes. */
import type { Id } from '@gatehouse/core/id'
import type { Principal } from '@gatehouse/runtime/base/context'
import type { Tx } from '@gatehouse/runtime/data/db'
import { limits } from './schema.ts'
import { activeStaff, colleagueRows, userById, userBySubject } from './store.ts'
import { principalOf } from './user.ts'

/** As whom a member of the staff would act; `undefined` for whoever is none, or whose account is closed or not begun. */
export async function staffMember(tx: Tx, tenant: Id<'tenant'>, id: Id<'user'>): Promise<Principal | undefined> {
  const user = await userById(tx, tenant, id)
  if (user === undefined || user.disabled_at !== null || !user.active || user.partner_id !== null || user.subject_id !== null) return undefined
  return principalOf(tenant, id, user, {})
}

export interface Colleague {
  readonly id: Id<'user'>
  readonly name: string
}

/** Names for those of the ids that are of the staff, whether they still are active or not. */
export function colleagues(tx: Tx, tenant: Id<'tenant'>, ids: readonly string[]): Promise<Colleague[]> {
  return colleagueRows(tx, tenant, [...new Set(ids)])
}

/** The account of a person whose records are kept, if there is an active one. */
export async function accountOfPerson(tx: Tx, tenant: Id<'tenant'>, subject: Id<'subject'>): Promise<Id<'user'> | undefined> {
  const user = await userBySubject(tx, tenant, subject)
  return user === undefined || user.disabled_at !== null || !user.active ? undefined : user.id
}

/** Where a letter to an account goes; `undefined` for one that is closed. */
export async function addressOf(tx: Tx, tenant: Id<'tenant'>, id: Id<'user'>): Promise<string | undefined> {
  const user = await userById(tx, tenant, id)
  return user === undefined || user.disabled_at !== null || !user.active ? undefined : user.email
}

/** Everybody of the staff who is active. */
export function staffNames(tx: Tx, tenant: Id<'tenant'>): Promise<Colleague[]> {
  return activeStaff(tx, tenant, undefined, limits.membersPerTeam)
}

/** Who has a role with the account; roles that were given otherwise stand in relations. */
export async function staffWithRole(tx: Tx, tenant: Id<'tenant'>, role: string): Promise<Id<'user'>[]> {
  return (await activeStaff(tx, tenant, role, limits.membersPerTeam)).map(({ id }) => id)
}
