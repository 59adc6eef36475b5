/** Closes redemptions: the answer left whole, or it did not. A lost answer stays lost; the partner authorises again. */
import { idSchema } from '@gatehouse/core/schema'
import { operation, type Sent } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import type { ReleasedData } from './schema.ts'
import { closeSpent } from './store.ts'

export const deliveriesMax = 64

const delivery = z.strictObject({ release: idSchema('release'), complete: z.boolean(), bytes: z.number().int().min(0) })

export const deliver = operation({
  name: 'release.deliver',
  summary: 'Record whether redeemed releases were delivered',
  input: z.strictObject({ deliveries: z.array(delivery).min(1).max(deliveriesMax) }),
  output: z.strictObject({ closed: z.number().int() }),
  access: { action: 'update', on: () => ({ type: 'release' }) },
  audit: { none: 'every delivery leaves an entry of its own' },
  example: { input: { deliveries: [{ release: '0198c1de-7b3a-7c4d-8e5f-000000000001', complete: true, bytes: 512 }] } },
  async run(ctx, { deliveries }) {
    const closed = await closeSpent(ctx.tx, deliveries, ctx.now)
    await Promise.all(
      closed.map(({ id, partner_id, purpose, complete, bytes }) =>
        ctx.record(ctx.tx, 'release.deliver', { partner: partner_id, purpose, object: { kind: 'release', id }, details: { delivered: complete, bytes } }, [
          { type: complete ? 'release.delivered' : 'release.undelivered', subject: id, data: { release: id, partner: partner_id, bytes } },
        ]),
      ),
    )
    for (const { bytes } of closed) ctx.node.metrics.bytesReleased.inc(bytes)
    return { closed: closed.length }
  },
})

/** From what left the exchange to what is recorded of it. */
export function deliveriesOf(items: readonly { readonly output: ReleasedData; readonly sent: Sent }[]) {
  return { deliveries: items.map(({ output, sent }) => ({ release: output.release_id, complete: sent.complete, bytes: sent.bytes })) }
}
