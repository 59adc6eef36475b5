import type { Tx } from '@gatehouse/runtime/data/db'
import { operation } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import { provenNode } from '../mailbox/proven.ts'
import { problems } from '../problems.ts'
import { cardTextSchema } from '../protocol/card.ts'
import { cardsPath } from '../protocol/exchange.ts'
import { listNodes } from '../store.ts'

export const cards = operation({
  name: 'coordinator.cards',
  summary: 'The cards of the nodes that are admitted',
  description: 'For nodes. What stands here is a suggestion: whoever makes one of them a peer compares the fingerprint with its institution.',
  kind: 'steps',
  input: z.strictObject({}),
  output: z.strictObject({ cards: z.array(cardTextSchema) }),
  access: { public: 'a node proves by its signature that it is admitted' },
  audit: { none: 'it reads cards, which hold names and public keys' },
  http: { method: 'GET', path: cardsPath },
  example: { input: {} },
  problems: [problems.not_a_node, problems.clock_skew],
  async run(ctx) {
    await provenNode(ctx, new Uint8Array())
    return { cards: await ctx.step(admittedCards) }
  },
})

export async function admittedCards(tx: Tx): Promise<string[]> {
  return (await listNodes(tx)).flatMap(({ state, card }) => (state === 'admitted' ? [card] : []))
}
