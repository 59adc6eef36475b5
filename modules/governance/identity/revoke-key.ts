import { Problem } from '@gatehouse/core/problem'
import { idSchema } from '@gatehouse/core/schema'
import { operation } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { keyOf } from './api-key.ts'
import { apiKeySchema } from './schema.ts'
import { keyById, revokeKeyRow } from './store.ts'

export const revokeKey = operation({
  name: 'identity.revoke_key',
  summary: 'Revoke an API key',
  description: 'It is refused within a second. Revoking a key again changes nothing.',
  input: z.strictObject({ key: idSchema('api_key') }),
  output: apiKeySchema,
  access: { action: 'delete', on: (input, { partner }) => ({ type: 'api_key', id: input.key, ...(partner === undefined ? {} : { owner: partner }) }) },
  audit: (_input, output) => ({ object: { kind: 'api_key', id: output.id }, details: { owner_kind: output.owner_kind, owner: output.owner } }),
  http: { method: 'DELETE', path: '/v1/api-keys/:key' },
  example: { input: { key: '01980000-0000-7000-8000-000000000001' } },
  problems: [doorProblems.not_found],
  async run({ tx, tenant, principal, now }, { key }) {
    const row = await keyById(tx, tenant, key)
    if (row === undefined || (principal.partner !== undefined && principal.partner !== row.owner_id)) throw new Problem(doorProblems.not_found)
    await revokeKeyRow(tx, tenant, key, now)
    return keyOf({ ...row, revoked_at: row.revoked_at ?? now })
  },
})
