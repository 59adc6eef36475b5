/** The key that seals bundles. It vouches for what a node handed out, and for nothing that happened: that is the log's. */
import type { Id } from '@gatehouse/core/id'
import type { Signer } from '@gatehouse/crypto/primitives'
import type { Node } from '@gatehouse/runtime/door/node'
import { formatNoteKey, noteKey } from '@gatehouse/transparency/note'
import { logOrigin } from '../../../ledger/index.ts'

export function evidenceKeyName(tenant: Id<'tenant'>): string {
  return `${logOrigin(tenant)}/evidence`
}

export async function evidenceSigner(node: Node, tenant: Id<'tenant'>): Promise<Signer> {
  return (await node.keys.signing(tenant, 'release/evidence')).current
}

/** As C2SP verifier keys, the newest last. */
export async function evidenceVkeys(node: Node, tenant: Id<'tenant'>): Promise<string[]> {
  const { generations } = await node.keys.signing(tenant, 'release/evidence')
  return generations.map(({ publicKey }) => formatNoteKey(noteKey(node.keys.primitives.sha256, evidenceKeyName(tenant), publicKey)))
}
