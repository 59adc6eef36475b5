/**
 * A document has a key of its own, wrapped under the person's data key, or under a secret of the tenant where it is about nobody. So
 * destroying the person's key makes every version unreadable, wherever a copy of the object may lie. Each version is sealed under a
 * key derived with its own salt.
 */
import type { Id } from '@gatehouse/core/id'
import { open, seal } from '@gatehouse/crypto/aead'
import { lengthPrefixed, utf8, utf8Text } from '@gatehouse/crypto/bytes'
import { unwrapKey, wrapKey } from '@gatehouse/crypto/envelope'
import { derive, deriveKey } from '@gatehouse/crypto/kdf'
import type { Tx } from '@gatehouse/runtime/data/db'
import type { Node } from '@gatehouse/runtime/door/node'
import { currentDataKey, dataKeyOf } from '../vault/index.ts'

export interface WrappedDocumentKey {
  readonly id: Id<'document'>
  readonly subject_id: Id<'subject'> | null
  readonly dek_version: number | null
  readonly wrapped: Uint8Array
}

const wrapping = 'gatehouse/documents/wrap/v1'
const contextOf = (tenant: string, id: string, subject: string | null) => [wrapping, tenant, subject ?? '', id]

export async function newDocumentKey(
  tx: Tx,
  node: Node,
  tenant: Id<'tenant'>,
  id: Id<'document'>,
  subject: Id<'subject'> | null,
): Promise<{ key: Uint8Array; row: WrappedDocumentKey }> {
  const { primitives } = node.keys
  const above = subject === null ? undefined : await currentDataKey(tx, node, subject)
  const wrapper = deriveKey(primitives, above?.key ?? (await node.keys.secret(tenant, 'documents/keys')), wrapping)
  const key = primitives.randomBytes(32)
  const wrapped = wrapKey(primitives, wrapper, key, contextOf(tenant, id, subject))
  return { key, row: { id, subject_id: subject, dek_version: above?.version ?? null, wrapped } }
}

/** `undefined` when the person's key is gone, or the row was changed or moved. */
export async function documentKey(tx: Tx, node: Node, tenant: Id<'tenant'>, row: WrappedDocumentKey): Promise<Uint8Array | undefined> {
  const above =
    row.subject_id === null || row.dek_version === null
      ? await node.keys.secret(tenant, 'documents/keys')
      : (await dataKeyOf(tx, node, row.subject_id, row.dek_version))?.key
  if (above === undefined) return undefined
  const { primitives } = node.keys
  return unwrapKey(primitives, deriveKey(primitives, above, wrapping), row.wrapped, contextOf(tenant, row.id, row.subject_id))
}

export function versionKey(node: Node, key: Uint8Array, salt: Uint8Array): Uint8Array {
  return derive(node.keys.primitives, key, salt, 'gatehouse/documents/file/v1', 32)
}

/** What binds the frames of a version to their place. */
export function frameContext(tenant: Id<'tenant'>, document: Id<'document'>, blob: string): Uint8Array {
  return lengthPrefixed(['gatehouse/documents/frames/v1', tenant, document, blob])
}

export function digestOf(node: Node, key: Uint8Array, sha256: Uint8Array): Uint8Array {
  return node.keys.primitives.hmacSha256(deriveKey(node.keys.primitives, key, 'gatehouse/documents/digest/v1'), sha256)
}

export function sealTitle(node: Node, key: Uint8Array, id: Id<'document'>, title: string): Uint8Array {
  return seal(node.keys.primitives, deriveKey(node.keys.primitives, key, 'gatehouse/documents/title/v1'), utf8(title), utf8(id))
}

export function openTitle(node: Node, key: Uint8Array, id: Id<'document'>, sealed: Uint8Array): string | undefined {
  const opened = open(node.keys.primitives, deriveKey(node.keys.primitives, key, 'gatehouse/documents/title/v1'), sealed, utf8(id))
  return opened === undefined ? undefined : utf8Text(opened)
}
