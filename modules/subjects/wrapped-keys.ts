/** The commitment keys, for the change of the tenant's key. */
import type { WrappedKeys } from '@gatehouse/runtime/data/keys/wrapped-keys'
import { commitmentKeyContext } from './commitment.ts'
import { countOldCommitmentKeys, moveCommitmentKeys, oldCommitmentKeys } from './store.ts'

const nobody = '00000000-0000-0000-0000-000000000000'

export const commitmentKeys: WrappedKeys = {
  table: 'subjects.subject',
  async page(tx, tenant, below, after, limit) {
    const rows = await oldCommitmentKeys(tx, below, String(after?.[0] ?? nobody), limit)
    return rows.map((row) => ({
      place: [row.subject_id],
      kekVersion: row.kek_version,
      wrapped: row.commitment_key,
      context: commitmentKeyContext(tenant, row.subject_id),
    }))
  },
  store: (tx, kekVersion, rows) =>
    moveCommitmentKeys(
      tx,
      kekVersion,
      rows.map((row) => String(row.place[0])),
      rows.map((row) => row.wrapped),
    ),
  countOlder: countOldCommitmentKeys,
}
