import { newId } from '@gatehouse/core/id'
import { addSeconds, instantOf } from '@gatehouse/core/instant'
import { issueToken } from '@gatehouse/crypto/token'
import type { Node } from '@gatehouse/runtime/door/node'
import { defaultTenant, ensureTenant } from '../tenancy/index.ts'
import { ownEntry } from './entry.ts'
import { operatorId } from './operator.ts'
import { limits } from './schema.ts'
import { insertKey, revokeKeysOf } from './store.ts'

/**
 * A fresh key for the commands on the node's own machine, to be written where only the node's user can read it. Those of
 * earlier starts end.
 */
export async function issueProcessCredential(node: Node): Promise<string> {
  const { id: tenant } = await ensureTenant(node, defaultTenant.slug, defaultTenant.name)
  const now = instantOf(node.source.nowMs())
  const { token, hash } = issueToken(node.keys.primitives, 'ghk_')
  const id = newId<'api_key'>(node.source)
  await node.database.transaction(tenant, async (tx) => {
    await revokeKeysOf(tx, tenant, operatorId, now)
    const expiresAt = addSeconds(now, limits.keyDays * 86_400)
    await insertKey(
      tx,
      { tenant_id: tenant, id, owner_kind: 'operator', owner_id: operatorId, label: 'this machine', scopes: null, created_at: now, expires_at: expiresAt },
      hash,
    )
    await ownEntry(tx, node, tenant, 'identity.process_credential', { object: { kind: 'api_key', id } })
  })
  return token
}
