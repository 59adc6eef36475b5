import { momentOf } from '@gatehouse/runtime/base/context'
import type { Node } from '@gatehouse/runtime/door/node'
import { recordOwnAct } from '../../ledger/index.ts'
import { defaultTenant, ensureTenant } from '../tenancy/index.ts'
import { makeKey } from './make-key.ts'
import { operatorId } from './operator.ts'
import { limits } from './schema.ts'
import { revokeKeysOf } from './store.ts'

/**
 * A fresh key for the commands on the node's own machine, to be written where only the node's user can read it. Those of
 * earlier starts end.
 */
export async function issueProcessCredential(node: Node): Promise<string> {
  const { id: tenant } = await ensureTenant(node, defaultTenant.slug, defaultTenant.name)
  const { now, newId } = momentOf(node.source)
  const wanted = { id: newId<'api_key'>(), owner_kind: 'operator' as const, owner_id: operatorId, label: 'this machine', scopes: null }
  return node.database.transaction(tenant, async (tx) => {
    await revokeKeysOf(tx, tenant, operatorId, now)
    const { key } = await makeKey({ tx, node, tenant, now }, wanted, limits.keyDays * 86_400)
    await recordOwnAct(tx, node, { tenant, by: 'identity', type: 'identity.process_credential', facts: { object: { kind: 'api_key', id: wanted.id } } })
    return key
  })
}
