/** The key that seals bundles. It vouches for what a node handed out, and for nothing that happened: that is the log's. */
import type { Id } from '@gatehouse/core/id'
import type { Signer } from '@gatehouse/crypto/primitives'
import type { Node } from '@gatehouse/runtime/door/node'
import { formatNoteKey, noteKey } from '@gatehouse/transparency/note'
import { logOrigin } from '../../../ledger/index.ts'

export function evidenceKeyName(tenant: Id<'tenant'>): string {
  return `${logOrigin(tenant)}/evidence`
}

export function evidenceSigner(node: Node, tenant: Id<'tenant'>): Promise<Signer> {
  return node.keys.signer(tenant, 'release/evidence')
}

/** As a C2SP verifier key. */
export async function evidenceVkey(node: Node, tenant: Id<'tenant'>): Promise<string> {
  return formatNoteKey(noteKey(node.keys.primitives.sha256, evidenceKeyName(tenant), (await evidenceSigner(node, tenant)).publicKey))
}
