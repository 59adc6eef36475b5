import { addSeconds } from '@gatehouse/core/instant'
import { issueToken } from '@gatehouse/crypto/token'
import { operation } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import { keyOf } from './api-key.ts'
import { apiKeySchema, limits } from './schema.ts'
import { insertKey } from './store.ts'

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
    const { token, hash } = issueToken(ctx.node.keys.primitives, 'ghk_')
    const row = {
      tenant_id: ctx.tenant,
      id: ctx.newId<'api_key'>(),
      owner_kind: 'operator' as const,
      owner_id: ctx.newId<'user'>(),
      label,
      scopes: null,
      created_at: ctx.now,
      expires_at: addSeconds(ctx.now, limits.keyDays * 86_400),
    }
    await insertKey(ctx.tx, row, hash)
    return { key: token, api_key: keyOf({ ...row, last_used_at: null, revoked_at: null, replaced_by: null }) }
  },
})
