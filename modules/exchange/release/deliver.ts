/** Closes a redemption: the answer left whole, or it did not. A lost answer stays lost; the partner authorises again. */
import { Problem } from '@gatehouse/core/problem'
import { idSchema } from '@gatehouse/core/schema'
import { operation } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { closeGrant, grantById } from './store.ts'

export const deliver = operation({
  name: 'release.deliver',
  summary: 'Record whether a redeemed release was delivered',
  input: z.strictObject({ release: idSchema('release'), complete: z.boolean(), bytes: z.number().int().min(0) }),
  output: z.strictObject({ delivered: z.boolean(), closed: z.boolean() }),
  access: { action: 'update', on: () => ({ type: 'release' }) },
  audit: ({ release, bytes }, { delivered }) => ({ object: { kind: 'release', id: release }, details: { delivered, bytes } }),
  async run(ctx, { release, complete, bytes }) {
    const grant = await grantById(ctx.tx, release)
    if (grant === undefined) throw new Problem(doorProblems.not_found)
    const closed = await closeGrant(ctx.tx, grant, { from: 'spent', to: complete ? 'delivered' : 'undelivered', at: ctx.now, bytes })
    ctx.describe({ partner: grant.partner_id, purpose: grant.purpose })
    ctx.node.metrics.bytesReleased.inc(bytes)
    ctx.publish({ type: complete ? 'release.delivered' : 'release.undelivered', subject: release, data: { release, partner: grant.partner_id, bytes } })
    return { delivered: complete, closed }
  },
})
