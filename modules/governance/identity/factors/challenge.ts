/**
 * Challenges for passkeys. They carry their own end and use, signed by the node, so that nobody can fill a table by asking for
 * them; one that was answered is remembered until it ends, so that it serves once.
 */
import type { Id } from '@gatehouse/core/id'
import { instantOf } from '@gatehouse/core/instant'
import { concat, fromBase64url, lengthPrefixed, toBase64url, u32 } from '@gatehouse/crypto/bytes'
import { commitment } from '@gatehouse/crypto/hmac'
import type { Tx } from '@gatehouse/runtime/data/db'
import type { Node } from '@gatehouse/runtime/door/node'
import { limits } from '../schema.ts'
import { rememberProof } from '../store.ts'
import { challengeKey } from './keys.ts'

const nonceLength = 16
const bodyLength = nonceLength + 8

/** What a challenge is for; one for enrolling proves nothing, and one of another user neither. */
export type ChallengeUse = 'enter' | `enrol ${string}` | `prove ${string}`

export async function newChallenge(node: Node, use: ChallengeUse): Promise<string> {
  const endMs = node.source.nowMs() + limits.challengeSeconds * 1000
  const body = concat(node.keys.primitives.randomBytes(nonceLength), u32(Math.floor(endMs / 2 ** 32)), u32(endMs % 2 ** 32))
  return toBase64url(concat(body, await mark(node, use, body)))
}

/** @returns whether the node gave this challenge for this use, it has not ended, and nobody answered it before */
export async function spendChallenge(node: Node, tx: Tx, tenant: Id<'tenant'>, use: ChallengeUse, challenge: string): Promise<boolean> {
  const bytes = fromBase64url(challenge)
  if (bytes === undefined || bytes.length !== bodyLength + 32) return false
  const body = bytes.subarray(0, bodyLength)
  if (!node.keys.primitives.equal(bytes.subarray(bodyLength), await mark(node, use, body))) return false
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength)
  const endMs = view.getUint32(nonceLength) * 2 ** 32 + view.getUint32(nonceLength + 4)
  if (endMs <= node.source.nowMs()) return false
  return rememberProof(tx, tenant, node.keys.primitives.sha256(bytes), instantOf(endMs))
}

async function mark(node: Node, use: ChallengeUse, body: Uint8Array): Promise<Uint8Array> {
  return commitment(node.keys.primitives, await challengeKey(node), 'gatehouse/identity/challenge/v1', lengthPrefixed([use, body]))
}
