/** Attachments on their way: sealed bytes that pass in parts, so that neither side ever holds more than one of them. */
import type { Id } from '@gatehouse/core/id'
import type { BlobStore } from '@gatehouse/runtime/data/blobs/blob-store'
import type { Node } from '@gatehouse/runtime/door/node'
import { mailboxLimits } from '../../coordinator/index.ts'
import { type Attachment, type DueRow, fetching, type ReceivedRow, setReady } from '../messages/store.ts'
import { peerById } from '../peers/store.ts'
import { type Mailbox, MailboxError } from './mailbox.ts'

const { partBytes } = mailboxLimits
const perTurn = 20
const partsOf = (size: number): number => Math.ceil(size / partBytes)

export async function leaveAttachments(blobs: BlobStore, mailbox: Mailbox, { to, attachments, expires_at }: DueRow): Promise<void> {
  for (const { id, blob, size } of attachments) {
    for (let part = 0; part < partsOf(size); part++) {
      const bytes = await blobs.get(blob, { start: part * partBytes, end: Math.min((part + 1) * partBytes, size) })
      if (bytes === undefined) throw new MailboxError('an attachment of a message is gone from this node')
      await mailbox.leavePart({ attachment: id, part }, to, expires_at, await wholeOf(bytes))
    }
  }
}

async function wholeOf(chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  for await (const chunk of chunks) parts.push(chunk)
  return Buffer.concat(parts)
}

/** Of messages that wait for theirs; what is not there yet is looked for by the next turn. */
export async function fetchAttachments(node: Node, tenant: Id<'tenant'>, mailbox: Mailbox): Promise<void> {
  for (const row of await node.database.transaction(tenant, (tx) => fetching(tx, perTurn))) {
    const peer = await node.database.transaction(tenant, (tx) => peerById(tx, row.peer_id))
    if (peer?.state !== 'approved' || !(await fetchAll(node, mailbox, peer.name, row))) continue
    await node.database.transaction(tenant, (tx) => setReady(tx, row.peer_id, row.id))
    for (const { id } of row.attachments) await mailbox.drop(peer.name, id)
  }
}

class Missing extends Error {}

async function fetchAll({ blobs }: Node, mailbox: Mailbox, from: string, { attachments }: ReceivedRow): Promise<boolean> {
  for (const attachment of attachments) {
    if ((await blobs.stat(attachment.blob))?.size === attachment.size) continue
    try {
      await blobs.put(attachment.blob, fetched(mailbox, from, attachment))
    } catch (error) {
      if (error instanceof Missing) return false
      throw error
    }
  }
  return true
}

/** Each part as long as it has to be: what was cut off or added is no attachment. */
async function* fetched(mailbox: Mailbox, from: string, { id, size }: Attachment): AsyncGenerator<Uint8Array> {
  for (let part = 0; part < partsOf(size); part++) {
    const bytes = await mailbox.takePart(from, { attachment: id, part })
    if (bytes?.length !== Math.min(partBytes, size - part * partBytes)) throw new Missing()
    yield bytes
  }
}
