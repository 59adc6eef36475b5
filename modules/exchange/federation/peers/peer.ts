/** A peer as others see it, and the keys that are pinned. */
import type { Instant } from '@gatehouse/core/instant'
import { instantSchema } from '@gatehouse/core/schema'
import { z } from 'zod'
import { type Card, readCard } from '../../coordinator/index.ts'
import { peerStates } from '../states.ts'
import type { PeerRow } from './store.ts'

export const peersMax = 500

export const peerSchema = z.strictObject({
  name: z.string(),
  title: z.string(),
  state: z.enum(peerStates),
  fingerprint: z.string().describe('To be compared with the institution of the peer before it is approved'),
  generation: z.int(),
  mailbox: z.string(),
  approved_by: z.string().nullable(),
  approved_at: instantSchema.nullable(),
  proposed_at: instantSchema,
})
export type Peer = z.output<typeof peerSchema>

/** @throws Error for a row whose card is none: it was changed past the node */
export async function cardOf(text: string): Promise<Card> {
  const read = await readCard(text)
  if (read === undefined) throw new Error('the card of a peer does not hold any more')
  return read.card
}

export async function shownPeer({ name, state, card, fingerprint, mailbox, approved_by, approved_at, proposed_at }: PeerRow): Promise<Peer> {
  const { title, generation } = await cardOf(card)
  return { name, title, state, fingerprint, generation, mailbox, approved_by, approved_at, proposed_at }
}

/** The keys whose signatures count: the pinned one, and the one before it for what is still on its way. */
export async function signersOf({ card, previous_card, previous_until }: PeerRow, now: Instant): Promise<Card['signing'][]> {
  const { signing } = await cardOf(card)
  if (previous_card === null || previous_until === null || previous_until <= now) return [signing]
  return [signing, (await cardOf(previous_card)).signing]
}
