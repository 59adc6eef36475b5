import { operation } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import { listTenants } from '../../tenancy/index.ts'
import { institutionOf, institutionSchema } from './institution.ts'
import { staffOfAll } from './store.ts'

export const listInstitutions = operation({
  name: 'identity.institutions',
  kind: 'steps',
  summary: 'List the institutions of the node',
  description: 'For operators of the node only. It tells how many people each has, and nobody by name.',
  input: z.strictObject({}),
  output: z.strictObject({ data: z.array(institutionSchema) }),
  access: { action: 'read', on: () => ({ type: 'institution' }) },
  audit: { none: 'it tells names of institutions and counts of accounts, and nothing of a person' },
  http: { method: 'GET', path: '/v1/institutions' },
  example: { input: {} },
  async run({ node, tenant: own }) {
    return node.database.transaction('node', async (tx) => {
      const [tenants, staff] = await Promise.all([listTenants(tx), staffOfAll(tx)])
      return { data: tenants.map((tenant) => institutionOf(tenant, staff.get(tenant.id) ?? {}, tenant.id === own)) }
    })
  },
})
