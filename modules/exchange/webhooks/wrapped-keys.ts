/** The signing secrets, for the change of the tenant's key. */
import type { Id } from '@gatehouse/core/id'
import type { WrappedKeys } from '@gatehouse/runtime/data/keys/wrapped-keys'
import { webhookSecretContext } from './secret.ts'
import { countOldSecrets, moveSecrets, oldSecrets } from './store.ts'

const none = '00000000-0000-0000-0000-000000000000'

export const signingSecretKeys: WrappedKeys = {
  table: 'webhooks.secret',
  async page(tx, tenant, below, after, limit) {
    const rows = await oldSecrets(tx, below, [String(after?.[0] ?? none), String(after?.[1] ?? none)], limit)
    return rows.map((row) => ({
      place: [row.webhook_id, row.id],
      kekVersion: row.kek_version,
      wrapped: row.wrapped,
      context: webhookSecretContext(tenant, row.webhook_id),
    }))
  },
  store: (tx, kekVersion, rows) =>
    moveSecrets(
      tx,
      kekVersion,
      rows.map(({ place, wrapped }) => ({ webhook_id: place[0] as Id<'webhook'>, id: place[1] as Id<'key'>, wrapped })),
    ),
  countOlder: countOldSecrets,
}
