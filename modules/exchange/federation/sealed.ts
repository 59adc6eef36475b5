/** Bytes for one peer alone, such as a key that is kept until it is sent, or stands in a body. */
import type { Id } from '@gatehouse/core/id'
import { Problem } from '@gatehouse/core/problem'
import type { Tx } from '@gatehouse/runtime/data/db'
import type { Node } from '@gatehouse/runtime/door/node'
import { requireIdentity } from './identity/own.ts'
import { openBound, sealTo } from './messages/seal.ts'
import { cardOf } from './peers/peer.ts'
import { peerNamed } from './peers/store.ts'
import { problems } from './problems.ts'

const typ = 'gatehouse-sealed-bytes'

/** @param about what the bytes are for; whoever opens them has to say the same */
export async function sealToPeer(tx: Tx, node: Node, tenant: Id<'tenant'>, to: string, bytes: Uint8Array, about: string): Promise<string> {
  const peer = await peerNamed(tx, to)
  if (peer?.state !== 'approved') throw new Problem(problems.not_a_peer)
  const { identity } = await requireIdentity(tx, node, tenant)
  return sealTo((await cardOf(peer.card)).sealing, bytes, { typ, from: identity.name, to, about })
}

/** @returns `undefined` for what was sealed to another node, from another one, or for something else */
export async function openSealed(tx: Tx, node: Node, tenant: Id<'tenant'>, from: string, sealed: string, about: string): Promise<Uint8Array | undefined> {
  const { identity, keys } = await requireIdentity(tx, node, tenant)
  return openBound(sealed, keys, { typ, from, to: identity.name, about })
}
