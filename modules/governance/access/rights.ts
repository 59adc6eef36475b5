/** All that a principal may do, so that a page can hide what would be refused. The door still asks for every act. */
import type { Principal } from '@gatehouse/runtime/base/context'
import type { Action, TransactionContext } from '@gatehouse/runtime/door/operation'
import { bearerOf, bears, isOnTheWayIn } from './allowed.ts'
import { rightsHeld } from './explain.ts'
import type { ResourceType } from './resource-types.ts'
import { type Right, roles } from './roles.ts'

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
  return merged([...vouched, ...held.map(({ area, action }) => ({ on: area, may: [action] }))])
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
