import { operation } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import { ruleSchema } from './schema.ts'
import { listRules as list } from './store.ts'

export const listRules = operation({
  name: 'retention.rules',
  summary: 'List how long records are kept',
  input: z.strictObject({}),
  output: z.strictObject({ data: z.array(ruleSchema) }),
  access: { action: 'read', on: () => ({ type: 'retention_rule' }) },
  audit: { none: 'rules are about types of records and no person' },
  http: { method: 'GET', path: '/v1/retention/rules' },
  example: { input: {} },
  run: async ({ tx }) => ({ data: await list(tx) }),
})
