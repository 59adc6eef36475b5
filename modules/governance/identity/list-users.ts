import { pageQuery, pageSchema } from '@gatehouse/core/schema'
import { operation } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import { pageOf } from './page.ts'
import { userSchema } from './schema.ts'
import { listUserRows } from './store.ts'
import { userOf } from './user.ts'

export const listUsers = operation({
  name: 'identity.users',
  summary: 'List the people who may sign in',
  input: z.strictObject(pageQuery),
  output: pageSchema(userSchema),
  access: { action: 'read', on: () => ({ type: 'user' }) },
  audit: { none: "It lists the institution's own staff, and no person whose records are kept." },
  http: { method: 'GET', path: '/v1/users' },
  example: { input: {} },
  async run({ tx, tenant }, { cursor, limit }) {
    return pageOf(limit, cursor, async (after, count) => (await listUserRows(tx, tenant, after, count)).map(userOf))
  },
})
