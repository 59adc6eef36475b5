/** Keys that other nodes sent: of their token spaces, for parts of their plans. Bound to the peer that sent them, who can end them. */
import type { Id } from '@gatehouse/core/id'
import type { Instant } from '@gatehouse/core/instant'
import { fromBase64url } from '@gatehouse/crypto/bytes'
import { unwrapKey, wrapKey } from '@gatehouse/crypto/envelope'
import type { AudienceKey } from '@gatehouse/linkage/token/key'
import type { Tx } from '@gatehouse/runtime/data/db'
import type { WrappedKeys } from '@gatehouse/runtime/data/keys/wrapped-keys'
import { messageKind } from '@gatehouse/runtime/door/message-kind'
import type { Node } from '@gatehouse/runtime/door/node'
import { keyBody, keyMessage } from './message.ts'
import { countOldKeys, findReceived, oldKeys, putReceived, type ReceivedKey, setWindow, storeKeys } from './store.ts'

const contextOf = (tenant: string, { peer, audience, key_id }: Pick<ReceivedKey, 'peer' | 'audience' | 'key_id'>) => [
  'gatehouse/linkage/received-key/v1',
  tenant,
  peer,
  audience,
  key_id,
]

export const receiveKey = messageKind({
  kind: keyMessage,
  versions: [1],
  body: keyBody,
  async run({ node, tx, tenant, now }, { from: peer, body: { audience, keys } }) {
    for (const { key_id, key: text, not_before, not_after } of keys) {
      const key = text === undefined ? undefined : fromBase64url(text)
      const row = { peer, audience, key_id, not_before, not_after }
      if (key?.length !== 32) {
        await setWindow(tx, row)
        continue
      }
      const kek = await node.keys.kek(tenant)
      const wrapped = wrapKey(node.keys.primitives, kek.key, key, contextOf(tenant, row))
      await putReceived(tx, { ...row, kek_version: kek.version, wrapped, received_at: now })
    }
    return undefined
  },
})

/** @returns `missing` where it did not come yet, `ended` where it may not be used any more */
export async function receivedKeyOf(
  tx: Tx,
  node: Node,
  tenant: Id<'tenant'>,
  wanted: Pick<ReceivedKey, 'peer' | 'audience' | 'key_id'> & { readonly now: Instant },
): Promise<AudienceKey | 'missing' | 'ended'> {
  const row = await findReceived(tx, wanted)
  if (row === undefined) return 'missing'
  if (wanted.now >= row.not_after) return 'ended'
  const kek = await node.keys.kekVersion(tenant, row.kek_version)
  const key = unwrapKey(node.keys.primitives, kek.key, row.wrapped, contextOf(tenant, row))
  return key === undefined ? 'missing' : { audience: row.audience, keyId: row.key_id, key, notBefore: row.not_before, notAfter: row.not_after }
}

export const receivedWrappedKeys: WrappedKeys = {
  table: 'linkage.received_key',
  async page(tx, tenant, below, after, limit) {
    const rows = await oldKeys(tx, below, after, limit)
    return rows.map((row) => ({
      place: [row.peer, row.audience, row.key_id],
      kekVersion: row.kek_version,
      wrapped: row.wrapped,
      context: contextOf(tenant, row),
    }))
  },
  store: (tx, kekVersion, rows) => storeKeys(tx, kekVersion, rows),
  countOlder: (tx, below) => countOldKeys(tx, below),
}
