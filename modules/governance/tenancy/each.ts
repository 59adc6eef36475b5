import { errorFields } from '@gatehouse/runtime/base/log'
import type { Node } from '@gatehouse/runtime/door/node'
import type { Tenant } from './schema.ts'
import { listTenants } from './store.ts'

/**
 * For loops: one institution after the other. What fails for one is told of, keeps the others from nothing, and is tried again in the next turn.
 * @param what what could not be done, in words for the log
 */
export async function inEachTenant(node: Node, what: string, act: (tenant: Tenant) => Promise<void>): Promise<void> {
  for (const tenant of await node.database.transaction('node', listTenants)) {
    try {
      await act(tenant)
    } catch (error) {
      node.log.warn({ tenant: tenant.id, error: errorFields(error) }, `${what} and will be tried again`)
    }
  }
}
