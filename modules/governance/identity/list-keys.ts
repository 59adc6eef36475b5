import { Problem } from '@gatehouse/core/problem'
import { pageQuery, pageSchema } from '@gatehouse/core/schema'
import { operation } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { findPartner } from '../partners/index.ts'
import { keyOf } from './api-key.ts'
import { pageOf } from './page.ts'
import { apiKeySchema, partnerInput } from './schema.ts'
import { listKeyRows } from './store.ts'

export const listKeys = operation({
  name: 'identity.keys',
  summary: 'List API keys with their owner and last use',
  description: 'An engineer sees the keys of the own partner. `last_used_at` is kept to the minute.',
  input: z.strictObject({ partner: partnerInput.optional(), ...pageQuery }),
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
  problems: [doorProblems.not_found],
  async run({ tx, tenant, principal }, { partner, cursor, limit }) {
    const found = partner === undefined ? undefined : await findPartner(tx, partner)
    if (partner !== undefined && principal.partner !== undefined && found?.id !== principal.partner) throw new Problem(doorProblems.not_found)
    const named = principal.partner ?? found?.id
    if (partner !== undefined && named === undefined) return { data: [], next: null }
    return pageOf(limit, cursor, async (after, count) => (await listKeyRows(tx, tenant, named, after, count)).map(keyOf))
  },
})
