import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { secretFactsSchema, secretNameSchema } from './schema.ts'
import { toldOf } from './secret-facts.ts'

export const describeSecret = operation({
  name: 'keyring.describe_secret',
  kind: 'steps',
  summary: 'Tell everything about a secret but its value',
  input: z.strictObject({ name: secretNameSchema }),
  output: secretFactsSchema,
  access: { action: 'read', on: () => ({ type: 'secret' }) },
  audit: { none: 'it tells name and age, and no value' },
  http: { method: 'GET', path: '/v1/secrets/:name' },
  example: { input: { name: 'sources/registry' } },
  problems: [doorProblems.not_found],
  async run(ctx, { name }) {
    const facts = await ctx.node.secrets.describe(ctx.tenant, name)
    return facts === undefined ? refuse(doorProblems.not_found) : toldOf(facts)
  },
})
