/** The vault's SQL. */
import type { Id } from '@gatehouse/core/id'
import type { Instant } from '@gatehouse/core/instant'
import type { Tx } from '@gatehouse/runtime/data/db'
import type { Field } from '@gatehouse/tabular/field'
import { genesisHash, type StoredBlock } from './block.ts'
import type { WrappedKey } from './subject-key.ts'
import { listVerifications, type VerificationRow } from './verifications/store.ts'

export interface RecordTypeRow {
  readonly id: Id<'record_type'>
  readonly slug: string
  readonly version: number
  readonly fields: readonly Field[]
  readonly subject_column: string | null
  readonly created_at: Instant
}

const typeColumns = 'id, slug, version, fields, subject_column, created_at'

export function listRecordTypes(tx: Tx): Promise<RecordTypeRow[]> {
  return tx.query(`SELECT ${typeColumns} FROM vault.record_type WHERE tenant_id = $1 ORDER BY slug, version`, [tx.tenant])
}

export async function newestRecordType(tx: Tx, slug: string): Promise<RecordTypeRow | undefined> {
  const rows = await tx.query<RecordTypeRow>(`SELECT ${typeColumns} FROM vault.record_type WHERE tenant_id = $1 AND slug = $2 ORDER BY version DESC LIMIT 1`, [
    tx.tenant,
    slug,
  ])
  return rows[0]
}

/** False when somebody else has just made this version. */
export async function insertRecordType(tx: Tx, row: RecordTypeRow): Promise<boolean> {
  const inserted = await tx.change(
    `INSERT INTO vault.record_type (tenant_id, id, slug, version, fields, subject_column, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING`,
    [tx.tenant, row.id, row.slug, row.version, JSON.stringify(row.fields), row.subject_column, row.created_at],
  )
  return inserted === 1
}

/** The end of a person's chain, locked until the transaction ends, with what is needed to continue it. */
export interface LockedChain {
  readonly subject_id: Id<'subject'>
  readonly sequence: number
  readonly block_hash: Uint8Array
}

/**
 * Locks the chains of these people, in one order for everybody so that two imports wait for each other and never deadlock. A
 * person without a chain gets its beginning first, because there must be a row to lock. The later reads begin after the lock is
 * held and so see what the writer before has committed.
 */
export async function lockChains(
  tx: Tx,
  subjects: readonly Id<'subject'>[],
  recordType: Id<'record_type'>,
): Promise<{ heads: LockedChain[]; keys: WrappedKey[]; digests: { subject_id: Id<'subject'>; row_digest: Uint8Array }[] }> {
  const sorted = [...subjects].sort()
  const [, heads, keys, digests] = await Promise.all([
    tx.query(
      {
        name: 'vault-head-begin',
        text: `INSERT INTO vault.head (tenant_id, subject_id, sequence, block_hash) SELECT $1, s, 0, $3 FROM unnest($2::uuid[]) s ON CONFLICT DO NOTHING`,
      },
      [tx.tenant, sorted, genesisHash],
    ),
    tx.query<LockedChain>(
      {
        name: 'vault-head-lock',
        text: 'SELECT subject_id, sequence, block_hash FROM vault.head WHERE tenant_id = $1 AND subject_id = ANY($2::uuid[]) ORDER BY subject_id FOR UPDATE',
      },
      [tx.tenant, sorted],
    ),
    tx.query<WrappedKey>(
      {
        name: 'vault-keys-newest',
        text: `SELECT DISTINCT ON (subject_id) subject_id, version, kek_version, wrapped FROM vault.subject_key
          WHERE tenant_id = $1 AND subject_id = ANY($2::uuid[]) ORDER BY subject_id, version DESC`,
      },
      [tx.tenant, sorted],
    ),
    tx.query<{ subject_id: Id<'subject'>; row_digest: Uint8Array }>(
      {
        name: 'vault-digests-latest',
        text: `SELECT s AS subject_id, b.row_digest FROM unnest($2::uuid[]) s CROSS JOIN LATERAL (
            SELECT row_digest FROM vault.block WHERE tenant_id = $1 AND subject_id = s AND record_type_id = $3 ORDER BY sequence DESC LIMIT 1) b`,
      },
      [tx.tenant, sorted, recordType],
    ),
  ])
  return { heads, keys, digests }
}

export interface NewBlock extends StoredBlock {
  readonly dek_version: number
  readonly row_digest: Uint8Array
}

