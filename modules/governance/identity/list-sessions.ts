import { pageQuery, pageSchema } from '@gatehouse/core/schema'
import { operation } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import { pageOf } from './page.ts'
import { sessionSchema } from './schema.ts'
import { sessionOf } from './session.ts'
import { sessionsOf } from './sessions/store.ts'

export const listSessions = operation({
  name: 'identity.sessions',
  summary: 'List the sessions of the person who asks',
  input: z.strictObject(pageQuery),
  output: pageSchema(sessionSchema),
  access: { action: 'read', on: (_input, principal) => ({ type: 'session', owner: principal.id }) },
  audit: { none: 'It tells callers only about themselves.' },
  http: { method: 'GET', path: '/v1/auth/sessions' },
  example: { input: {} },
  async run({ tx, tenant, principal, now }, { cursor, limit }) {
    return pageOf(limit, cursor, async (after, count) =>
      (await sessionsOf(tx, tenant, principal.id, now, after, count)).map((row) => sessionOf(row, principal)),
    )
  },
})
