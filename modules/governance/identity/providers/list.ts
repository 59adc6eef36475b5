import { operation } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import { providerOf } from './provider.ts'
import { providerSchema } from './schema.ts'
import { domainRows, providerRows } from './store.ts'

export const listProviders = operation({
  name: 'identity.providers',
  summary: 'List where people of the institution may sign in elsewhere',
  input: z.strictObject({}),
  output: z.strictObject({ data: z.array(providerSchema) }),
  access: { action: 'read', on: () => ({ type: 'identity_provider' }) },
  audit: { none: 'It tells settings of the institution, and neither a secret nor a person.' },
  http: { method: 'GET', path: '/v1/identity-providers' },
  example: { input: {} },
  async run({ tx, tenant, node }) {
    const [rows, domains] = await Promise.all([providerRows(tx, tenant), domainRows(tx, tenant)])
    return { data: rows.map((row) => providerOf(node, row, domains)) }
  },
})
