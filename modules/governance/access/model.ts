/**
 * The one model by which everything is judged: a schema in SpiceDB's words, and the relationships that ship with the product, made
 * from the table of roles. What an institution writes itself comes beside them and can only add.
 */
import { type CompiledSchema, compileSchema } from '@gatehouse/policy/relations/compile-schema'
import { type Edge, edgeOf, type Relationship } from '@gatehouse/policy/relations/relationship'
import { MemoryTuples } from '@gatehouse/policy/relations/tuples'
import { type Action, actions } from '@gatehouse/runtime/door/operation'
import type { RoleName } from './role-names.ts'
import { roles } from './roles.ts'

/** A condition of a role of one's own, under the name that its caveat has. */
export interface Condition {
  readonly name: string
  /** CEL over the parameters of `conditionParameters`. */
  readonly text: string
}

/** What a condition may speak of; an operation says them of the thing that is acted on. */
export const conditionParameters = 'sensitivity int, category string, consent_scope string, purpose string, now timestamp'

/** The whole text, with the conditions that an institution's roles have. */
export function schemaText(conditions: readonly Condition[]): string {
  const holders = [
    'role#bearer',
    'role#bearer with expiration',
    'role#bearer with own',
    'staff with emergency and expiration',
    ...conditions.flatMap(({ name }) => [`role#bearer with ${name}`, `role#bearer with ${name} and expiration`]),
  ].join(' | ')
  return `use expiration

definition staff {}

definition engineer {}

definition person {}

definition partner {}

definition node {}

definition team {
  relation member: staff | team#member
}

definition project {
  relation member: staff | team#member
}

definition role {
  relation holder: staff | staff with expiration | team#member | team#member with expiration | project#member | project#member with expiration
  permission bearer = holder
}

definition area {
${actions.map((action) => `  relation can_${action}: ${holders}\n  permission may_${action} = can_${action}`).join('\n')}
}

caveat own(mine list<string>, owner string) {
  owner in mine
}

caveat emergency(emergency string, granted_purpose string, purpose string) {
  purpose == granted_purpose
}
${conditions.map(({ name, text }) => `\ncaveat ${name}(${conditionParameters}) {\n  ${text}\n}\n`).join('')}`
}

export const baseSchema: CompiledSchema = compileSchema(schemaText([]))

const known = new Map<string, CompiledSchema>([['', baseSchema]])
const knownMax = 200

/**
 * The schema with an institution's conditions, compiled once for each set of them.
 * @throws SchemaError where a condition is none
 */
export function schemaWith(conditions: readonly Condition[]): CompiledSchema {
  const key = conditions.map(({ name }) => name).join()
  const found = known.get(key)
  if (found !== undefined) return found
  const compiled = compileSchema(schemaText(conditions))
  if (known.size >= knownMax) known.clear()
  known.set(key, compiled)
  return compiled
}

export const areaOf = (type: string, scope?: string) => ({ type: 'area', id: scope === undefined ? type : `${scope}/${type}` })
export const bearerOfRole = (role: string) => ({ type: 'role', id: role, relation: 'bearer' })
export const mayDo = (action: Action): string => `may_${action}`
export const canDo = (action: Action): string => `can_${action}`

/** The table of roles as relationships. */
const baseRelationships: readonly Relationship[] = roles.flatMap((role) =>
  role.rights.flatMap((right) =>
    right.may.map((action) => ({
      object: areaOf(right.on),
      relation: canDo(action),
      subject: bearerOfRole(role.name),
      ...(right.own ? { caveat: { name: 'own', context: {} } } : {}),
    })),
  ),
)

/** @throws TypeError for a relationship that the schema does not take: a slip in the table of roles */
function edgeFrom(relationship: Relationship): Edge {
  const edge = edgeOf(baseSchema, relationship)
  if (typeof edge === 'string') throw new TypeError(edge)
  return edge
}

export const baseTuples: MemoryTuples = new MemoryTuples(baseSchema, baseRelationships.map(edgeFrom))

/** The roles that have a right on all things of an area, or on one's own, by what ships with the product. */
export function baseHolders(type: string, action: Action): RoleName[] {
  return baseTuples.all(areaOf(type), canDo(action)).map(({ subject }) => subject.id as RoleName)
}
