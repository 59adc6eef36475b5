import type { Id } from '@gatehouse/core/id'
import type { Instant } from '@gatehouse/core/instant'
import type { Tx } from '@gatehouse/runtime/data/db'
import type { resultEnds } from './schema.ts'
import { markEnded } from './store.ts'

/** Its key goes with it, in this transaction; the objects are noise from then on, and swept by the nightly job. */
export const endResult = (tx: Tx, id: Id<'query_result'>, by: (typeof resultEnds)[number], at: Instant): Promise<boolean> => markEnded(tx, id, by, at)
