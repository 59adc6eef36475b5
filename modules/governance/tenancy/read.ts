import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { tenantSchema } from './schema.ts'
import { readOwnTenant } from './store.ts'

export const readTenant = operation({
  name: 'tenancy.read',
  summary: 'Read your institution',
  description: 'The institution comes from the credential; no other can be asked for.',
  input: z.strictObject({}),
  output: tenantSchema,
  access: { action: 'read', on: () => ({ type: 'tenant' }) },
  audit: { none: "the institution's own name and settings, nothing of a person" },
  http: { method: 'GET', path: '/v1/tenant' },
  example: { input: {} },
  problems: [doorProblems.not_found],
  async run({ tx }) {
    return (await readOwnTenant(tx)) ?? refuse(doorProblems.not_found)
  },
})
