import { operation } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import { secretFactsSchema } from './schema.ts'
import { toldOf } from './secret-facts.ts'

export const listSecrets = operation({
  name: 'keyring.list_secrets',
  kind: 'steps',
  summary: 'List the secrets of other systems, by name and age',
  input: z.strictObject({}),
  output: z.strictObject({ data: z.array(secretFactsSchema) }),
  access: { action: 'read', on: () => ({ type: 'secret' }) },
  audit: { none: 'it tells names and ages, and no value' },
  http: { method: 'GET', path: '/v1/secrets' },
  example: { input: {} },
  async run(ctx) {
    return { data: (await ctx.node.secrets.list(ctx.tenant)).map(toldOf) }
  },
})
