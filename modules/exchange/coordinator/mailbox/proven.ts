/** Which node knocks: the one whose key signed the request. */
import { createPublicKey } from 'node:crypto'
import { instantOf } from '@gatehouse/core/instant'
import { Problem } from '@gatehouse/core/problem'
import type { StepsContext } from '@gatehouse/runtime/door/operation'
import { problems } from '../problems.ts'
import { claimedBy, digestOf, skewSeconds } from '../protocol/request.ts'
import { nodeNamed } from '../store.ts'

type At = Pick<StepsContext, 'knock' | 'nowMs' | 'step'>

/**
 * @param body what was received, for the digest that the signature covers
 * @returns the name of an admitted node
 * @throws Problem for whatever is not signed by one
 */
export async function provenNode(ctx: At, body: Uint8Array): Promise<string> {
  const { signed } = ctx.knock
  const claimed = signed === undefined ? undefined : claimedBy(signed.input, signed.signature)
  if (signed === undefined || claimed === undefined) throw new Problem(problems.not_a_node)
  const row = await ctx.step((tx) => nodeNamed(tx, claimed.name))
  if (row?.state !== 'admitted') throw new Problem(problems.not_a_node)
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: row.signing }, format: 'jwk' })
  if (!claimed.holds(signed, key)) throw new Problem(problems.not_a_node)
  // Told only to whoever has the key: the time here is no secret, but nobody needs it for guessing.
  if (Math.abs(claimed.createdMs - ctx.nowMs) > skewSeconds * 1000)
    throw new Problem(problems.clock_skew, undefined, { extensions: { now: instantOf(ctx.nowMs) } })
  if (signed.digest !== digestOf(body)) throw new Problem(problems.body_changed)
  return row.name
}
