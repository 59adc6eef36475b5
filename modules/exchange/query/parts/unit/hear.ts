/** What a linkage unit says to the nodes whose encodings it got. Only the unit that was asked is heard, and once. */
import { messageKind } from '@gatehouse/runtime/door/message-kind'
import type { TransactionContext } from '@gatehouse/runtime/door/operation'
import { runQueue } from '../../runs/queue.ts'
import { endPart } from '../end-part.ts'
import { isUnit } from '../join.ts'
import { isOpen } from '../states.ts'
import { findPart } from '../store.ts'
import { filesBeside } from './files.ts'
import { encodingsRefusedBody, groupsBody, unitKinds } from './schema.ts'
import { type EncodingRow, endEncoding, openEncoding, wake } from './store.ts'

async function goesOn({ node, tx, tenant, now }: TransactionContext, { run_id }: EncodingRow): Promise<void> {
  await wake(tx, run_id, now)
  await node.queue.enqueue(tx, runQueue, { tenant, run: run_id }, { singletonKey: run_id })
}

export const hearGroups = messageKind({
  kind: unitKinds.groups,
  versions: [1],
  body: groupsBody,
  async run(ctx, { from, body, attachments }) {
    const { tx } = ctx
    const sent = await openEncoding(tx, from, body.run)
    if (sent !== undefined) {
      await endEncoding(tx, sent.run_id, 'grouped', { groups: filesBeside(body.tables, attachments, 'groups') })
      await goesOn(ctx, sent)
    }
    const part = await findPart(tx, body.run, from)
    if (part === undefined || !isOpen(part.state) || !isUnit(part)) return undefined
    for (const peer of body.absent) {
      const other = peer === from ? undefined : await findPart(tx, body.run, peer)
      // Whoever was left out will not be linked any more, whatever it says later.
      if (other !== undefined && isOpen(other.state)) await endPart(ctx, tx, other, 'expired')
    }
    await endPart(ctx, tx, part, 'answered')
    return undefined
  },
})

export const hearEncodingsRefused = messageKind({
  kind: unitKinds.refused,
  versions: [1],
  body: encodingsRefusedBody,
  async run(ctx, { from, body: { run, reason } }) {
    const sent = await openEncoding(ctx.tx, from, run)
    if (sent === undefined) return undefined
    await endEncoding(ctx.tx, sent.run_id, 'refused', { reason })
    await goesOn(ctx, sent)
    const part = await findPart(ctx.tx, run, from)
    if (part !== undefined && isOpen(part.state) && isUnit(part)) await endPart(ctx, ctx.tx, part, 'refused', { reason })
    return undefined
  },
})
