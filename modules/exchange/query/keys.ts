/**
 * A run and a result have a key each, wrapped under the tenant's key in their row and destroyed with it: what lies in the object
 * store under it is noise from then on, wherever a copy of it may be.
 */
import type { Id } from '@gatehouse/core/id'
import { unwrapKey, wrapKey } from '@gatehouse/crypto/envelope'
import type { WrappedKeys } from '@gatehouse/runtime/data/keys/wrapped-keys'
import type { Node } from '@gatehouse/runtime/door/node'
import { countOldKeys, oldKeys, storeKeys } from './results/store.ts'

type Kind = 'result' | 'run' | 'session'

const contextOf = (kind: Kind, tenant: Id<'tenant'>, id: string) => [`gatehouse/query/${kind}/v1`, tenant, id]

export interface WrappedKey {
  readonly kek_version: number
  readonly wrapped: Uint8Array
}

export async function newRunKey(node: Node, tenant: Id<'tenant'>, id: Id<'query_run'>): Promise<WrappedKey & { readonly key: Uint8Array }> {
  const key = node.keys.primitives.randomBytes(32)
  return { key, ...(await wrap(node, tenant, 'run', id, key)) }
}

async function wrap(node: Node, tenant: Id<'tenant'>, kind: Kind, id: string, key: Uint8Array): Promise<WrappedKey> {
  const kek = await node.keys.kek(tenant)
  return { kek_version: kek.version, wrapped: wrapKey(node.keys.primitives, kek.key, key, contextOf(kind, tenant, id)) }
}

/** The key under which a part goes back to the node that asked for it, which it came from. */
export const wrapRunKey = (node: Node, tenant: Id<'tenant'>, id: Id<'query_run'>, key: Uint8Array): Promise<WrappedKey> => wrap(node, tenant, 'run', id, key)

/** The key of a result is made of the run's, so that a run that is resumed writes under the same. */
export const wrapResultKey = (node: Node, tenant: Id<'tenant'>, id: Id<'query_result'>, key: Uint8Array): Promise<WrappedKey> =>
  wrap(node, tenant, 'result', id, key)

/** The seed of a node's secrets in a session of a run. */
export async function newSessionSeed(node: Node, tenant: Id<'tenant'>, id: Id<'query_run'>): Promise<WrappedKey & { readonly seed: Uint8Array }> {
  const seed = node.keys.primitives.randomBytes(32)
  return { seed, ...(await wrap(node, tenant, 'session', id, seed)) }
}

/** @returns undefined where the key is destroyed, or the row was changed or moved */
export async function keyOf(
  node: Node,
  tenant: Id<'tenant'>,
  kind: Kind,
  { id, kek_version, wrapped }: { readonly id: string; readonly kek_version: number | null; readonly wrapped: Uint8Array | null },
): Promise<Uint8Array | undefined> {
  if (kek_version === null || wrapped === null) return undefined
  const kek = await node.keys.kekVersion(tenant, kek_version)
  return unwrapKey(node.keys.primitives, kek.key, wrapped, contextOf(kind, tenant, id))
}

const nobody = '00000000-0000-0000-0000-000000000000'

const wrappedKeysOf = (kind: Kind): WrappedKeys => ({
  table: `query.${kind}`,
  async page(tx, tenant, below, after, limit) {
    const rows = await oldKeys(tx, kind, below, String(after?.[0] ?? nobody), limit)
    return rows.map((row) => ({ place: [row.id], kekVersion: row.kek_version, wrapped: row.wrapped, context: contextOf(kind, tenant, row.id) }))
  },
  store: (tx, kekVersion, rows) =>
    storeKeys(
      tx,
      kind,
      kekVersion,
      rows.map(({ place }) => String(place[0])),
      rows.map(({ wrapped }) => wrapped),
    ),
  countOlder: (tx, below) => countOldKeys(tx, kind, below),
})

export const queryWrappedKeys = [wrappedKeysOf('run'), wrappedKeysOf('result'), wrappedKeysOf('session')]
