/** The answer to "may this principal do this?", from the table and nothing else. Denies by default. */
import type { Principal } from '@gatehouse/runtime/base/context'
import type { Action, Resource } from '@gatehouse/runtime/door/operation'
import { type Bearer, type Right, type Role, type RoleName, roles } from './roles.ts'

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

/** A role counts only on who may bear it: a person of the staff with the role `system` is not the node. */
export function bears(principal: Principal, role: Role): boolean {
  const bearer = bearerOf(principal)
  if (bearer === undefined || !role.borneBy.includes(bearer)) return false
  return role.name === 'user' || principal.roles.includes(role.name)
}

/** `undefined` for nobody, and for an account that claims to be two things at once. */
export function bearerOf({ kind, partner, subject }: Principal): Bearer | undefined {
  if (kind === 'partner' || kind === 'system') return kind
  if (kind !== 'user' || (partner !== undefined && subject !== undefined)) return undefined
  if (subject !== undefined) return 'person'
  return partner === undefined ? 'staff' : 'engineer'
}

/** A thing without an owner is nobody's own. */
function owns({ kind, id, partner, subject }: Principal, { owner }: Resource): boolean {
  if (owner === undefined) return false
  return owner === partner || owner === subject || (kind !== 'partner' && owner === id)
}
