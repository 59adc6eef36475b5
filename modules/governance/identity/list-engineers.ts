import { pageQuery, pageSchema } from '@gatehouse/core/schema'
import { operation } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import { findPartner } from '../partners/index.ts'
import { pageOf } from './page.ts'
import { partnerInput, userSchema } from './schema.ts'
import { listUserRows } from './store.ts'
import { userOf } from './user.ts'

export const listEngineers = operation({
  name: 'identity.engineers',
  summary: 'List the engineers of partners',
  input: z.strictObject({ partner: partnerInput.optional(), ...pageQuery }),
  output: pageSchema(userSchema),
  access: { action: 'read', on: () => ({ type: 'engineer_account' }) },
  audit: { none: 'It lists who works for partners, and no person whose records are kept.' },
  http: { method: 'GET', path: '/v1/engineers' },
  example: { input: { partner: 'acme-bank' } },
  async run({ tx, tenant }, { cursor, limit, partner }) {
    const found = partner === undefined ? undefined : await findPartner(tx, partner)
    if (partner !== undefined && found === undefined) return { data: [], next: null }
    const filter = { kind: 'engineer', partner: found?.id } as const
    return pageOf(limit, cursor, async (after, count) => (await listUserRows(tx, tenant, filter, after, count)).map(userOf))
  },
})
