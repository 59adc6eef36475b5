import { utf8 } from '@gatehouse/crypto/bytes'
import { secretBytesMax } from '@gatehouse/runtime/data/secrets/secret-store'
import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import { problems } from './problems.ts'
import { leaseSchema, secretFactsSchema, secretNameSchema, secretValueSchema } from './schema.ts'
import { toldOf } from './secret-facts.ts'

export const putSecret = operation({
  name: 'keyring.put_secret',
  kind: 'steps',
  summary: 'Keep a secret of another system, or the next version of one',
  description:
    'A password of a source, a token of a service. No operation gives the value back: only the component of the node that uses it reads it. ' +
    'Where there is a version already, that one stays valid for one more lease.',
  input: z.strictObject({ name: secretNameSchema, value: secretValueSchema, lease_seconds: leaseSchema }),
  output: secretFactsSchema,
  access: { action: 'create', on: () => ({ type: 'secret' }) },
  audit: ({ name }, { version, lease_seconds }) => ({ details: { secret: name, version, lease_seconds } }),
  http: { method: 'PUT', path: '/v1/secrets/:name' },
  example: { input: { name: 'sources/registry', value: 'the password', lease_seconds: 300 } },
  problems: [problems.secret_too_long],
  async run(ctx, { name, value, lease_seconds }) {
    const bytes = utf8(value)
    if (bytes.length > secretBytesMax) return refuse(problems.secret_too_long)
    return toldOf(await ctx.node.secrets.put(ctx.tenant, name, bytes, lease_seconds))
  },
})
