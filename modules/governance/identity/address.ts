import { commitment } from '@gatehouse/crypto/hmac'
import { nodeTenant } from '@gatehouse/runtime/base/context'
import type { Node } from '@gatehouse/runtime/door/node'

/** The key under which addresses are counted; after the first time it comes from memory. */
export function addressKey(node: Node): Promise<Uint8Array> {
  return node.keys.secret(nodeTenant, 'identity/address')
}

/** Stands for an address in the table of attempts, which also holds addresses of people who have no account here. */
export async function addressDigest(node: Node, email: string): Promise<Uint8Array> {
  return commitment(node.keys.primitives, await addressKey(node), 'gatehouse/identity/address/v1', email)
}
