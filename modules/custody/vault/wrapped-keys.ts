/** The data keys, for the change of the tenant's key. */
import type { Id } from '@gatehouse/core/id'
import type { WrappedKeys } from '@gatehouse/runtime/data/keys/wrapped-keys'
import { countOldDataKeys, moveDataKeys, oldDataKeys } from './store.ts'
import { dataKeyContext } from './subject-key.ts'

const nobody = '00000000-0000-0000-0000-000000000000'

export const dataKeys: WrappedKeys = {
  table: 'vault.subject_key',
  async page(tx, tenant, below, after, limit) {
    const rows = await oldDataKeys(tx, below, [String(after?.[0] ?? nobody), Number(after?.[1] ?? 0)], limit)
    return rows.map((row) => ({
      place: [row.subject_id, row.version],
      kekVersion: row.kek_version,
      wrapped: row.wrapped,
      context: dataKeyContext(tenant, row.subject_id, row.version),
    }))
  },
  store: (tx, kekVersion, rows) =>
    moveDataKeys(
      tx,
      kekVersion,
      rows.map(({ place, wrapped }) => ({ subject_id: place[0] as Id<'subject'>, version: Number(place[1]), wrapped })),
    ),
  countOlder: countOldDataKeys,
}
