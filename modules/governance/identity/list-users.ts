import { pageQuery, pageSchema } from '@gatehouse/core/schema'
import { operation } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import { findPartner } from '../partners/index.ts'
import { pageOf } from './page.ts'
import { partnerInput, userRoles, userSchema, userStatuses } from './schema.ts'
import { listUserRows } from './store.ts'
import { userOf } from './user.ts'

export const listUsers = operation({
  name: 'identity.users',
  summary: 'List who may sign in, of the staff and of partners',
  description: 'Persons whose records are kept are not among them: who of these has an account is told to nobody who runs the node.',
  input: z.strictObject({
    kind: z.enum(['staff', 'engineer']).optional(),
    role: z.enum(userRoles).optional(),
    status: z.enum(userStatuses).optional(),
    partner: partnerInput.optional(),
    ...pageQuery,
  }),
  output: pageSchema(userSchema),
  access: { action: 'read', on: () => ({ type: 'user' }) },
  audit: { none: "It lists the institution's own staff and its partners', and no person whose records are kept." },
  http: { method: 'GET', path: '/v1/users' },
  example: { input: { status: 'active' } },
  async run({ tx, tenant }, { cursor, limit, partner, ...filter }) {
    const found = partner === undefined ? undefined : await findPartner(tx, partner)
    if (partner !== undefined && found === undefined) return { data: [], next: null }
    return pageOf(limit, cursor, async (after, count) => (await listUserRows(tx, tenant, { ...filter, partner: found?.id }, after, count)).map(userOf))
  },
})