export async function insertKeys(tx: Tx, keys: readonly WrappedKey[]): Promise<void> {
  if (keys.length === 0) return
  await tx.query(
    {
      name: 'vault-keys-insert',
      text: `INSERT INTO vault.subject_key (tenant_id, subject_id, version, kek_version, wrapped)
        SELECT $1, k.* FROM unnest($2::uuid[], $3::integer[], $4::integer[], $5::bytea[]) k`,
    },
    [tx.tenant, keys.map((key) => key.subject_id), keys.map((key) => key.version), keys.map((key) => key.kek_version), keys.map((key) => key.wrapped)],
  )
}

/** Every version. @returns how many there were */
export function deleteKeys(tx: Tx, subject: Id<'subject'>): Promise<number> {
  return tx.change('DELETE FROM vault.subject_key WHERE tenant_id = $1 AND subject_id = $2', [tx.tenant, subject])
}

export async function insertBlocks(tx: Tx, recordType: Id<'record_type'>, at: Instant, blocks: readonly NewBlock[]): Promise<void> {
  await tx.query(
    {
      name: 'vault-blocks-insert',
      text: `INSERT INTO vault.block (tenant_id, record_type_id, at, subject_id, block_id, sequence, dek_version, encrypted_data, data_hash, previous_hash, block_hash, signature, row_digest)
        SELECT $1, $2, $3, b.* FROM unnest($4::uuid[], $5::uuid[], $6::integer[], $7::integer[], $8::bytea[], $9::bytea[], $10::bytea[], $11::bytea[], $12::bytea[], $13::bytea[]) b`,
    },
    [
      tx.tenant,
      recordType,
      at,
      blocks.map((block) => block.subject_id),
      blocks.map((block) => block.block_id),
      blocks.map((block) => block.sequence),
      blocks.map((block) => block.dek_version),
      blocks.map((block) => block.encrypted_data),
      blocks.map((block) => block.data_hash),
      blocks.map((block) => block.previous_hash),
      blocks.map((block) => block.block_hash),
      blocks.map((block) => block.signature),
      blocks.map((block) => block.row_digest),
    ],
  )
}

export interface NewHead extends LockedChain {
  /** The ledger entry that states it. */
  readonly entry: Id<'entry'>
}

export async function moveHeads(tx: Tx, heads: readonly NewHead[]): Promise<void> {
  await tx.query(
    {
      name: 'vault-heads-move',
      text: `UPDATE vault.head h SET sequence = m.sequence, block_hash = m.block_hash, entry_id = m.entry_id
        FROM unnest($2::uuid[], $3::integer[], $4::bytea[], $5::uuid[]) AS m(subject_id, sequence, block_hash, entry_id) WHERE h.tenant_id = $1 AND h.subject_id = m.subject_id`,
    },
    [
      tx.tenant,
      heads.map((head) => head.subject_id),
      heads.map((head) => head.sequence),
      heads.map((head) => head.block_hash),
      heads.map((head) => head.entry),
    ],
  )
}

export async function headEntryOf(tx: Tx, subject: Id<'subject'>): Promise<Id<'entry'> | undefined> {
  const rows = await tx.query<{ entry_id: Id<'entry'> | null }>('SELECT entry_id FROM vault.head WHERE tenant_id = $1 AND subject_id = $2', [
    tx.tenant,
    subject,
  ])
  return rows[0]?.entry_id ?? undefined
}

export interface LatestRow {
  readonly slug: string
  readonly version: number
  readonly fields: readonly Field[]
  readonly block_id: Id<'block'>
  readonly at: Instant
  readonly head: Uint8Array
  readonly blocks: number
}

/** The latest block per version of a record type that the person has, the latest of all first. Content is not read. */
export function latestBlocks(tx: Tx, subject: Id<'subject'>, recordType: string | undefined): Promise<LatestRow[]> {
  return tx.query<LatestRow>(
    {
      name: 'vault-describe',
      text: `SELECT t.slug, t.version, t.fields, b.block_id, b.at, h.block_hash AS head, h.sequence AS blocks
        FROM vault.record_type t
        CROSS JOIN LATERAL (SELECT block_id, at, sequence FROM vault.block
          WHERE tenant_id = $1 AND subject_id = $2 AND record_type_id = t.id ORDER BY sequence DESC LIMIT 1) b
        JOIN vault.head h ON h.tenant_id = $1 AND h.subject_id = $2
        WHERE t.tenant_id = $1 AND ($3::text IS NULL OR t.slug = $3) ORDER BY b.sequence DESC`,
    },
    [tx.tenant, subject, recordType ?? null],
  )
}

