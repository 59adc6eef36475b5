/** The port's driver that ships with the product: relationships in PostgreSQL, judged by the engine of `@gatehouse/policy`. */
import type { Id } from '@gatehouse/core/id'
import type { CompiledSchema } from '@gatehouse/policy/relations/compile-schema'
import { lookupSubjects } from '@gatehouse/policy/relations/lookup'
import { answerOf } from '@gatehouse/policy/relations/proof'
import type { ObjectRef } from '@gatehouse/policy/relations/relationship'
import { MemoryTuples } from '@gatehouse/policy/relations/tuples'
import type { Node } from '@gatehouse/runtime/door/node'
import type { Authorizer, Change, Question, Revision } from './authorizer.ts'
import { writeRelations } from './change.ts'
import { Standing } from './standing.ts'
import { rowsMax, tuplesBehind } from './store.ts'
import { tuplesFrom } from './tuple-row.ts'

export function embeddedAuthorizer(node: Pick<Node, 'database' | 'source'>, schema: CompiledSchema): Authorizer {
  const standing = new Standing(node, { schema: async () => schema, base: new MemoryTuples(schema) })
  const asked = (context: Question['context']) => ({ context: context ?? {}, nowMs: node.source.nowMs() })
  return {
    async check(tenant, { object, permission, subject, context, atLeast }) {
      const { proof } = await standing.prove(tenant, [object], permission, subject, atLeast)
      return answerOf(schema, proof, asked(context))
    },
    write: (tenant: Id<'tenant'>, change: Change): Promise<Revision> => node.database.transaction(tenant, (tx) => writeRelations(tx, tenant, change, schema)),
    async subjects(tenant: Id<'tenant'>, object: ObjectRef, permission: string, type: string) {
      const rows = await node.database.transaction(tenant, (tx) => tuplesBehind(tx, tenant, [object], rowsMax))
      const { found } = lookupSubjects(schema, tuplesFrom(schema, rows), object, permission, type, asked({}))
      return found.filter(({ answer }) => answer === 'yes').map(({ of }) => of.id)
    },
    close: async () => {},
  }
}
