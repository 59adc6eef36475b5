/** Who bears a role or belongs to a team, for modules that ask people by what they are: asked inside the act, and of nothing remembered. */
import type { Id } from '@gatehouse/core/id'
import { lookupSubjects } from '@gatehouse/policy/relations/lookup'
import { answerOf } from '@gatehouse/policy/relations/proof'
import type { Tx } from '@gatehouse/runtime/data/db'
import type { Node } from '@gatehouse/runtime/door/node'
import { schemaWith } from './model.ts'
import { standingOf } from './standing.ts'
import { conditionsOf, rowsMax, tuplesBehind } from './store.ts'
import { tuplesFrom } from './tuple-row.ts'

/** A role of the product by its name, one of the institution's own by its id, or a team by its id. */
export interface Group {
  readonly kind: 'role' | 'team'
  readonly id: string
}

export interface Asking {
  readonly tx: Tx
  readonly node: Node
  readonly tenant: Id<'tenant'>
  readonly nowMs: number
}

const permissionIn = ({ kind }: Group): string => (kind === 'role' ? 'bearer' : 'member')

export async function belongsTo({ tx, node, tenant, nowMs }: Asking, group: Group, user: string): Promise<boolean> {
  const on = [{ type: group.kind, id: group.id }]
  const { proof, schema } = await standingOf(node).proveIn(tx, tenant, on, permissionIn(group), { type: 'staff', id: user })
  return answerOf(schema, proof, { context: {}, nowMs }) === 'yes'
}

export async function membersOf({ tx, tenant, nowMs }: Omit<Asking, 'node'>, group: Group): Promise<string[]> {
  const object = { type: group.kind, id: group.id }
  const schema = schemaWith(await conditionsOf(tx, tenant))
  const tuples = tuplesFrom(schema, await tuplesBehind(tx, tenant, [object], rowsMax))
  const { found } = lookupSubjects(schema, tuples, object, permissionIn(group), 'staff', { context: {}, nowMs })
  return found.filter(({ answer }) => answer === 'yes').map(({ of }) => of.id)
}