const blockColumns = 'b.subject_id, b.block_id, b.sequence, b.encrypted_data, b.data_hash, b.previous_hash, b.block_hash, b.at, b.signature'

/** The next data keys after the place that lie under a version of the tenant's key below this one. */
export function oldDataKeys(tx: Tx, below: number, after: readonly [string, number], limit: number): Promise<WrappedKey[]> {
  return tx.query(
    {
      name: 'vault-keys-old',
      text: `SELECT subject_id, version, kek_version, wrapped FROM vault.subject_key
        WHERE tenant_id = $1 AND kek_version < $2 AND (subject_id, version) > ($3, $4) ORDER BY subject_id, version LIMIT $5 FOR UPDATE SKIP LOCKED`,
    },
    [tx.tenant, below, after[0], after[1], limit],
  )
}

export async function moveDataKeys(tx: Tx, kekVersion: number, keys: readonly Omit<WrappedKey, 'kek_version'>[]): Promise<void> {
  await tx.query(
    {
      name: 'vault-keys-move',
      text: `UPDATE vault.subject_key k SET kek_version = $2, wrapped = m.wrapped
        FROM unnest($3::uuid[], $4::integer[], $5::bytea[]) AS m(subject_id, version, wrapped)
        WHERE k.tenant_id = $1 AND k.subject_id = m.subject_id AND k.version = m.version`,
    },
    [tx.tenant, kekVersion, keys.map((key) => key.subject_id), keys.map((key) => key.version), keys.map((key) => key.wrapped)],
  )
}

export async function countOldDataKeys(tx: Tx, below: number): Promise<number> {
  const rows = await tx.query<{ count: number }>('SELECT count(*) FROM vault.subject_key WHERE tenant_id = $1 AND kek_version < $2', [tx.tenant, below])
  return rows[0]?.count ?? 0
}

export interface ReadableRow extends StoredBlock {
  readonly slug: string
  /** What the block before is stored under; null at the beginning of the chain, or where that block is missing. */
  readonly before: Uint8Array | null
  readonly dek_version: number
  readonly kek_version: number | null
  readonly wrapped: Uint8Array | null
}

/** The latest block of the record type with its predecessor's hash and its key. */
export async function latestReadable(tx: Tx, subject: Id<'subject'>, recordType: string): Promise<ReadableRow | undefined> {
  const rows = await tx.query<ReadableRow>(
    {
      name: 'vault-open',
      text: `SELECT ${blockColumns}, t.slug, b.dek_version, p.block_hash AS before, k.kek_version, k.wrapped
        FROM vault.record_type t
        CROSS JOIN LATERAL (SELECT * FROM vault.block
          WHERE tenant_id = $1 AND subject_id = $2 AND record_type_id = t.id ORDER BY sequence DESC LIMIT 1) b
        LEFT JOIN vault.block p ON p.tenant_id = $1 AND p.subject_id = $2 AND p.sequence = b.sequence - 1
        LEFT JOIN vault.subject_key k ON k.tenant_id = $1 AND k.subject_id = $2 AND k.version = b.dek_version
        WHERE t.tenant_id = $1 AND t.slug = $3 ORDER BY b.sequence DESC LIMIT 1`,
    },
    [tx.tenant, subject, recordType],
  )
  return rows[0]
}

export function chainOf(tx: Tx, subject: Id<'subject'>): Promise<StoredBlock[]> {
  return tx.query<StoredBlock>(
    { name: 'vault-chain', text: `SELECT ${blockColumns} FROM vault.block b WHERE b.tenant_id = $1 AND b.subject_id = $2 ORDER BY b.sequence` },
    [tx.tenant, subject],
  )
}

export interface ChainEntryRow {
  readonly block_id: Id<'block'>
  readonly sequence: number
  readonly record_type: string
  readonly record_type_version: number
  readonly at: Instant
  readonly data_hash: Uint8Array
  readonly previous_hash: Uint8Array
  readonly block_hash: Uint8Array
  readonly bytes: number
}

export function chainEntries(tx: Tx, subject: Id<'subject'>, after: number, limit: number): Promise<ChainEntryRow[]> {
  return tx.query<ChainEntryRow>(
    {
      name: 'vault-blocks',
      text: `SELECT b.block_id, b.sequence, t.slug AS record_type, t.version AS record_type_version, b.at, b.data_hash, b.previous_hash, b.block_hash,
          length(b.encrypted_data) AS bytes
        FROM vault.block b JOIN vault.record_type t ON t.tenant_id = b.tenant_id AND t.id = b.record_type_id
        WHERE b.tenant_id = $1 AND b.subject_id = $2 AND b.sequence > $3 ORDER BY b.sequence LIMIT $4`,
    },
    [tx.tenant, subject, after, limit],
  )
}

