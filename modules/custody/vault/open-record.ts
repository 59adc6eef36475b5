/**
 * Opens one record: the one place where content of the vault becomes readable. The block is checked before it is decrypted, and
 * only the planned fields leave this function.
 */
import type { Id } from '@gatehouse/core/id'
import { dekVersionOf } from '@gatehouse/crypto/block-key'
import { toHex, utf8Text } from '@gatehouse/crypto/bytes'
import { nodeVerify } from '@gatehouse/crypto/node'
import type { Tx } from '@gatehouse/runtime/data/db'
import type { Node } from '@gatehouse/runtime/door/node'
import type { SourceRecord, SourceValue } from '@gatehouse/tabular/value'
import { blockFaults, genesisHash, openStored } from './block.ts'
import { blockKeys } from './signing.ts'
import { latestReadable } from './store.ts'
import { openDataKey } from './subject-key.ts'
import { tenantOf } from './tenant.ts'

export interface RecordPlan {
  readonly subject: Id<'subject'>
  /** The record type's slug. */
  readonly recordType: string
  /** Names of the fields that may leave the vault. A field that the record lacks is left out. */
  readonly fields: readonly string[]
}

export type OpenedRecord =
  | { readonly outcome: 'opened'; readonly record: SourceRecord; readonly block: Id<'block'>; readonly data_hash: string }
  /** `place` names block, sequence and what does not hold; it has no personal value and may stand in the ledger. */
  | { readonly outcome: 'tampered'; readonly place: string }
  /** There is no such record, or the person's key has been destroyed. */
  | { readonly outcome: 'gone' }

export async function openRecord(tx: Tx, node: Node, plan: RecordPlan): Promise<OpenedRecord> {
  const tenant = tenantOf(tx)
  const { primitives } = node.keys
  const [row, publicKeys] = await Promise.all([latestReadable(tx, plan.subject, plan.recordType), blockKeys(node, tenant)])
  if (row === undefined || row.wrapped === null || row.kek_version === null) return { outcome: 'gone' }
  const tampered = (what: string): OpenedRecord => ({ outcome: 'tampered', place: `block ${row.block_id}, sequence ${row.sequence}: ${what}` })

  const before = row.sequence === 1 ? genesisHash : (row.before ?? undefined)
  const faults = blockFaults(primitives, nodeVerify, publicKeys, row, before)
  if (faults.length > 0) return tampered(faults.join(', '))
  if (dekVersionOf(row.encrypted_data) !== row.dek_version) return tampered('dek_version')
  const key = { subject_id: plan.subject, version: row.dek_version, kek_version: row.kek_version, wrapped: row.wrapped }
  const dek = await openDataKey(node.keys, tenant, key)
  if (dek === undefined) return tampered('subject_key')
  const opened = openStored(primitives, tenant, row.slug, dek, row)
  if (opened.outcome === 'refused') return tampered(opened.reason)
  const whole = JSON.parse(utf8Text(opened.plaintext) ?? '') as Record<string, SourceValue>
  return { outcome: 'opened', record: only(whole, plan.fields), block: row.block_id, data_hash: toHex(row.data_hash) }
}

function only(record: SourceRecord, fields: readonly string[]): SourceRecord {
  return Object.fromEntries(fields.flatMap((name) => (Object.hasOwn(record, name) ? [[name, record[name] ?? null]] : [])))
}
