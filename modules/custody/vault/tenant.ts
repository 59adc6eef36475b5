import type { Id } from '@gatehouse/core/id'
import type { Tx } from '@gatehouse/runtime/data/db'

/** Keys and chains belong to one institution, so the scope of the whole node has none. */
export function tenantOf(tx: Tx): Id<'tenant'> {
  if (tx.tenant === 'node') throw new TypeError('the vault is entered in the transaction of one tenant, not in the scope of the node')
  return tx.tenant
}
