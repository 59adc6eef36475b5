/** The keys that sign blocks, and how they are named to those who verify. */
import type { Id } from '@gatehouse/core/id'
import type { Node } from '@gatehouse/runtime/door/node'
import { formatNoteKey, noteKey } from '@gatehouse/transparency/note'

/** The public keys of all generations. A block says nothing of which of them signed it: it holds under any. */
export async function blockKeys(node: Node, tenant: Id<'tenant'>): Promise<Uint8Array[]> {
  return (await node.keys.signing(tenant, 'vault/block')).generations.map(({ publicKey }) => publicKey)
}

/** As C2SP verifier keys named `gatehouse/<tenant>/vault`, the newest last. */
export async function vaultVkeys(node: Node, tenant: Id<'tenant'>): Promise<string[]> {
  return (await blockKeys(node, tenant)).map((key) => formatNoteKey(noteKey(node.keys.primitives.sha256, `gatehouse/${tenant}/vault`, key)))
}
