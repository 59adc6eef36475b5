import { Problem } from '@gatehouse/core/problem'
import { idSchema } from '@gatehouse/core/schema'
import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { problems } from './problems.ts'
import { releaseView } from './schema.ts'
import { closeGrant, grantById } from './store.ts'
import { viewOf } from './view.ts'

export const cancel = operation({
  name: 'release.cancel',
  summary: 'Cancel a release that has not been redeemed',
  input: z.strictObject({ release: idSchema('release') }),
  output: releaseView,
  access: { action: 'delete', on: (_input, principal) => ({ type: 'release', ...(principal.partner === undefined ? {} : { owner: principal.partner }) }) },
  audit: ({ release }) => ({ object: { kind: 'release', id: release } }),
  http: { method: 'DELETE', path: '/v1/releases/:release' },
  problems: [problems.not_cancellable],
  async run(ctx, { release }) {
    const grant = await grantById(ctx.tx, release)
    if (grant === undefined || (ctx.principal.partner !== undefined && ctx.principal.partner !== grant.partner_id)) throw new Problem(doorProblems.not_found)
    const about = { partner: grant.partner_id, purpose: grant.purpose, object: { kind: 'release', id: release } }
    if (!(await closeGrant(ctx.tx, grant, { from: 'issued', to: 'cancelled', at: ctx.now })))
      return refuse(problems.not_cancellable, `the release is ${viewOf(grant, ctx.now).state}`, about)
    ctx.describe(about)
    ctx.publish({ type: 'release.cancelled', subject: release, data: { release, partner: grant.partner_id } })
    return viewOf({ ...grant, state: 'cancelled', closed_at: ctx.now }, ctx.now)
  },
})
