/** Sending: signed and sealed inside the caller's transaction, so that a message is on its way exactly if its act happened. */
import type { Id } from '@gatehouse/core/id'
import { addSeconds, type Instant } from '@gatehouse/core/instant'
import { Problem } from '@gatehouse/core/problem'
import { momentOf } from '@gatehouse/runtime/base/context'
import type { Tx } from '@gatehouse/runtime/data/db'
import type { Node } from '@gatehouse/runtime/door/node'
import { protocolVersions } from '../../coordinator/index.ts'
import { requireIdentity } from '../identity/own.ts'
import { cardOf } from '../peers/peer.ts'
import { type PeerRow, peerNamed } from '../peers/store.ts'
import { problems } from '../problems.ts'
import { kindNamed } from './kinds.ts'
import { type Message, messageLimits, messageVersion } from './message.ts'
import { type Acting, personToken } from './person-token.ts'
import { sealMessage } from './seal.ts'
import { type Attachment, insertSent, nextInThread } from './store.ts'

export interface Sending {
  /** The peer's name. */
  readonly to: string
  readonly kind: string
  /** The highest that both sides know, where it is not said. */
  readonly version?: number
  /** Messages of one thread are handled in the order in which they were sent. An empty one has no order. */
  readonly thread: string
  readonly body: unknown
  /** Objects in this node's store, already sealed; their key stands in the body. They stay until the message has ended. */
  readonly attachments?: readonly { readonly name: string; readonly blob: string }[]
  /** A user of this node; or a token that the identity provider of the mesh has made for the receiver. */
  readonly onBehalfOf?: Acting | { readonly token: string; readonly project: string }
  readonly expiresAt?: Instant
}

export const receiptKind = 'mesh.receipt'

/** @throws Problem where there is no such peer, or the message is too large */
export async function send(tx: Tx, node: Node, tenant: Id<'tenant'>, sending: Sending): Promise<Id<'message'>> {
  const peer = await peerNamed(tx, sending.to)
  if (peer?.state !== 'approved') throw new Problem(problems.not_a_peer)
  return post(tx, node, tenant, peer, sending)
}

/** Also to a peer that is no longer approved: a refusal is said to everybody whose key was known. */
export async function post(tx: Tx, node: Node, tenant: Id<'tenant'>, peer: PeerRow, sending: Sending): Promise<Id<'message'>> {
  const { now, newId } = momentOf(node.source)
  const { identity, keys } = await requireIdentity(tx, node, tenant)
  // By the keys that the peer knows: new ones sign once it has said that it has them.
  const signer = keys.find(({ generation }) => generation === peer.told) ?? keys[0]
  const card = await cardOf(peer.card)
  if (!card.versions.some((one) => protocolVersions.includes(one))) throw new Problem(problems.no_common_version)
  const until = addSeconds(now, messageLimits.lifeDays * 86_400)
  const expires_at = sending.expiresAt === undefined || sending.expiresAt > until ? until : sending.expiresAt
  const body = JSON.stringify(sending.body)
  if (Buffer.byteLength(body) > messageLimits.bodyBytes) throw new Problem(problems.body_too_large)
  const attachments = await attachmentsOf(node, newId, sending.attachments ?? [])
  const version = sending.version ?? versionFor(node, peer, sending.kind)
  const sequence = sending.thread === '' ? 0 : await nextInThread(tx, peer.id, sending.thread, now)
  const id = newId<'message'>()
  const named = { id, from: identity.name, to: peer.name, sent_at: now }
  const message: Message = {
    v: messageVersion,
    ...named,
    kind: sending.kind,
    version,
    thread: sending.thread,
    sequence,
    expires_at,
    ...(await actingOf(sending.onBehalfOf, named, signer.signing.key)),
    body: JSON.parse(body) as Message['body'],
    attachments: attachments.map(({ name, id, size }) => ({ name, id, size })),
  }
  const sealed = await sealMessage(message, signer, card)
  await insertSent(tx, { id, peer: peer.id, kind: sending.kind, version, thread: sending.thread, sequence, sealed, attachments, expiresAt: expires_at }, now)
  return id
}

async function actingOf(
  acting: Sending['onBehalfOf'],
  about: Parameters<typeof personToken>[1],
  key: Parameters<typeof personToken>[2],
): Promise<Pick<Message, 'on_behalf_of' | 'project'>> {
  if (acting === undefined) return {}
  return 'token' in acting ? { on_behalf_of: acting.token, project: acting.project } : { on_behalf_of: await personToken(acting, about, key) }
}

/** The highest version of a kind that this node and the peer know; this node's own where the peer has not said. */
function versionFor(node: Node, { knows }: PeerRow, kind: string): number {
  const own = kindNamed(node, kind)?.versions ?? [1]
  const both = own.filter((version) => knows[kind]?.includes(version) ?? true)
  return Math.max(...(both.length === 0 ? own : both))
}

/** For whoever makes a body that depends on it. */
export async function versionForPeer(tx: Tx, node: Node, to: string, kind: string): Promise<number> {
  const peer = await peerNamed(tx, to)
  if (peer === undefined) throw new Problem(problems.not_a_peer)
  return versionFor(node, peer, kind)
}

async function attachmentsOf({ blobs }: Node, newId: () => string, wanted: readonly { readonly name: string; readonly blob: string }[]): Promise<Attachment[]> {
  if (wanted.length > messageLimits.attachments)
    throw new Problem(problems.body_too_large, `a message carries at most ${messageLimits.attachments} attachments`)
  return Promise.all(
    wanted.map(async ({ name, blob }) => {
      const found = await blobs.stat(blob)
      if (found === undefined) throw new Error('an attachment is not in the object store')
      if (found.size > messageLimits.attachmentBytes)
        throw new Problem(problems.body_too_large, `an attachment has at most ${messageLimits.attachmentBytes} bytes`)
      return { name, blob, id: newId(), size: found.size }
    }),
  )
}
