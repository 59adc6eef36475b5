/** All that a principal may do, so that a page can hide what would be refused. The door still asks for every act. */
import type { Principal } from '@gatehouse/runtime/base/context'
import type { Action, TransactionContext } from '@gatehouse/runtime/door/operation'
import { bearerOf, bears, isOnTheWayIn } from './allowed.ts'
import { rightsHeld } from './explain.ts'
import type { ResourceType } from './resource-types.ts'
import { type Right, roles } from './roles.ts'
import { tuplesAhead } from './store.ts'

/** What there is in projects and nowhere else. */
const ofProjects: readonly ResourceType[] = ['catalogue', 'linkage', 'query_plan', 'query_result', 'query_run']
const holdingsMax = 10_000

/** The rights of all roles together: per type at most one row on all things, and one on one's own with what that adds. */
export function rightsOf(principal: Principal): Right[] {
  return merged(roles.filter((role) => bears(principal, role)).flatMap((role) => role.rights))
}

/** With what the institution has given beside: roles of its own, teams, emergencies. What hangs on a condition is told too. */
export async function rightsNow(ctx: TransactionContext): Promise<Right[]> {
  const { principal } = ctx
  const vouched = roles.filter((role) => bears(principal, role)).flatMap((role) => role.rights)
  if (isOnTheWayIn(principal) || bearerOf(principal) !== 'staff') return merged(vouched)
  const held = await rightsHeld(ctx, { type: 'staff', id: principal.id })
  return merged([...vouched, ...held.map(({ area, action }) => ({ on: area, may: [action] })), ...(await rightsInProjects(ctx))])
}

/** What somebody may by a role in some project. It counts there alone, so it is told as a right on one's own things. */
async function rightsInProjects({ tx, tenant, principal, now }: TransactionContext): Promise<Right[]> {
  const rows = await tuplesAhead(tx, tenant, { type: 'staff', id: principal.id }, holdingsMax)
  const held = rows.flatMap(({ object_type, object_id, relation, expires_at }) => {
    const [, role] = /^project\/[^/]+\/(\w+)$/.exec(object_id) ?? []
    return object_type === 'role' && relation === 'holder' && role !== undefined && (expires_at === null || expires_at > now) ? [role] : []
  })
  return roles
    .filter(({ name }) => held.includes(name))
    .flatMap(({ rights }) => rights)
    .filter(({ on }) => ofProjects.includes(on))
    .map((right) => ({ ...right, own: true }))
}

function merged(borne: readonly Right[]): Right[] {
  return [...new Set(borne.map((right) => right.on))].sort().flatMap((on) => {
    const all = actionsOn(borne, on, false)
    const own = actionsOn(borne, on, true).filter((action) => !all.includes(action))
    return [...(all.length > 0 ? [{ on, may: all }] : []), ...(own.length > 0 ? [{ on, may: own, own: true as const }] : [])]
  })
}

function actionsOn(rights: readonly Right[], on: ResourceType, own: boolean): Action[] {
  return [...new Set(rights.filter((right) => right.on === on && (right.own === true) === own).flatMap((right) => right.may))]
}
