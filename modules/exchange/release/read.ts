import { Problem } from '@gatehouse/core/problem'
import { idSchema } from '@gatehouse/core/schema'
import { operation } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { releaseView } from './schema.ts'
import { grantById } from './store.ts'
import { viewOf } from './view.ts'

export const read = operation({
  name: 'release.read',
  summary: 'Read the state of a release',
  input: z.strictObject({ release: idSchema('release') }),
  output: releaseView,
  access: { action: 'read', on: (_input, principal) => ({ type: 'release', ...(principal.partner === undefined ? {} : { owner: principal.partner }) }) },
  audit: { none: 'shows ids, purposes and field names, and no value of a person' },
  http: { method: 'GET', path: '/v1/releases/:release' },
  async run(ctx, { release }) {
    const grant = await grantById(ctx.tx, release)
    if (grant === undefined || (ctx.principal.partner !== undefined && ctx.principal.partner !== grant.partner_id)) throw new Problem(doorProblems.not_found)
    return viewOf(grant, ctx.now)
  },
})
