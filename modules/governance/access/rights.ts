/** All that a principal may do, so that a page can hide what would be refused. The door still asks for every act. */
import type { Principal } from '@gatehouse/runtime/base/context'
import type { Action } from '@gatehouse/runtime/door/operation'
import { bears } from './allowed.ts'
import { type ResourceType, type Right, roles } from './roles.ts'

/** The rights of all roles together: per type at most one row on all things, and one on one's own with what that adds. */
export function rightsOf(principal: Principal): Right[] {
  const borne = roles.filter((role) => bears(principal, role)).flatMap((role) => role.rights)
  return [...new Set(borne.map((right) => right.on))].sort().flatMap((on) => {
    const all = actionsOn(borne, on, false)
    const own = actionsOn(borne, on, true).filter((action) => !all.includes(action))
    return [...(all.length > 0 ? [{ on, may: all }] : []), ...(own.length > 0 ? [{ on, may: own, own: true as const }] : [])]
  })
}

function actionsOn(rights: readonly Right[], on: ResourceType, own: boolean): Action[] {
  return [...new Set(rights.filter((right) => right.on === on && (right.own === true) === own).flatMap((right) => right.may))]
}
