/** The name of a tenant's log and the key that signs its checkpoints. */
import type { Id } from '@gatehouse/core/id'
import type { Signer } from '@gatehouse/crypto/primitives'
import type { Node } from '@gatehouse/runtime/door/node'
import { formatNoteKey, type NoteKey, noteKey } from '@gatehouse/transparency/note'

/** The log's origin (C2SP tlog-checkpoint), which is also its key's name. It never changes. */
export function logOrigin(tenant: Id<'tenant'>): string {
  return `gatehouse/${tenant}`
}

export function logSigner(node: Node, tenant: Id<'tenant'>): Promise<Signer> {
  return node.keys.signer(tenant, 'ledger/log')
}

export async function logKey(node: Node, tenant: Id<'tenant'>): Promise<NoteKey> {
  return noteKey(node.keys.primitives.sha256, logOrigin(tenant), (await logSigner(node, tenant)).publicKey)
}

/** The verifier key as text (C2SP signed-note): what an auditor has to know to check anything that this log says. */
export async function logVkey(node: Node, tenant: Id<'tenant'>): Promise<string> {
  return formatNoteKey(await logKey(node, tenant))
}
