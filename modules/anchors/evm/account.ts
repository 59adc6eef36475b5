/** The account that signs for an institution: its key is a named secret under the tenant's key, and never leaves the node. */
import type { Id } from '@gatehouse/core/id'
import { toHex } from '@gatehouse/crypto/bytes'
import type { Node } from '@gatehouse/runtime/door/node'
import { loadViem } from './viem.ts'

/** 32 random bytes are a key of secp256k1 but for one in 2^128. */
export async function accountKey(node: Node, tenant: Id<'tenant'>): Promise<`0x${string}`> {
  return `0x${toHex(await node.keys.secret(tenant, 'anchors/evm'))}`
}

export async function accountAddress(node: Node, tenant: Id<'tenant'>): Promise<string | null> {
  const viem = await loadViem().catch(() => undefined)
  return viem === undefined ? null : viem.privateKeyToAccount(await accountKey(node, tenant)).address
}