/** A block as the walk reads it: with the head its chain had at the same moment, and whether a key is left to open it. */
export interface WalkedRow extends StoredBlock {
  readonly head_sequence: number | null
  readonly head_hash: Uint8Array | null
  readonly readable: boolean
}

export interface WalkPlace {
  readonly subject: string
  readonly sequence: number
}

/** The next blocks in the order (person, sequence); of one person only where `only` is given. */
export function walkBlocks(tx: Tx, after: WalkPlace, only: Id<'subject'> | undefined, limit: number): Promise<WalkedRow[]> {
  return tx.query<WalkedRow>(
    {
      name: 'vault-walk',
      text: `SELECT ${blockColumns}, h.sequence AS head_sequence, h.block_hash AS head_hash, k.version IS NOT NULL AS readable
        FROM (SELECT * FROM vault.block WHERE tenant_id = $1 AND (subject_id, sequence) > ($2::uuid, $3) AND ($4::uuid IS NULL OR subject_id = $4)
          ORDER BY subject_id, sequence LIMIT $5) b
        LEFT JOIN vault.head h ON h.tenant_id = $1 AND h.subject_id = b.subject_id
        LEFT JOIN vault.subject_key k ON k.tenant_id = $1 AND k.subject_id = b.subject_id AND k.version = b.dek_version
        ORDER BY b.subject_id, b.sequence`,
    },
    [tx.tenant, after.subject, after.sequence, only ?? null, limit],
  )
}

/** Chains whose head says that there are blocks and of which not one is left. */
export function emptiedChains(tx: Tx, only: Id<'subject'> | undefined, limit: number): Promise<{ subject_id: Id<'subject'>; sequence: number }[]> {
  return tx.query(
    `SELECT h.subject_id, h.sequence FROM vault.head h WHERE h.tenant_id = $1 AND h.sequence > 0 AND ($2::uuid IS NULL OR h.subject_id = $2)
      AND NOT EXISTS (SELECT 1 FROM vault.block b WHERE b.tenant_id = h.tenant_id AND b.subject_id = h.subject_id) ORDER BY h.subject_id LIMIT $3`,
    [tx.tenant, only ?? null, limit],
  )
}

/** From the heads, which know the number of each chain's last block. */
export async function countBlocks(tx: Tx): Promise<number> {
  const [row] = await tx.query<{ blocks: number }>('SELECT coalesce(sum(sequence), 0)::bigint AS blocks FROM vault.head WHERE tenant_id = $1', [tx.tenant])
  return row?.blocks ?? 0
}

export interface Sizes {
  readonly subjects: number
  readonly blocks: number
  readonly bytes: number
  /** People by the version of the key that wraps theirs. */
  readonly wrapped: Readonly<Record<number, number>>
  readonly last_verification: Omit<VerificationRow, 'faults'> | null
}

export async function readSizes(tx: Tx): Promise<Sizes> {
  const [heads, blocks, keys, checks] = await Promise.all([
    tx.query<{ subjects: number }>('SELECT count(*) AS subjects FROM vault.head WHERE tenant_id = $1', [tx.tenant]),
    tx.query<{ blocks: number; bytes: number }>(
      'SELECT count(*) AS blocks, coalesce(sum(octet_length(encrypted_data)), 0)::bigint AS bytes FROM vault.block WHERE tenant_id = $1',
      [tx.tenant],
    ),
    tx.query<{ version: number; subjects: number }>(
      'SELECT kek_version AS version, count(DISTINCT subject_id) AS subjects FROM vault.subject_key WHERE tenant_id = $1 GROUP BY kek_version',
      [tx.tenant],
    ),
    listVerifications(tx, undefined, 1),
  ])
  const [check] = checks
  return {
    subjects: heads[0]?.subjects ?? 0,
    blocks: blocks[0]?.blocks ?? 0,
    bytes: blocks[0]?.bytes ?? 0,
    wrapped: Object.fromEntries(keys.map(({ version, subjects }) => [version, subjects])),
    last_verification: check === undefined ? null : withoutFaults(check),
  }
}

function withoutFaults({ faults: _, ...counts }: VerificationRow): Omit<VerificationRow, 'faults'> {
  return counts
}
