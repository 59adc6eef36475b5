/** What a person's record holds, told from its record type and the chain's end: nothing is opened for it. */
import type { Id } from '@gatehouse/core/id'
import type { Instant } from '@gatehouse/core/instant'
import { toHex } from '@gatehouse/crypto/bytes'
import type { Tx } from '@gatehouse/runtime/data/db'
import type { Node } from '@gatehouse/runtime/door/node'
import type { Field } from '@gatehouse/tabular/field'
import { latestBlocks } from './store.ts'

export interface DescribedRecord {
  readonly recordType: string
  readonly recordTypeVersion: number
  readonly fields: readonly Field[]
  /** The latest block of this record type. */
  readonly block: Id<'block'>
  /** The hash of the last block in the person's chain, hex. */
  readonly head: string
  readonly at: Instant
  /** The length of the person's chain. */
  readonly blocks: number
}

/**
 * Without a record type it must be clear which is meant: the person has records of one type only.
 * @returns `undefined` when there is no record, or when it is not clear which
 */
export async function describeRecord(tx: Tx, _node: Node, subject: Id<'subject'>, recordType?: string): Promise<DescribedRecord | undefined> {
  const rows = await latestBlocks(tx, subject, recordType)
  const latest = rows[0]
  if (latest === undefined || rows.some((row) => row.slug !== latest.slug)) return undefined
  return {
    recordType: latest.slug,
    recordTypeVersion: latest.version,
    fields: latest.fields,
    block: latest.block_id,
    head: toHex(latest.head),
    at: latest.at,
    blocks: latest.blocks,
  }
}
