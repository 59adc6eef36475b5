/** What a reviewer sees of two records, sealed by itself; it opens only with the review's salt, which goes when the review is closed. */
import type { Id } from '@gatehouse/core/id'
import { open, seal } from '@gatehouse/crypto/aead'
import { lengthPrefixed, utf8, utf8Text } from '@gatehouse/crypto/bytes'
import type { Waterfall } from '@gatehouse/linkage/explain/waterfall'
import type { Node } from '@gatehouse/runtime/door/node'

export interface SeenPair {
  readonly leftSource: string
  readonly rightSource: string
  /** With the values of both records in it. */
  readonly fall: Pick<Waterfall, 'prior' | 'steps' | 'total' | 'sentence'>
}

export const saltLength = 32

const context = (tenant: string, review: string, number: number) => lengthPrefixed(['gatehouse/linkage/review/v1', tenant, review, String(number)])

export async function reviewKey(node: Node, tenant: Id<'tenant'>, review: string, salt: Uint8Array): Promise<Uint8Array> {
  return node.keys.primitives.hkdfSha256(await node.keys.secret(tenant, 'linkage/review'), salt, utf8(`gatehouse/linkage/review/v1 ${review}`), 32)
}

export function sealPair({ keys }: Node, key: Uint8Array, tenant: Id<'tenant'>, review: string, number: number, seen: SeenPair): Uint8Array {
  return seal(keys.primitives, key, utf8(JSON.stringify(seen)), context(tenant, review, number))
}

/** @throws Error where it was changed or moved */
export function openPair({ keys }: Node, key: Uint8Array, tenant: Id<'tenant'>, review: string, number: number, sealed: Uint8Array): SeenPair {
  const opened = open(keys.primitives, key, sealed, context(tenant, review, number))
  if (opened === undefined) throw new Error(`pair ${number} of link review ${review} does not open: it was changed or moved`)
  return JSON.parse(utf8Text(opened) ?? '') as SeenPair
}
