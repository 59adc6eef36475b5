/** Demonstrating proof of possession (RFC 9449): what the proof itself must say. Whether it was seen before is asked elsewhere. */
import { toBase64url, utf8 } from '@gatehouse/crypto/bytes'
import type { Primitives } from '@gatehouse/crypto/primitives'
import { calculateJwkThumbprint, EmbeddedJWK, type JWK, jwtVerify } from 'jose'
import { limits } from './schema.ts'

/** Asymmetric only: section 4.3 forbids `none` and keys that both sides know. */
const algorithms = ['ES256', 'EdDSA', 'Ed25519', 'RS256']
const proofIdMax = 256

export interface ProofRequest {
  readonly proof: string
  readonly method: string
  readonly url: string
  /** The access token that the request carries, which the proof must then name by its hash. */
  readonly accessToken?: string
  readonly nowMs: number
}

export interface VerifiedProof {
  /** RFC 7638 thumbprint of the key, base64url. */
  readonly thumbprint: string
  readonly id: string
  /** When the proof could not be accepted any more even if it had not been seen. */
  readonly untilMs: number
}

/** @returns `undefined` for a proof that does not hold, whatever the cause (RFC 9449 section 4.3) */
export async function verifyProof(primitives: Primitives, request: ProofRequest): Promise<VerifiedProof | undefined> {
  if (request.proof.length > limits.proofCharacters) return undefined
  try {
    const { payload, protectedHeader } = await jwtVerify(request.proof, EmbeddedJWK, {
      typ: 'dpop+jwt',
      algorithms,
      currentDate: new Date(request.nowMs),
      maxTokenAge: limits.proofSeconds,
      clockTolerance: limits.proofSkewSeconds,
    })
    const { jti, htm, htu, iat, ath } = payload
    if (typeof jti !== 'string' || jti === '' || jti.length > proofIdMax || iat === undefined) return undefined
    if (htm !== request.method || typeof htu !== 'string' || place(htu) !== place(request.url)) return undefined
    if (request.accessToken !== undefined && ath !== toBase64url(primitives.sha256(utf8(request.accessToken)))) return undefined
    return {
      thumbprint: await calculateJwkThumbprint(protectedHeader.jwk as JWK),
      id: jti,
      untilMs: (iat + limits.proofSeconds + limits.proofSkewSeconds) * 1000,
    }
  } catch {
    return undefined
  }
}

/** Scheme and host in lower case, default port dropped, without query and fragment (section 4.3, RFC 3986 section 6.2). */
function place(text: string): string {
  const url = new URL(text)
  return `${url.origin}${url.pathname}`
}
