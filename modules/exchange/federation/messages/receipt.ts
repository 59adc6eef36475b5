/** The answer to a message, sealed like all others: a mailbox can lose it and cannot make one up. */
import type { Id } from '@gatehouse/core/id'
import { addSeconds } from '@gatehouse/core/instant'
import { idSchema } from '@gatehouse/core/schema'
import { momentOf } from '@gatehouse/runtime/base/context'
import type { Tx } from '@gatehouse/runtime/data/db'
import { messageKind } from '@gatehouse/runtime/door/message-kind'
import type { Node } from '@gatehouse/runtime/door/node'
import type { TransactionContext } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import { noteKnown, type PeerRow, peerNamed } from '../peers/store.ts'
import { type SentEvent, sentLife } from '../states.ts'
import { kindNamed } from './kinds.ts'
import { messageLimits } from './message.ts'
import { post, receiptKind } from './send.ts'
import { endSent, lockSent, type ReceivedRow, type SentRow } from './store.ts'

/** A receipt that is lost is said again when the message comes again, so it need not live long. */
const receiptDays = 7

const body = z.object({
  message: idSchema('message'),
  outcome: z.enum(['handled', 'refused', 'expired']),
  reason: z.string().max(messageLimits.reasonCharacters).nullable(),
  detail: z.string().max(messageLimits.detailCharacters).nullable(),
  /** The versions of its kind that the receiver knows. */
  knows: z.array(z.int()).max(10),
})

export type Ended = Pick<ReceivedRow, 'id' | 'kind' | 'reason' | 'detail'> & { readonly state: z.output<typeof body>['outcome'] }

export async function receipt(tx: Tx, node: Node, tenant: Id<'tenant'>, peer: PeerRow, { id, kind, state, reason, detail }: Ended): Promise<void> {
  const knows = [...(kindNamed(node, kind)?.versions ?? [])]
  await post(tx, node, tenant, peer, {
    to: peer.name,
    kind: receiptKind,
    version: 1,
    thread: '',
    body: { message: id, outcome: state, reason, detail, knows } satisfies z.input<typeof body>,
    expiresAt: addSeconds(momentOf(node.source).now, receiptDays * 86_400),
  })
}

const eventOf = { handled: 'acknowledge', refused: 'refuse', expired: 'expire' } as const satisfies Record<z.output<typeof body>['outcome'], SentEvent>

export const receiptMessages = messageKind({
  kind: receiptKind,
  versions: [1],
  body,
  async run(ctx, { from, body: { message, outcome, reason, detail, knows } }) {
    const peer = await peerNamed(ctx.tx, from)
    const sent = await lockSent(ctx.tx, message)
    // Of another peer's message nobody else says anything, and an answer is final.
    if (peer === undefined || sent === undefined || sent.peer_id !== peer.id) return undefined
    if (knows.length > 0) await noteKnown(ctx.tx, peer.id, sent.kind, knows)
    await conclude(ctx, sent, from, eventOf[outcome], reason, detail)
    return undefined
  },
})

/** The end of a message that was sent; whoever sent it is told inside the same act. */
export async function conclude(
  ctx: TransactionContext,
  sent: SentRow,
  to: string,
  event: Exclude<SentEvent, 'deliver'>,
  reason: string | null,
  detail: string | null,
): Promise<void> {
  const state = sentLife.next(sent.state, event)
  if (state !== 'acknowledged' && state !== 'refused' && state !== 'expired') return
  await endSent(ctx.tx, sent.id, { state, reason, detail }, ctx.now)
  ctx.publish({
    type: 'federation.message_changed',
    subject: sent.id,
    data: { message: sent.id, kind: sent.kind, thread: sent.thread, peer: to, state, ...(reason === null ? {} : { reason }) },
  })
  await kindNamed(ctx.node, sent.kind)?.answered?.(ctx, {
    id: sent.id,
    to,
    thread: sent.thread,
    state,
    ...(reason === null ? {} : { reason }),
    ...(detail === null ? {} : { detail }),
    at: ctx.now,
  })
}
