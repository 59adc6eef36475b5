import { Problem } from '@gatehouse/core/problem'
import { operation, Refusal, refuse, type StepsContext } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import { cardTextSchema, follows, mailboxSchema, nodeNameSchema, type ReadCard, readCard } from '../../coordinator/index.ts'
import { requireIdentity } from '../identity/own.ts'
import { mailboxAt, problemOfMailbox } from '../mailboxes/mailbox.ts'
import { problems } from '../problems.ts'
import { peerLife } from '../states.ts'
import { cardOf, peerSchema, peersMax, shownPeer } from './peer.ts'
import { insertPeer, listPeers, lockPeer, proposeAgain, replaceCard } from './store.ts'

export const proposePeer = operation({
  name: 'federation.propose_peer',
  summary: 'Propose a peer from its card, or by its name at the coordinator',
  description:
    'Nothing is exchanged with it before somebody has compared the fingerprint and approved it. Its keys are pinned then: whatever a coordinator says later, only a card that the known key has signed takes its place.',
  kind: 'steps',
  input: z
    .strictObject({
      card: cardTextSchema.optional(),
      name: nodeNameSchema.optional(),
      /** Where the two exchange messages; the mailbox of its card, or else that of this node, where it is not said. */
      mailbox: mailboxSchema.optional(),
    })
    .refine(({ card, name }) => (card === undefined) !== (name === undefined), 'send a card, or the name of a node of the coordinator'),
  output: peerSchema,
  access: { action: 'create', on: () => ({ type: 'mesh' }) },
  audit: (_input, { name, fingerprint }) => ({ object: { kind: 'peer', id: name }, details: { fingerprint } }),
  http: { method: 'POST', path: '/v1/mesh/peers', status: 201 },
  example: { input: { name: 'hillside', mailbox: 'https://coordinator.example.org' } },
  problems: [
    problems.no_identity,
    problems.card_invalid,
    problems.own_card,
    problems.no_mailbox,
    problems.peer_known,
    problems.peer_state,
    problems.too_many,
    problems.mailbox_unreachable,
    problems.no_common_version,
  ],
  async run(ctx, { card: given, name, mailbox: chosen }) {
    const own = await ctx.step((tx) => requireIdentity(tx, ctx.node, ctx.tenant))
    const text = given ?? (await registered(ctx, name as string, chosen))
    const read = await readCard(text)
    if (read === undefined) return refuse(problems.card_invalid)
    if (read.card.name === own.identity.name) return refuse(problems.own_card)
    const mailbox = chosen ?? read.card.mailbox ?? own.identity.mailbox
    if (mailbox === null) return refuse(problems.no_mailbox)
    return propose(ctx, text, read, mailbox)
  },
})

/** What a registry says is only a suggestion: whoever approves compares the fingerprint. */
async function registered(ctx: StepsContext, name: string, chosen: string | undefined): Promise<string> {
  const own = await ctx.step((tx) => requireIdentity(tx, ctx.node, ctx.tenant))
  const address = chosen ?? own.identity.mailbox
  if (address === null) throw new Problem(problems.no_mailbox)
  const cards = await mailboxAt(ctx.node, address, own)
    .cards()
    .catch((error: unknown) => {
      throw problemOfMailbox(error, problems.mailbox_unreachable)
    })
  for (const text of cards) if ((await readCard(text))?.card.name === name) return text
  throw new Problem(problems.not_a_peer, 'the coordinator has no node of that name')
}

function propose(ctx: StepsContext, card: string, { card: { name }, fingerprint }: ReadCard, mailbox: string) {
  return ctx.step(async (tx) => {
    const known = await lockPeer(tx, name)
    if (known === undefined) {
      if ((await listPeers(tx)).length >= peersMax) return refuse(problems.too_many)
      if (!(await insertPeer(tx, { id: ctx.newId<'peer'>(), name, card, fingerprint, mailbox }, ctx.now))) throw new Problem(problems.peer_known)
    } else if (peerLife.can(known.state, 'propose')) {
      await proposeAgain(tx, { id: known.id, card, fingerprint, mailbox }, ctx.now)
    } else {
      const before = await cardOf(known.card)
      const next = await readCard(card, before.signing)
      // The same keys with another title or mailbox are no other node.
      if (next === undefined || next.fingerprint !== known.fingerprint || !(await follows(next, before))) return refuse(problems.peer_known)
      await replaceCard(tx, known.id, { card, fingerprint, until: null }, ctx.now)
    }
    const row = await lockPeer(tx, name)
    return row === undefined ? new Refusal(new Problem(problems.not_a_peer)) : shownPeer(row)
  })
}
