/** The answer to "may this principal do this?" by the roles that its credential vouches for. Denies by default. */
import { check } from '@gatehouse/policy/relations/check'
import { answerOf, no, type Proof } from '@gatehouse/policy/relations/proof'
import type { Principal } from '@gatehouse/runtime/base/context'
import { type Action, actions, type Resource } from '@gatehouse/runtime/door/operation'
import { areaOf, baseSchema, baseTuples, bearerOfRole, mayDo } from './model.ts'
import { resourceTypes } from './resource-types.ts'
import type { RoleName } from './role-names.ts'
import { type Bearer, type Right, type Role, roles } from './roles.ts'

/** The row of the table that grants something. */
export interface Grant {
  readonly role: RoleName
  readonly right: Right
}

/** Which row grants it, for explanations; `undefined` where none does. */
export function grantFor(principal: Principal, action: Action, resource: Resource): Grant | undefined {
  for (const role of roles) {
    if (!bears(principal, role) || !holds(role.name, principal, action, resource)) continue
    const right = rightsTo(role, action, resource.type).find(({ own }) => !own || owns(principal, resource))
    if (right !== undefined) return { role: role.name, right }
  }
  return undefined
}

export function allowed(principal: Principal, action: Action, resource: Resource): boolean {
  return roles.some((role) => bears(principal, role) && holds(role.name, principal, action, resource))
}

/** Proofs of what ships with the product never change while the process runs, so each is found once. */
const proofs = new Map<string, Proof>()
const knownTypes = new Set<string>(resourceTypes)
const knownActions = new Set<string>(actions)

export function proofFor(role: RoleName, action: Action, type: string): Proof {
  if (!knownTypes.has(type) || !knownActions.has(action)) return no
  const key = `${role} ${action} ${type}`
  const found = proofs.get(key)
  if (found !== undefined) return found
  const proof = check(baseSchema, baseTuples, areaOf(type), mayDo(action), bearerOfRole(role))
  proofs.set(key, proof)
  return proof
}

function holds(role: RoleName, principal: Principal, action: Action, resource: Resource): boolean {
  const proof = proofFor(role, action, resource.type)
  if (proof.certain !== 'depends') return proof.certain === 'yes'
  return answerOf(baseSchema, proof, { context: contextOf(principal, resource), nowMs: 0 }) === 'yes'
}

/** What the caveats of the model may ask. A thing without an owner is nobody's own, so its owner is not said. */
export function contextOf({ kind, id, partner, subject }: Principal, { owner, facts }: Resource): Record<string, unknown> {
  const mine = [partner, subject, ...(kind === 'partner' ? [] : [id])].filter((one) => one !== undefined)
  return { ...facts, mine, ...(owner === undefined ? {} : { owner }) }
}

/** The rows of a role that speak of this action on this type of thing, on all of them or on one's own. */
export function rightsTo(role: Role, action: Action, type: string): readonly Right[] {
  return role.rights.filter((right) => right.on === type && right.may.includes(action))
}

/** A role counts only on who may bear it: a person of the staff with the role `system` is not the node. */
export function bears(principal: Principal, role: Role): boolean {
  const bearer = bearerOf(principal)
  if (bearer === undefined || !role.borneBy.includes(bearer)) return false
  // Who is still on the way in is nobody's colleague yet.
  if (role.name === 'user') return !isOnTheWayIn(principal)
  return principal.roles.includes(role.name)
}

/** Whether somebody still owes a factor: nothing counts then but what these two roles give, whatever the account has otherwise. */
export function isOnTheWayIn({ roles: borne }: Pick<Principal, 'roles'>): boolean {
  return borne.some((name) => name === 'entering' || name === 'enrolling')
}

/** `undefined` for nobody, and for an account that claims to be two things at once. */
export function bearerOf({ kind, partner, subject }: Principal): Bearer | undefined {
  if (kind === 'partner' || kind === 'system') return kind
  if (kind !== 'user' || (partner !== undefined && subject !== undefined)) return undefined
  if (subject !== undefined) return 'person'
  return partner === undefined ? 'staff' : 'engineer'
}

function owns(principal: Principal, resource: Resource): boolean {
  const { mine, owner } = contextOf(principal, resource) as { mine: string[]; owner?: string }
  return owner !== undefined && mine.includes(owner)
}
