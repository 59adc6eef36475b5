import type { Instant } from '@gatehouse/core/instant'
import type { Tx } from '@gatehouse/runtime/data/db'
import { operation, type Refusal, refuse } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import { problems } from '../problems.ts'
import { cardTextSchema, follows, readCard } from '../protocol/card.ts'
import { mailboxLimits, registerPath } from '../protocol/exchange.ts'
import { type NodeState, nodeStates, proposedMax } from '../schema.ts'
import { countNodes, insertNode, nodeNamed, replaceCard } from '../store.ts'

export const register = operation({
  name: 'coordinator.register',
  summary: 'Register the card of a node, or a changed one',
  description:
    'For nodes. A new node waits until an operator of the coordinator has compared its fingerprint. A card with changed keys counts at once where the key before it has signed it, too.',
  input: z.strictObject({ card: cardTextSchema }),
  output: z.strictObject({ name: z.string(), state: z.enum(nodeStates), fingerprint: z.string() }),
  access: { public: 'a card is signed by the key that it names, and gives no right before an operator has admitted it' },
  audit: (_input, { name, fingerprint, state }) => ({ object: { kind: 'mesh_node', id: name }, details: { fingerprint, state } }),
  http: { method: 'POST', path: registerPath, status: 201 },
  problems: [problems.card_invalid, problems.name_taken, problems.too_many],
  run: ({ tx, now }, { card }) => registerCard(tx, card, now),
})

/** The same for a node of this very process, which needs no request. */
export async function registerCard(tx: Tx, text: string, now: Instant): Promise<{ name: string; state: NodeState; fingerprint: string } | Refusal> {
  const own = await readCard(text)
  if (own === undefined) return refuse(problems.card_invalid)
  const { card, fingerprint } = own
  const known = await nodeNamed(tx, card.name)
  const row = { name: card.name, card: text, fingerprint, signing: card.signing.x, generation: card.generation }
  if (known === undefined) {
    const count = await countNodes(tx, 'proposed')
    if (count >= proposedMax || count + (await countNodes(tx, 'admitted')) >= mailboxLimits.nodes) return refuse(problems.too_many)
    return (await insertNode(tx, row, now)) ? { name: card.name, state: 'proposed', fingerprint } : refuse(problems.name_taken)
  }
  const earlier = await readCard(known.card)
  const next = await readCard(text, earlier?.card.signing)
  if (earlier === undefined || next === undefined || !(await follows(next, earlier.card))) return refuse(problems.name_taken)
  await replaceCard(tx, row, now)
  return { name: card.name, state: known.state, fingerprint }
}
