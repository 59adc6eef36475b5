import type { Instant } from '@gatehouse/core/instant'
import type { TokenKey } from './schema.ts'
import type { KeyRow } from './store.ts'
import { keyIdOf } from './token-space.ts'

/** Newest first. The newest makes tokens; with one that begins at the same moment the later version does. */
export function viewsOf(rows: readonly KeyRow[], now: Instant): TokenKey[] {
  const newest = rows.at(-1)?.version
  return rows
    .map(({ version, ...row }): TokenKey => {
      const over = row.not_after !== null && row.not_after <= now
      return { key_id: keyIdOf(version), state: over ? 'ended' : version === newest ? 'makes' : 'reads', ...row }
    })
    .toReversed()
}
