import type { HolderWish } from '../../release/index.ts'
import type { TypeRow } from '../store.ts'

/** What the policy is asked for a type: the one field its claim follows from, or that anything may be said at all. */
export function wishOf({ purpose, record_type, rule }: TypeRow): HolderWish {
  return { purpose, recordType: record_type, ...(rule.how === 'fixed' ? {} : { field: rule.field }) }
}
