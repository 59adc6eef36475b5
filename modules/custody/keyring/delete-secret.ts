import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { secretNameSchema } from './schema.ts'

export const deleteSecret = operation({
  name: 'keyring.delete_secret',
  kind: 'steps',
  summary: 'Delete a secret with all its versions, at once',
  input: z.strictObject({ name: secretNameSchema }),
  output: z.strictObject({ name: z.string() }),
  access: { action: 'delete', on: () => ({ type: 'secret' }) },
  audit: ({ name }) => ({ details: { secret: name } }),
  http: { method: 'DELETE', path: '/v1/secrets/:name' },
  example: { input: { name: 'sources/registry' } },
  problems: [doorProblems.not_found],
  async run(ctx, { name }) {
    return (await ctx.node.secrets.delete(ctx.tenant, name)) ? { name } : refuse(doorProblems.not_found)
  },
})
