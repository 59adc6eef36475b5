/** The keys of the institution in the mesh: their seeds are named secrets of the tenant, one pair for each generation. */
import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto'
import type { Id } from '@gatehouse/core/id'
import type { Node } from '@gatehouse/runtime/door/node'
import type { Card } from '../../coordinator/index.ts'

/** RFC 8410: the fixed heads of private keys in DER, before their 32 bytes. */
const heads = { Ed25519: '302e020100300506032b657004220420', X25519: '302e020100300506032b656e04220420' } as const

interface Pair<Jwk> {
  readonly key: KeyObject
  readonly jwk: Jwk
}
export interface NodeKeys {
  readonly generation: number
  readonly signing: Pair<Card['signing']>
  readonly sealing: Pair<Card['sealing']>
}

function pairOf<Curve extends keyof typeof heads>(curve: Curve, seed: Uint8Array) {
  const key = createPrivateKey({ key: Buffer.concat([Buffer.from(heads[curve], 'hex'), seed]), format: 'der', type: 'pkcs8' })
  const { x = '' } = createPublicKey(key).export({ format: 'jwk' })
  return { key, jwk: { kty: 'OKP' as const, crv: curve, x } }
}

const known = (_: Node) => new Map<string, Promise<NodeKeys>>()

export function nodeKeys(node: Node, tenant: Id<'tenant'>, generation: number): Promise<NodeKeys> {
  const held = node.of(known)
  const name = `${tenant} ${generation}`
  const made = held.get(name) ?? keysOf(node, tenant, generation)
  held.set(name, made)
  made.catch(() => held.delete(name))
  return made
}

async function keysOf({ keys }: Node, tenant: Id<'tenant'>, generation: number): Promise<NodeKeys> {
  const [signing, sealing] = await Promise.all([
    keys.secret(tenant, `federation/signing/${generation}`),
    keys.secret(tenant, `federation/sealing/${generation}`),
  ])
  return { generation, signing: pairOf('Ed25519', signing), sealing: pairOf('X25519', sealing) }
}
