import type { ApiKey } from './schema.ts'
import type { ApiKeyRow } from './store.ts'

/** A key as people see it; the key itself is not kept. */
export function keyOf(row: ApiKeyRow): ApiKey {
  const { tenant_id: _, owner_id: owner, ...rest } = row
  return { ...rest, owner }
}
