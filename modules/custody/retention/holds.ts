import type { Id } from '@gatehouse/core/id'
import type { Tx } from '@gatehouse/runtime/data/db'
import { recordTypesOf } from '../vault/index.ts'
import type { Hold } from './schema.ts'
import { holdsOn } from './store.ts'

/** What stops the person from being archived for good or erased. */
export async function holdsOver(tx: Tx, subject: Id<'subject'>): Promise<Hold[]> {
  return holdsOn(tx, subject, await recordTypesOf(tx, subject))
}
