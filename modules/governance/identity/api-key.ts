import { type KeyScope, scopeWord } from '../access/index.ts'
import type { ApiKey } from './schema.ts'
import type { ApiKeyRow } from './store.ts'

/** A key as people see it; the key itself is not kept. */
export function keyOf(row: ApiKeyRow): ApiKey {
  const { tenant_id: _, owner_id: owner, ...rest } = row
  return { ...rest, owner }
}

/** The scopes of a key as the ledger has them: `release:write policy:read@product/…`, or `everything` for a master key. */
export function scopeWords(scopes: readonly KeyScope[] | null): string {
  return scopes === null ? 'everything' : scopes.map(scopeWord).join(' ')
}
