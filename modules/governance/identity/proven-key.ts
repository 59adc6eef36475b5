/** The key that a caller has proven to hold: by the TLS handshake (RFC 8705) or by a DPoP proof (RFC 9449). */
import { instantOf } from '@gatehouse/core/instant'
import { lengthPrefixed } from '@gatehouse/crypto/bytes'
import { nodeTenant } from '@gatehouse/runtime/base/context'
import type { Node } from '@gatehouse/runtime/door/node'
import type { Knock } from '@gatehouse/runtime/door/operation'
import { verifyProof } from './dpop.ts'
import { rememberProof } from './store.ts'

type Proven = string | undefined | 'invalid'

/** A proof serves once, and one knock may ask twice (to authenticate, and again at the step that acts): it gets one answer. */
const answers = (_node: Node) => new WeakMap<Knock, Promise<Proven>>()

/** @returns the SHA-256 thumbprint (base64url), `undefined` when nothing was proven, `invalid` for a proof that does not hold */
export function provenKey(node: Node, knock: Knock): Promise<Proven> {
  const known = node.of(answers).get(knock)
  if (known !== undefined) return known
  const proven = prove(node, knock)
  node.of(answers).set(knock, proven)
  return proven
}

async function prove(node: Node, knock: Knock): Promise<Proven> {
  if (knock.dpop === undefined) return knock.certificateThumbprint
  const accessToken = knock.authorization?.split(' ').at(-1)
  const proof = await verifyProof(node.keys.primitives, { ...knock.dpop, ...(accessToken === undefined ? {} : { accessToken }), nowMs: node.source.nowMs() })
  if (proof === undefined) return 'invalid'
  const digest = node.keys.primitives.sha256(lengthPrefixed([proof.thumbprint, proof.id]))
  const fresh = await node.database.transaction(nodeTenant, (tx) => rememberProof(tx, nodeTenant, digest, instantOf(proof.untilMs)))
  return fresh ? proof.thumbprint : 'invalid'
}
