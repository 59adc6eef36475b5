/**
 * What a mailbox gave out: opened, held against the pinned keys, and remembered once. Nothing is decided here but whether it is a message of
 * that peer; what becomes of it is decided when it is handled, through the door.
 */
import type { Id } from '@gatehouse/core/id'
import { momentOf } from '@gatehouse/runtime/base/context'
import type { Tx } from '@gatehouse/runtime/data/db'
import type { Node } from '@gatehouse/runtime/door/node'
import type { WaitingMessage } from '../../coordinator/index.ts'
import type { Own } from '../identity/own.ts'
import { signersOf } from '../peers/peer.ts'
import { peerNamed } from '../peers/store.ts'
import { receipt } from './receipt.ts'
import { type Fault, openMessage } from './seal.ts'
import { receiptKind } from './send.ts'
import { insertReceived, lockReceived } from './store.ts'

/** @returns what is wrong with it; `undefined` for a message of the peer, new or known */
export async function receive(tx: Tx, node: Node, tenant: Id<'tenant'>, own: Own, envelope: WaitingMessage): Promise<Fault | undefined> {
  const { now } = momentOf(node.source)
  const peer = await peerNamed(tx, envelope.from)
  if (peer === undefined || peer.state === 'proposed') return 'unknown_peer'
  const opened = await openMessage(envelope, { name: own.identity.name, keys: own.keys }, await signersOf(peer, now))
  if ('fault' in opened) return opened.fault
  const { message } = opened
  const attachments = message.attachments.map((one, at) => ({ ...one, blob: `mesh/${tenant}/${peer.id}/${message.id}/${at}` }))
  const added = await insertReceived(tx, {
    id: message.id,
    peer_id: peer.id,
    kind: message.kind,
    version: message.version,
    thread: message.thread,
    sequence: message.sequence,
    // Only an approved peer may fill the object store of this node.
    state: attachments.length > 0 && peer.state === 'approved' ? 'fetching' : 'ready',
    sealed: envelope.sealed,
    attachments,
    received_at: now,
    expires_at: message.expires_at,
  })
  if (added || message.kind === receiptKind) return undefined
  // Sent again because no answer came: it was handled, so the answer is said again.
  const known = await lockReceived(tx, peer.id, message.id)
  if (known?.state === 'handled' || known?.state === 'refused' || known?.state === 'expired')
    await receipt(tx, node, tenant, peer, { ...known, state: known.state })
  return undefined
}
