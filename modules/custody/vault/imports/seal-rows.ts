/** From the rows of one batch and the ends of their people's chains to the blocks that continue them. No database in here. */
import { setImmediate as breathe } from 'node:timers/promises'
import { canonicalJson } from '@gatehouse/core/canonical-json'
import type { Id } from '@gatehouse/core/id'
import type { Instant } from '@gatehouse/core/instant'
import { utf8 } from '@gatehouse/crypto/bytes'
import { commitment } from '@gatehouse/crypto/hmac'
import type { Signer } from '@gatehouse/crypto/primitives'
import type { Keys, TenantKek } from '@gatehouse/runtime/data/keys/keys'
import type { SourceRecord } from '@gatehouse/tabular/value'
import type { Subject } from '../../../subjects/index.ts'
import { type DataKey, makeBlock } from '../block.ts'
import type { Reject } from '../schema.ts'
import type { LockedChain, NewBlock } from '../store.ts'
import { makeDataKey, openDataKey, type WrappedKey } from '../subject-key.ts'

export interface SubjectRow {
  readonly line: number
  readonly subject: Subject
  readonly record: SourceRecord
}

export interface SealingContext {
  readonly keys: Keys
  readonly kek: TenantKek
  readonly signer: Signer
  readonly tenant: Id<'tenant'>
  readonly recordType: { readonly id: Id<'record_type'>; readonly slug: string }
  readonly at: Instant
  readonly newBlockId: () => Id<'block'>
}

/** What the database holds of the people in the batch, under lock. */
export interface LockedState {
  readonly heads: readonly LockedChain[]
  readonly keys: readonly WrappedKey[]
  readonly digests: readonly { readonly subject_id: Id<'subject'>; readonly row_digest: Uint8Array }[]
}

export interface SealedRows {
  readonly blocks: readonly NewBlock[]
  readonly newKeys: readonly WrappedKey[]
  /** The chains that grew, with their new ends. */
  readonly heads: readonly LockedChain[]
  readonly repeated: number
  /** Chains that begin with this batch. */
  readonly begun: number
  readonly rejects: readonly Reject[]
}

interface Chain {
  readonly subject: Subject
  readonly dek: DataKey
  readonly startSequence: number
  sequence: number
  blockHash: Uint8Array
  digest: Uint8Array | undefined
}

/** Keyed by the data key, so that it goes with it; HKDF takes that key as its message, never as an HMAC key. */
const rowDomain = 'gatehouse/vault/row/v1'
const erasedMessage = 'this person has been erased or archived; nothing more is stored about them'

/** Rows between two pauses in which other callers of the process get their turn. */
const rowsPerBreath = 32

/**
 * Rows of one person continue the person's chain in the order of the file. A row that says the same as the person's latest
 * record of the type becomes no block.
 */
export async function sealRows(context: SealingContext, rows: readonly SubjectRow[], state: LockedState): Promise<SealedRows> {
  const { primitives } = context.keys
  const newKeys: WrappedKey[] = []
  const chains = await openChains(context, rows, state, newKeys)
  const blocks: NewBlock[] = []
  const rejects: Reject[] = []
  let repeated = 0
  let sinceBreath = 0
  for (const { line, subject, record } of rows) {
    const chain = chains.get(subject.id)
    if (chain === undefined) {
      rejects.push({ line, message: erasedMessage })
      continue
    }
    const text = canonicalJson(record)
    const row_digest = commitment(primitives, chain.dek.key, rowDomain, `${context.recordType.id}\n${text}`)
    if (chain.digest !== undefined && primitives.equal(chain.digest, row_digest)) {
      repeated++
    } else {
      const place = { ...context, subject: subject.id, block: context.newBlockId(), recordType: context.recordType.slug }
      const sequence = chain.sequence + 1
      const block = makeBlock(primitives, context.signer, chain.dek, { ...place, sequence, previousHash: chain.blockHash }, utf8(text))
      blocks.push({ ...block, dek_version: chain.dek.version, row_digest })
      chain.sequence = sequence
      chain.blockHash = block.block_hash
      chain.digest = row_digest
    }
    if (++sinceBreath % rowsPerBreath === 0) await breathe()
  }
  const grown = [...chains.values()].filter((chain) => chain.sequence > chain.startSequence)
  return {
    blocks,
    newKeys,
    heads: grown.map(({ subject, sequence, blockHash }) => ({ subject_id: subject.id, sequence, block_hash: blockHash })),
    repeated,
    begun: grown.filter((chain) => chain.startSequence === 0).length,
    rejects,
  }
}

/** People whose key is gone get no chain: a fresh key would bring back whom the institution has erased. */
async function openChains(context: SealingContext, rows: readonly SubjectRow[], state: LockedState, newKeys: WrappedKey[]): Promise<Map<Id<'subject'>, Chain>> {
  const heads = new Map(state.heads.map((head) => [head.subject_id, head]))
  const keys = new Map(state.keys.map((key) => [key.subject_id, key]))
  const digests = new Map(state.digests.map((row) => [row.subject_id, row.row_digest]))
  const chains = new Map<Id<'subject'>, Chain>()
  for (const { subject } of rows) {
    const head = heads.get(subject.id)
    if (chains.has(subject.id) || subject.status !== 'active' || head === undefined) continue
    const wrapped = keys.get(subject.id)
    if (wrapped === undefined && head.sequence > 0) continue
    const dek = wrapped === undefined ? freshKey(context, subject, newKeys) : await openDataKey(context.keys, context.tenant, wrapped)
    if (dek === undefined) throw new Error(`the data key of subject ${subject.id} does not open: its row was changed or moved`)
    chains.set(subject.id, {
      subject,
      dek,
      startSequence: head.sequence,
      sequence: head.sequence,
      blockHash: head.block_hash,
      digest: digests.get(subject.id),
    })
  }
  return chains
}

function freshKey({ keys, kek, tenant }: SealingContext, subject: Subject, newKeys: WrappedKey[]): DataKey {
  const { dek, wrapped } = makeDataKey(keys.primitives, kek, tenant, subject.id)
  newKeys.push(wrapped)
  return dek
}
