/** The keys that proving a factor needs. They are fetched while somebody is being recognised, before any transaction begins. */
import type { Id } from '@gatehouse/core/id'
import { nodeTenant } from '@gatehouse/runtime/base/context'
import type { Node } from '@gatehouse/runtime/door/node'

/** Seals seeds and numbers, and digests codes, of one tenant. */
export function factorKey(node: Node, tenant: Id<'tenant'>): Promise<Uint8Array> {
  return node.keys.secret(tenant, 'identity/factor')
}

/** Signs challenges and digests places. */
export function challengeKey(node: Node): Promise<Uint8Array> {
  return node.keys.secret(nodeTenant, 'identity/challenge')
}
