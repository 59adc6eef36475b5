import { operation } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import { makeKey } from './make-key.ts'
import { apiKeySchema, limits } from './schema.ts'

export const addOperator = operation({
  name: 'identity.add_operator',
  summary: 'Make a key for another operator of the node',
  description:
    'For operators only. Where two operators must agree, the key made here is one of them and the credential of the machine the other. It is shown once.',
  input: z.strictObject({ label: z.string().trim().min(1).max(100) }),
  output: z.strictObject({ key: z.string(), api_key: apiKeySchema }),
  access: { action: 'create', on: () => ({ type: 'operator' }) },
  audit: (_input, { api_key: key }) => ({ object: { kind: 'api_key', id: key.id }, details: { owner_kind: key.owner_kind, owner: key.owner } }),
  secretOutput: true,
  stepUp: true,
  http: { method: 'POST', path: '/v1/operators', status: 201 },
  example: { input: { label: 'Night shift' } },
  async run(ctx, { label }) {
    const wanted = { id: ctx.newId<'api_key'>(), owner_kind: 'operator' as const, owner_id: ctx.newId<'user'>(), label, scopes: null }
    return makeKey(ctx, wanted, limits.keyDays * 86_400)
  },
})
