/** The answer to "may this principal do this?", from the table and nothing else. Denies by default. */
import type { Principal } from '@gatehouse/runtime/base/context'
import type { Action, Resource } from '@gatehouse/runtime/door/operation'
import { type Right, type Role, type RoleName, roles } from './roles.ts'

/** The row of the table that grants something. */
export interface Grant {
  readonly role: RoleName
  readonly right: Right
}

/** Which row grants it, for explanations; `undefined` where none does. */
export function grantFor(principal: Principal, action: Action, resource: Resource): Grant | undefined {
  for (const role of roles) {
    if (!bears(principal, role)) continue
    for (const right of rightsTo(role, action, resource.type)) {
      if (!right.own || owns(principal, resource)) return { role: role.name, right }
    }
  }
  return undefined
}

export function allowed(principal: Principal, action: Action, resource: Resource): boolean {
  return grantFor(principal, action, resource) !== undefined
}

/** The rows of a role that speak of this action on this type of thing, on all of them or on one's own. */
export function rightsTo(role: Role, action: Action, type: string): readonly Right[] {
  return role.rights.filter((right) => right.on === type && right.may.includes(action))
}

/** A role counts only on the kind of principal that may bear it: a person with the role `system` is not the node. */
function bears(principal: Principal, role: Role): boolean {
  if (!role.borneBy.includes(principal.kind)) return false
  return role.name === 'user' || principal.roles.includes(role.name)
}

/** A thing without an owner is nobody's own. */
function owns(principal: Principal, resource: Resource): boolean {
  if (resource.owner === undefined) return false
  return resource.owner === (principal.kind === 'partner' ? principal.partner : principal.id)
}
