import { addSeconds } from '@gatehouse/core/instant'
import { issueToken } from '@gatehouse/crypto/token'
import type { TransactionContext } from '@gatehouse/runtime/door/operation'
import { keyOf } from './api-key.ts'
import type { ApiKey } from './schema.ts'
import { type ApiKeyRow, insertKey } from './store.ts'

type Act = Pick<TransactionContext, 'tx' | 'node' | 'tenant' | 'now'>
type Wanted = Pick<ApiKeyRow, 'id' | 'owner_kind' | 'owner_id' | 'label' | 'scopes'>

/** Makes a key that holds for so many seconds. Its hash is kept; the key itself is in the answer and nowhere else. */
export async function makeKey({ tx, node, tenant, now }: Act, wanted: Wanted, seconds: number): Promise<{ key: string; api_key: ApiKey }> {
  const { token, hash } = issueToken(node.keys.primitives, 'ghk_')
  const row = { tenant_id: tenant, ...wanted, created_at: now, expires_at: addSeconds(now, seconds), last_used_at: null, revoked_at: null, replaced_by: null }
  await insertKey(tx, row, hash)
  return { key: token, api_key: keyOf(row) }
}
