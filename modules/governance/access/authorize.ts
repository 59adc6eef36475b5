/** What the door asks. Roles that the credential vouches for decide at once; only where they do not is the institution's model asked. */
import { answerOf, pathOf } from '@gatehouse/policy/relations/proof'
import type { Principal } from '@gatehouse/runtime/base/context'
import type { Node } from '@gatehouse/runtime/door/node'
import type { Action, Permit, Resource } from '@gatehouse/runtime/door/operation'
import { allowed, bearerOf, contextOf, isOnTheWayIn } from './allowed.ts'
import { areas } from './areas.ts'
import { reaches } from './key-scope.ts'
import { areaOf, mayDo } from './model.ts'
import { type Proven, standingOf } from './standing.ts'

const knownAreas = new Set<string>(areas)

export function authorize(principal: Principal, action: Action, resource: Resource, node: Node, atLeast?: number): Permit | Promise<Permit> {
  if (!reaches(principal.scopes, action, resource)) return false
  if (allowed(principal, action, resource)) return true
  // Only the staff stands in relations of an institution's own; nobody else can be made to.
  if (isOnTheWayIn(principal) || bearerOf(principal) !== 'staff' || !knownAreas.has(resource.type)) return false
  const standing = standingOf(node)
  const objects = objectsOf(resource)
  const subject = { type: 'staff', id: principal.id }
  const known = standing.remembered(principal.tenant, objects, mayDo(action), subject, atLeast)
  if (known !== undefined) return permitBy(known, principal, action, resource, node)
  return standing
    .prove(principal.tenant, objects, mayDo(action), subject, atLeast === undefined ? undefined : String(atLeast))
    .then((proven) => permitBy(proven, principal, action, resource, node))
}

/** The area in the whole institution, and that of the product or project which the thing belongs to. */
export function objectsOf({ type, scope }: Pick<Resource, 'type' | 'scope'>) {
  return scope === undefined ? [areaOf(type)] : [areaOf(type), areaOf(type, `${scope.kind}/${scope.id}`)]
}

function permitBy({ proof, schema }: Proven, principal: Principal, action: Action, resource: Resource, node: Node): Permit {
  if (proof.certain === 'no') return false
  const nowMs = node.source.nowMs()
  const asked = { context: { ...contextOf(principal, resource), now: new Date(nowMs).toISOString() }, nowMs }
  if (answerOf(schema, proof, asked) !== 'yes') return false
  const taken = pathOf(schema, proof, asked)?.find(({ edge }) => edge.caveat === 'emergency')
  const emergency = taken?.edge.fixed?.[0]
  // Each use of a right that was taken in an emergency is an entry of its own.
  if (typeof emergency !== 'string') return true
  return { note: { type: 'access.emergency_used', facts: { object: { kind: 'emergency', id: emergency }, details: { area: resource.type, action } } } }
}
