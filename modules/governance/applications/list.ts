import { idSchema, pageQuery, pageSchema } from '@gatehouse/core/schema'
import { operation } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { pageOf } from '../identity/index.ts'
import { applicationOf } from './application.ts'
import { ownApplication, ownerOf, seenApplication } from './own.ts'
import { applicationSchema } from './schema.ts'
import { applicationStates } from './states.ts'
import { applicationRows } from './store.ts'

export const list = operation({
  name: 'applications.list',
  summary: 'List applications',
  description: 'Whoever has a right on own applications only sees theirs.',
  input: z.strictObject({ state: z.enum(applicationStates).optional(), ...pageQuery }),
  output: pageSchema(applicationSchema),
  access: { action: 'read', on: (_input, principal) => ownApplication({}, principal) },
  audit: { none: 'It shows what applications may, and no secret.' },
  http: { method: 'GET', path: '/v1/applications' },
  example: { input: {} },
  async run(ctx, { state, cursor, limit }) {
    const all = await ctx.may('read', { type: 'application' })
    const owner = all ? undefined : ownerOf(ctx.principal)
    return pageOf(limit, cursor, async (after, count) => (await applicationRows(ctx.tx, ctx.tenant, owner, state, after, count)).map(applicationOf))
  },
})

export const read = operation({
  name: 'applications.read',
  summary: 'Read an application',
  input: z.strictObject({ application: idSchema('application') }),
  output: applicationSchema,
  access: { action: 'read', on: ownApplication },
  audit: { none: 'It shows what an application may, and no secret.' },
  http: { method: 'GET', path: '/v1/applications/:application' },
  example: { input: { application: '01980000-0000-7000-8000-000000000001' } },
  problems: [doorProblems.not_found],
  run: async (ctx, { application }) => applicationOf(await seenApplication(ctx, application)),
})
