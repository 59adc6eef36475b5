/** Partners and their keys for the hot path, remembered for less than a second so that a change takes effect within one. */
import type { Id } from '@gatehouse/core/id'
import { TtlCache } from '@gatehouse/runtime/base/cache'
import type { Tx } from '@gatehouse/runtime/data/db'
import type { Node } from '@gatehouse/runtime/door/node'
import type { Partner } from './schema.ts'
import { findPartner, type ReceiverKey, receiverKeys } from './store.ts'

const partnerCache = (node: Node) => new TtlCache<Partner | undefined>(() => node.source.nowMs())
const keyCache = (node: Node) => new TtlCache<ReceiverKey[]>(() => node.source.nowMs())

// The tenant is part of the name: row-level security does not reach into this memory.

export function currentPartner(node: Node, tx: Tx, idOrReference: string): Promise<Partner | undefined> {
  return node.of(partnerCache).get(`${tx.tenant} ${idOrReference}`, () => findPartner(tx, idOrReference))
}

export function currentReceiverKeys(node: Node, tx: Tx, partner: Id<'partner'>): Promise<ReceiverKey[]> {
  return node.of(keyCache).get(`${tx.tenant} ${partner}`, () => receiverKeys(tx, partner))
}

/** Forgets the partner in this process at once; the others follow when their memory ends. */
export function forgetPartner(node: Node, tx: Tx, partner: Partner): void {
  node.of(partnerCache).forget(`${tx.tenant} ${partner.id}`)
  node.of(partnerCache).forget(`${tx.tenant} ${partner.reference}`)
  node.of(keyCache).forget(`${tx.tenant} ${partner.id}`)
}
