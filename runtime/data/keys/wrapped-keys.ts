/**
 * A table that keeps keys (or other small secrets) under its tenant's key. Rotation walks over every such table of every module; a
 * table that is missing from the list would lose its content when the old version is destroyed, so a test holds the list against
 * the database's columns.
 */
import type { Id } from '@gatehouse/core/id'
import { open, seal } from '@gatehouse/crypto/aead'
import { lengthPrefixed } from '@gatehouse/crypto/bytes'
import type { Tx } from '../db.ts'
import { secretContext, storedSecretContext } from './contexts.ts'
import type { Keys, TenantKek } from './keys.ts'
import { countOlder, pageSecrets, pageStored, storeSecrets, storeStored } from './store.ts'

export interface WrappedRow {
  /** Where it stands in the order of the table's key. */
  readonly place: readonly (string | number)[]
  readonly kekVersion: number
  readonly wrapped: Uint8Array
  /** What the bytes are bound to. */
  readonly context: readonly string[]
}

export interface WrappedKeys {
  /** `schema.table` */
  readonly table: string
  /** The next rows after the place that lie under a version below this one, locked; rows that others hold are passed over. */
  page(tx: Tx, tenant: Id<'tenant'>, below: number, after: WrappedRow['place'] | undefined, limit: number): Promise<WrappedRow[]>
  store(tx: Tx, kekVersion: number, rows: readonly { readonly place: WrappedRow['place']; readonly wrapped: Uint8Array }[]): Promise<void>
  /** How many lie under versions below this one. */
  countOlder(tx: Tx, below: number): Promise<number>
}

export interface Rewrapped {
  readonly moved: number
  /** Rows whose bytes do not open where they stand: they were changed or moved, and stay as they are. */
  readonly faults: number
  /** Where to go on; absent at the end of the table. */
  readonly next: WrappedRow['place'] | undefined
}

/** Moves one page of a table under the newest key, inside the given transaction. */
export async function rewrapPage(
  tx: Tx,
  keys: Keys,
  tenant: Id<'tenant'>,
  to: TenantKek,
  table: WrappedKeys,
  after: WrappedRow['place'] | undefined,
  limit: number,
): Promise<Rewrapped> {
  const rows = await table.page(tx, tenant, to.version, after, limit)
  const moved: { place: WrappedRow['place']; wrapped: Uint8Array }[] = []
  for (const row of rows) {
    const from = await keys.kekVersion(tenant, row.kekVersion)
    const context = lengthPrefixed(row.context)
    const bare = open(keys.primitives, from.key, row.wrapped, context)
    if (bare !== undefined) moved.push({ place: row.place, wrapped: seal(keys.primitives, to.key, bare, context) })
  }
  if (moved.length > 0) await table.store(tx, to.version, moved)
  return { moved: moved.length, faults: rows.length - moved.length, next: rows.length < limit ? undefined : rows.at(-1)?.place }
}

/** The runtime's own tables. */
export const runtimeWrappedKeys: readonly WrappedKeys[] = [
  {
    table: 'keys.secret',
    async page(tx, tenant, below, after, limit) {
      const rows = await pageSecrets(tx, below, String(after?.[0] ?? ''), limit)
      return rows.map((row) => ({ place: [row.name], kekVersion: row.kek_version, wrapped: row.wrapped, context: secretContext(tenant, row.name) }))
    },
    store: (tx, kekVersion, rows) =>
      storeSecrets(
        tx,
        kekVersion,
        rows.map((row) => String(row.place[0])),
        rows.map((row) => row.wrapped),
      ),
    countOlder: async (tx, below) => (await countOlder(tx, below)).secrets,
  },
  {
    table: 'keys.stored_secret',
    async page(tx, tenant, below, after, limit) {
      const rows = await pageStored(tx, below, [String(after?.[0] ?? ''), Number(after?.[1] ?? 0)], limit)
      return rows.map((row) => ({
        place: [row.name, row.version],
        kekVersion: row.kek_version,
        wrapped: row.wrapped,
        context: storedSecretContext(tenant, row.name, row.version),
      }))
    },
    store: (tx, kekVersion, rows) =>
      storeStored(
        tx,
        kekVersion,
        rows.map((row) => String(row.place[0])),
        rows.map((row) => Number(row.place[1])),
        rows.map((row) => row.wrapped),
      ),
    countOlder: async (tx, below) => (await countOlder(tx, below)).stored,
  },
]
