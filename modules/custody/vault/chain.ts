/** A person's chain as evidence. */
import type { Id } from '@gatehouse/core/id'
import type { Tx } from '@gatehouse/runtime/data/db'
import { type Block, blockOf } from './block.ts'
import { chainOf, headEntryOf, latestBlocks, listRecordTypes, type RecordTypeRow } from './store.ts'

/** All blocks of a person from the first to the last, in the form in which they were signed and hashed. */
export async function subjectChain(tx: Tx, subject: Id<'subject'>): Promise<Block[]> {
  return (await chainOf(tx, subject)).map(blockOf)
}

/** The ledger entry that states the present end of the person's chain; `undefined` where there is no block. */
export function headEntry(tx: Tx, subject: Id<'subject'>): Promise<Id<'entry'> | undefined> {
  return headEntryOf(tx, subject)
}

/** The record types of which the person has a record, by slug. */
export async function recordTypesOf(tx: Tx, subject: Id<'subject'>): Promise<string[]> {
  return [...new Set((await latestBlocks(tx, subject, undefined)).map(({ slug }) => slug))]
}

/** Every version of every record type, in the order of slug and version. */
export function recordTypes(tx: Tx): Promise<RecordTypeRow[]> {
  return listRecordTypes(tx)
}
