import { addSeconds } from '@gatehouse/core/instant'
import { messageKind } from '@gatehouse/runtime/door/message-kind'
import { refuse } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import { cardTextSchema, follows, readCard } from '../../coordinator/index.ts'
import { messageLimits } from '../messages/message.ts'
import { problems } from '../problems.ts'
import { cardOf } from './peer.ts'
import { lockPeer, replaceCard, setTold } from './store.ts'

/** A peer has new keys. It says so itself, in a message signed by the key that is pinned, with a card that both keys have signed. */
export const cardRotate = messageKind({
  kind: 'card.rotate',
  versions: [1],
  body: z.object({ card: cardTextSchema }),
  async run(ctx, { from, body: { card: text } }) {
    const row = await lockPeer(ctx.tx, from)
    const before = row === undefined ? undefined : await cardOf(row.card)
    const next = before === undefined ? undefined : await readCard(text, before.signing)
    if (row === undefined || before === undefined || next === undefined || !(await follows(next, before))) return refuse(problems.card_invalid)
    await replaceCard(ctx.tx, row.id, { card: text, fingerprint: next.fingerprint, until: addSeconds(ctx.now, messageLimits.overlapDays * 86_400) }, ctx.now)
    ctx.publish({ type: 'federation.peer_changed', subject: row.id, data: { peer: from, state: row.state, fingerprint: next.fingerprint } })
    return undefined
  },
  /** Cards are handled in order, so each that was is the next. */
  async answered({ tx }, { to, state }) {
    const row = state === 'acknowledged' ? await lockPeer(tx, to) : undefined
    if (row !== undefined) await setTold(tx, row.id, (row.told ?? 1) + 1)
  },
})
