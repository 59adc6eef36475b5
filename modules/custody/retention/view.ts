import type { Erasure } from './schema.ts'
import type { ErasureRow } from './store.ts'

export function viewOf(row: ErasureRow): Erasure {
  const { tenant_id: _, commitment: __, settling_since: ___, statement: ____, entry_id: _____, certificate: ______, ...view } = row
  return view
}
