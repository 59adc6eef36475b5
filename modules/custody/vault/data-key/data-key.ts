/** The data key of a person, for other modules of custody that keep something about the person: erasing one key forgets all of it. */
import type { Id } from '@gatehouse/core/id'
import type { Tx } from '@gatehouse/runtime/data/db'
import type { Node } from '@gatehouse/runtime/door/node'
import type { DataKey } from '../block.ts'
import { insertKeys } from '../store.ts'
import { makeDataKey, openDataKey } from '../subject-key.ts'
import { tenantOf } from '../tenant.ts'
import { findKey, lockKeys } from './store.ts'

/** The newest key, made where there is none. It takes the lock of the person's chain, so that an import makes no second one meanwhile. */
export async function currentDataKey(tx: Tx, node: Node, subject: Id<'subject'>): Promise<DataKey> {
  const tenant = tenantOf(tx)
  const known = await lockKeys(tx, subject)
  if (known === undefined) {
    const { dek, wrapped } = makeDataKey(node.keys.primitives, await node.keys.kek(tenant), tenant, subject)
    await insertKeys(tx, [wrapped])
    return dek
  }
  const opened = await openDataKey(node.keys, tenant, known)
  if (opened === undefined) throw new Error('the data key of a person does not open')
  return opened
}

/** `undefined` when it has been destroyed. */
export async function dataKeyOf(tx: Tx, node: Node, subject: Id<'subject'>, version: number): Promise<DataKey | undefined> {
  const row = await findKey(tx, subject, version)
  return row === undefined ? undefined : openDataKey(node.keys, tenantOf(tx), row)
}
