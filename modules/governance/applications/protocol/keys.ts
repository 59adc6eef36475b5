/**
 * The keys that the node signs tokens with. Each is derived from a named secret of the node, sealed like all of them, and turns with
 * time: the one before, the present one and the next are published together, so that whoever remembers the set never meets a key it
 * does not know. A generation more ends all of them at once.
 */
import { createECDH } from 'node:crypto'
import { toBase64url } from '@gatehouse/crypto/bytes'
import { cacheTtlMs } from '@gatehouse/runtime/base/cache'
import { nodeTenant } from '@gatehouse/runtime/base/context'
import type { Node } from '@gatehouse/runtime/door/node'
import { calculateJwkThumbprint, type JWK } from 'jose'
import { limits } from '../schema.ts'
import { signingGeneration } from '../store.ts'

const periodMs = limits.signingKeyDays * 86_400_000

export interface SigningKeys {
  /** Changes whenever a key does. */
  readonly name: string
  /** The present one first; with their private parts. */
  readonly keys: readonly JWK[]
}

/** What this process knows; read again when it is older than a second. */
class Known {
  now: (SigningKeys & { readonly readAtMs: number }) | undefined
}
const known = (_: Node) => new Known()

/**
 * Before a transaction begins: inside one, each act would hold one connection while it waits for another.
 * @returns the keys as they were within the last second
 */
export async function freshSigningKeys(node: Node): Promise<SigningKeys> {
  const held = node.of(known)
  const nowMs = node.source.nowMs()
  if (held.now !== undefined && Math.abs(nowMs - held.now.readAtMs) < cacheTtlMs) return held.now
  const generation = await node.database.transaction('node', signingGeneration)
  const period = Math.floor(nowMs / periodMs)
  const name = `${generation}-${period}`
  const keys = held.now?.name === name ? held.now.keys : await Promise.all([period, period - 1, period + 1].map((one) => keyOf(node, generation, one)))
  held.now = { name, keys, readAtMs: nowMs }
  return held.now
}

/** The keys that were read on the way in. */
export function signingKeys(node: Node): SigningKeys {
  const { now } = node.of(known)
  if (now === undefined) throw new Error('signing keys are read before a transaction begins')
  return now
}

/** After a generation: this process need not wait to be told. Acts that are under way go on with what they have. */
export function rereadSigningKeys(node: Node): void {
  const held = node.of(known)
  if (held.now !== undefined) held.now = { ...held.now, readAtMs: Number.NEGATIVE_INFINITY }
}

/** Random bytes are a private key of P-256 unless they are zero or beyond the order, which happens once in 2^32; OpenSSL says so then. */
async function keyOf(node: Node, generation: number, period: number): Promise<JWK> {
  const seed = await node.keys.secret(nodeTenant, `applications/signing/${generation}/${period}`)
  const pair = createECDH('prime256v1')
  pair.setPrivateKey(seed)
  const point = pair.getPublicKey()
  const jwk = { kty: 'EC', crv: 'P-256', x: toBase64url(point.subarray(1, 33)), y: toBase64url(point.subarray(33)) }
  return { ...jwk, d: toBase64url(seed), kid: await calculateJwkThumbprint(jwk), alg: 'ES256', use: 'sig' }
}

/** As they are published. */
export function publicKeys({ keys }: SigningKeys): { kty: 'EC'; crv: 'P-256'; x: string; y: string; kid: string; alg: 'ES256'; use: 'sig' }[] {
  return keys.map(({ x = '', y = '', kid = '' }) => ({ kty: 'EC', crv: 'P-256', x, y, kid, alg: 'ES256', use: 'sig' }))
}
