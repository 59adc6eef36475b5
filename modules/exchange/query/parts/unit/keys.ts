/** Keys of a run that a linkage unit compares for. All are made of what is there already, so that a process that dies has lost none. */
import type { Id } from '@gatehouse/core/id'
import { utf8 } from '@gatehouse/crypto/bytes'
import { derive, deriveKey } from '@gatehouse/crypto/kdf'
import type { Primitives } from '@gatehouse/crypto/primitives'
import type { AudienceKey } from '@gatehouse/linkage/token/key'
import type { StepSecrets } from '@gatehouse/query/steps/run'
import type { Node } from '@gatehouse/runtime/door/node'

/**
 * Under which rows are encoded, at all nodes of one run alike: encodings of two runs have nothing in common. It is made of the token
 * space's key, which travels to nodes that have tables and never to a linkage unit.
 */
export const clkKey = (primitives: Primitives, { key }: AudienceKey, foreignRun: string): Uint8Array =>
  derive(primitives, key, utf8(foreignRun), 'gatehouse/query/clk/v1', 32)

/** This institution's own for one run: the order of its encodings, and what seals them on their way. */
export async function ownKeys(node: Node, tenant: Id<'tenant'>, run: string): Promise<Required<Pick<StepSecrets, 'order'>> & { readonly way: Uint8Array }> {
  const secret = await node.keys.secret(tenant, 'query/encodings')
  const of = derive(node.keys.primitives, secret, utf8(run), 'gatehouse/query/encodings/v1', 32)
  const { primitives } = node.keys
  return { order: deriveKey(primitives, of, 'gatehouse/query/encodings-order/v1'), way: deriveKey(primitives, of, 'gatehouse/query/encodings-way/v1') }
}

/** Groups come back under another key than encodings went by. */
export const groupsKey = (primitives: Primitives, way: Uint8Array): Uint8Array => deriveKey(primitives, way, 'gatehouse/query/groups/v1')

/** What a key that is sealed to a linkage unit is for. */
export const wayFor = (asker: string, run: string): string => `gatehouse/query/encodings/v1 ${asker} ${run}`
