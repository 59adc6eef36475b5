/** The one way in which relationships are written: checked against the schema, and under the next revision. */
import type { Id } from '@gatehouse/core/id'
import type { CompiledSchema } from '@gatehouse/policy/relations/compile-schema'
import type { Tx } from '@gatehouse/runtime/data/db'
import type { Change, Revision } from './authorizer.ts'
import { schemaWith } from './model.ts'
import { conditionsOf, dropTuples, nextRevision, putTuples } from './store.ts'
import { keyOf, rowOf } from './tuple-row.ts'

/** @throws TypeError for a relationship that the schema does not take */
export async function writeRelations(tx: Tx, tenant: Id<'tenant'>, change: Change, schema?: CompiledSchema): Promise<Revision> {
  const revision = await nextRevision(tx, tenant)
  const by = schema ?? schemaWith(await conditionsOf(tx, tenant))
  await dropTuples(tx, tenant, (change.delete ?? []).map(keyOf))
  await putTuples(
    tx,
    tenant,
    revision,
    (change.touch ?? []).map((relationship) => rowOf(by, relationship)),
  )
  return String(revision)
}
