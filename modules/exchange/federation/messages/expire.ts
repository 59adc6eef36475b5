/** Messages whose time is over: on both sides they end in a state that says so. */
import { operation } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import { peerById } from '../peers/store.ts'
import { conclude, receipt } from './receipt.ts'
import { receiptKind } from './send.ts'
import { endReceived, endSent, expiredReceived, expiredSent } from './store.ts'

export const expireQueue = 'federation-expire'
const perAct = 50

export const expireMessages = operation({
  name: 'federation.expire',
  summary: 'End messages whose time is over',
  input: z.strictObject({}),
  output: z.strictObject({ sent: z.int(), received: z.int() }),
  access: { action: 'use', on: () => ({ type: 'mesh' }) },
  audit: (_input, counts) => ({ details: counts }),
  async run(ctx) {
    const { tx, now } = ctx
    const sent = await expiredSent(tx, now, perAct)
    for (const row of sent) {
      const peer = await peerById(tx, row.peer_id)
      if (row.kind === receiptKind || peer === undefined) await endSent(tx, row.id, { state: 'expired', reason: null, detail: null }, now)
      else await conclude(ctx, row, peer.name, 'expire', row.state === 'queued' ? 'never_left' : 'no_answer', null)
    }
    const received = await expiredReceived(tx, now, perAct)
    for (const row of received) {
      const end = { state: 'expired' as const, reason: row.state === 'fetching' ? 'attachments_missing' : 'earlier_message_missing', detail: null }
      await endReceived(tx, row, end, now)
      const peer = await peerById(tx, row.peer_id)
      if (peer !== undefined && row.kind !== receiptKind) await receipt(tx, ctx.node, ctx.tenant, peer, { ...row, ...end })
    }
    return { sent: sent.length, received: received.length }
  },
})
