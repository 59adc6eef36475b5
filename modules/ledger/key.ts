/** The name of a tenant's log and the key that signs its checkpoints. */
import type { Id } from '@gatehouse/core/id'
import type { Signer } from '@gatehouse/crypto/primitives'
import type { Node } from '@gatehouse/runtime/door/node'
import { formatNoteKey, type NoteKey, noteKey } from '@gatehouse/transparency/note'

/**
 * The log's origin (C2SP tlog-checkpoint), which is also its key's name.
 * @param generation 1, unless the log had to go on under an origin of its own because its database was behind its head
 */
export function logOrigin(tenant: Id<'tenant'>, generation = 1): string {
  return generation === 1 ? `gatehouse/${tenant}` : `gatehouse/${tenant}/${generation}`
}

/** The origin that a note of this tenant's log names: its first, or a successor's. */
export function originOf(tenant: Id<'tenant'>, note: string): string {
  const [origin = ''] = note.split('\n', 1)
  const [, generation] = origin.startsWith(`${logOrigin(tenant)}/`) ? (/\/([2-9]|[1-9][0-9]{1,8})$/.exec(origin) ?? []) : []
  return logOrigin(tenant, generation === undefined ? 1 : Number(generation))
}

export function logSigner(node: Node, tenant: Id<'tenant'>): Promise<Signer> {
  return node.keys.signer(tenant, 'ledger/log')
}

export async function logKey(node: Node, tenant: Id<'tenant'>, origin = logOrigin(tenant)): Promise<NoteKey> {
  return noteKey(node.keys.primitives.sha256, origin, (await logSigner(node, tenant)).publicKey)
}

/**
 * The verifier key as text (C2SP signed-note): what an auditor has to know to check anything that this log says.
 * @param note one of the log, to get the key of the origin that it names
 */
export async function logVkey(node: Node, tenant: Id<'tenant'>, note?: string): Promise<string> {
  return formatNoteKey(await logKey(node, tenant, note === undefined ? undefined : originOf(tenant, note)))
}
