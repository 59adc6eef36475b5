import { pageQuery, pageSchema } from '@gatehouse/core/schema'
import { operation } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import { findPartner } from '../partners/index.ts'
import { keyOf } from './api-key.ts'
import { pageOf } from './page.ts'
import { apiKeySchema } from './schema.ts'
import { listKeyRows } from './store.ts'

export const listKeys = operation({
  name: 'identity.keys',
  summary: 'List API keys with their owner and last use',
  description: 'A partner sees its own keys. `last_used_at` is kept to the minute.',
  input: z.strictObject({ partner: z.string().min(1).max(64).optional(), ...pageQuery }),
  output: pageSchema(apiKeySchema),
  access: {
    action: 'read',
    on: (input, principal) => {
      const owner = principal.partner ?? input.partner
      return { type: 'api_key', ...(owner === undefined ? {} : { owner }) }
    },
  },
  audit: { none: 'It shows labels and times of keys, and no key.' },
  http: { method: 'GET', path: '/v1/api-keys' },
  example: { input: {} },
  async run({ tx, tenant, principal }, { partner, cursor, limit }) {
    const named = principal.partner ?? (partner === undefined ? undefined : (await findPartner(tx, partner))?.id)
    if (partner !== undefined && named === undefined) return { data: [], next: null }
    return pageOf(limit, cursor, async (after, count) => (await listKeyRows(tx, tenant, named, after, count)).map(keyOf))
  },
})
