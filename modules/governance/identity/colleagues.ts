/** Accounts as other modules see them: whether somebody is of the staff now, what colleagues are called, where a letter goes. */
import { type Id, isUuid } from '@gatehouse/core/id'
import type { Instant } from '@gatehouse/core/instant'
import type { Principal } from '@gatehouse/runtime/base/context'
import type { Tx } from '@gatehouse/runtime/data/db'
import type { Right } from '@gatehouse/runtime/door/operation'
import { type Asking, type Group, hasFor, ownRoleName } from '../access/index.ts'
import { type Language, languageFor } from './letters/letters.ts'
import { isOutsider } from './outsider.ts'
import { limits } from './schema.ts'
import { stands } from './standing.ts'
import { activeStaff, colleagueRows, userById, userBySubject } from './store.ts'
import { listTeamRows, teamById } from './teams/store.ts'
import { principalOf } from './user.ts'

/** As whom a member of the staff would act; `undefined` for whoever is none, or whose account is closed or not begun. */
export async function staffMember(tx: Tx, tenant: Id<'tenant'>, id: Id<'user'>): Promise<Principal | undefined> {
  const user = await userById(tx, tenant, id)
  if (user === undefined || user.disabled_at !== null || !user.active || user.partner_id !== null || user.subject_id !== null) return undefined
  return principalOf(tenant, id, user, {})
}

/** Whoever asks for something here: active staff, and people of other nodes who act by messages and have no way to sign in. */
export async function askingMember(tx: Tx, tenant: Id<'tenant'>, id: Id<'user'>): Promise<Principal | undefined> {
  const user = await userById(tx, tenant, id)
  if (user === undefined || user.disabled_at !== null || !isOutsider(user)) return staffMember(tx, tenant, id)
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

/** Where a letter to an account goes, and in which language; `undefined` for one that is closed. */
export async function letterTo(tx: Tx, tenant: Id<'tenant'>, id: Id<'user'>): Promise<{ readonly to: string; readonly language: Language } | undefined> {
  const user = await userById(tx, tenant, id)
  if (user === undefined || user.disabled_at !== null || !user.active) return undefined
  return { to: user.email, language: await languageFor(tx, tenant, id) }
}

/** Everybody of the staff who is active. */
export function staffNames(tx: Tx, tenant: Id<'tenant'>): Promise<Colleague[]> {
  return activeStaff(tx, tenant, undefined, limits.membersPerTeam)
}

/** Who of the staff has a right now, wherever it comes from: for those who tell them that something waits. */
export async function staffWhoMay(at: Asking, { action, resource }: Right): Promise<Id<'user'>[]> {
  const able: Id<'user'>[] = []
  for (const { id } of await staffNames(at.tx, at.tenant)) {
    const principal = await staffMember(at.tx, at.tenant, id)
    if (principal !== undefined && (await hasFor(at, principal, action, resource))) able.push(id)
  }
  return able
}

/** Who has a role with the account; roles that were given otherwise stand in relations. */
export async function staffWithRole(tx: Tx, tenant: Id<'tenant'>, role: string): Promise<Id<'user'>[]> {
  return (await activeStaff(tx, tenant, role, limits.membersPerTeam)).map(({ id }) => id)
}

/** What the teams are called, for whoever names one. */
export async function teamNames(tx: Tx, tenant: Id<'tenant'>): Promise<{ id: Id<'team'>; name: string }[]> {
  return (await listTeamRows(tx, tenant, undefined, limits.membersPerTeam)).map(({ id, name }) => ({ id, name }))
}

/** What a team, or a role of the institution's own, is called. A role of the product has words of its own. */
export async function groupName(tx: Tx, tenant: Id<'tenant'>, { kind, id }: Group): Promise<string | null> {
  if (kind === 'team') return (await teamById(tx, tenant, id as Id<'team'>))?.name ?? null
  return isUuid(id) ? ((await ownRoleName(tx, tenant, id as Id<'role'>)) ?? null) : null
}

/** As whom somebody with an account acts when an application comes in their name; `undefined` where the account, or whoever it stands for, is gone. */
export async function actingUser(
  tx: Tx,
  tenant: Id<'tenant'>,
  id: Id<'user'>,
  now: Instant,
): Promise<{ readonly principal: Principal; readonly name: string; readonly email: string } | undefined> {
  const user = await userById(tx, tenant, id)
  if (user === undefined || user.disabled_at !== null || !user.active || !(await stands(tx, user, now))) return undefined
  return { principal: principalOf(tenant, id, user, {}), name: user.name, email: user.email }
}
