/**
 * Nonces for proofs of possession. They say themselves until when they count, under a key of the institution, so that asking for
 * one writes nothing: what is used once is the access token.
 */
import type { Id } from '@gatehouse/core/id'
import { idSchema } from '@gatehouse/core/schema'
import { concat, fromBase64url, toBase64url, u32, utf8 } from '@gatehouse/crypto/bytes'
import type { Primitives } from '@gatehouse/crypto/primitives'
import type { Node } from '@gatehouse/runtime/door/node'
import { operation } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { openly } from '../institution.ts'
import { nonceSeconds } from '../schema.ts'

const headLength = 4 + 16
const domain = utf8('gatehouse/credentials/nonce/v1')

export function nonceKey({ keys }: Node, tenant: Id<'tenant'>): Promise<Uint8Array> {
  return keys.secret(tenant, 'credentials/nonce')
}

const seal = ({ hmacSha256 }: Primitives, key: Uint8Array, head: Uint8Array) => hmacSha256(key, concat(domain, head))

function makeNonce(primitives: Primitives, key: Uint8Array, nowMs: number): string {
  const head = concat(u32(Math.floor(nowMs / 1000) + nonceSeconds), primitives.randomBytes(16))
  return toBase64url(concat(head, seal(primitives, key, head)))
}

export function nonceHolds(primitives: Primitives, key: Uint8Array, text: string, nowMs: number): boolean {
  const bytes = fromBase64url(text)
  if (bytes?.length !== headLength + 32) return false
  const head = bytes.subarray(0, headLength)
  if (!primitives.equal(seal(primitives, key, head), bytes.subarray(headLength))) return false
  return new DataView(head.buffer, head.byteOffset).getUint32(0) > nowMs / 1000
}

export const nonce = operation({
  name: 'credentials.nonce',
  summary: 'Fetch a nonce for the proof of a wallet’s key',
  description: 'OpenID4VCI 1.0 section 7.',
  kind: 'steps',
  input: z.object({ tenant: idSchema('tenant') }),
  output: z.strictObject({ c_nonce: z.string() }),
  access: { public: 'a nonce is given to whoever asks, and opens nothing' },
  audit: { none: 'nothing is kept of it' },
  http: { method: 'POST', path: '/institutions/:tenant/nonce' },
  problems: [doorProblems.not_found],
  async run({ node, nowMs }, { tenant }) {
    await openly(node, tenant, async () => undefined)
    return { c_nonce: makeNonce(node.keys.primitives, await nonceKey(node, tenant), nowMs) }
  },
})
