/** Question and answer lie sealed, bound to their row: both say who somebody wondered about. */
import type { Id } from '@gatehouse/core/id'
import { open, seal } from '@gatehouse/crypto/aead'
import { lengthPrefixed, utf8, utf8Text } from '@gatehouse/crypto/bytes'
import { deriveKey } from '@gatehouse/crypto/kdf'
import type { Node } from '@gatehouse/runtime/door/node'

const domain = 'gatehouse/query/reidentification/v1'

export interface Question {
  readonly tokens: readonly string[]
  readonly rows: readonly number[]
}

export type Answer = readonly { readonly token: string; readonly identifier: string }[]

interface Place {
  readonly tenant: Id<'tenant'>
  readonly id: Id<'reidentification'>
  readonly what: 'question' | 'answer'
}

const keyOf = async (node: Node, tenant: Id<'tenant'>) => deriveKey(node.keys.primitives, await node.keys.secret(tenant, 'query/reidentification'), domain)
const contextOf = ({ tenant, id, what }: Place) => lengthPrefixed([domain, tenant, id, what])

export async function sealJson(node: Node, place: Place, value: Question | Answer): Promise<Uint8Array> {
  return seal(node.keys.primitives, await keyOf(node, place.tenant), utf8(JSON.stringify(value)), contextOf(place))
}

/** @returns undefined where the bytes were changed, or are another row's */
export async function openJson<T extends Question | Answer>(node: Node, place: Place, sealed: Uint8Array): Promise<T | undefined> {
  const bytes = open(node.keys.primitives, await keyOf(node, place.tenant), sealed, contextOf(place))
  return bytes === undefined ? undefined : (JSON.parse(utf8Text(bytes) ?? 'null') as T)
}
