import type { Factor } from '../schema.ts'
import type { FactorRow } from './store.ts'

/** A factor as its owner sees it; what proves it never leaves the table. */
export function factorOf({ id, kind, label, created_at, last_used_at }: FactorRow): Factor {
  return { id, kind, label, created_at, last_used_at }
}
