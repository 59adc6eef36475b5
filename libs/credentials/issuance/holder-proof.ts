/** The proof that a wallet holds the key it wants a credential for (OpenID for Verifiable Credential Issuance 1.0 appendix F.1). */
import { keyOfDidKey } from '../did/did-key.ts'
import { ed25519Jwk, readJwk } from '../did/did-web.ts'
import { type Jwk, parseJws, type VerifyJws, verifiesWith } from '../sd-jwt/jws.ts'
import { skewSeconds } from '../sd-jwt/verify.ts'

export interface ExpectedProof {
  /** Seconds since 1970. */
  readonly now: number
  /** The identifier of the issuer. */
  readonly audience: string
  /** How old the proof may be, in seconds. */
  readonly ageMax: number
  /** Whether a nonce was given out by the issuer and still counts. */
  readonly nonceHolds: (nonce: string) => boolean
}

export type ProvenHolder =
  | { readonly outcome: 'proven'; readonly key: Jwk }
  | { readonly outcome: 'refused'; readonly reason: 'invalid_proof' | 'invalid_nonce' }

export function holderOf(text: string, expected: ExpectedProof, verify: VerifyJws): ProvenHolder {
  const invalid = { outcome: 'refused', reason: 'invalid_proof' } as const
  const proof = parseJws(text)
  if (proof?.header.typ !== 'openid4vci-proof+jwt') return invalid
  const key = keyOf(proof.header)
  if (key === undefined || !verifiesWith(proof, key, verify)) return invalid
  const { aud, iat, nonce } = proof.payload
  if (aud !== expected.audience || typeof iat !== 'number' || !Number.isSafeInteger(iat)) return invalid
  if (iat < expected.now - expected.ageMax || iat > expected.now + skewSeconds) return invalid
  return typeof nonce === 'string' && expected.nonceHolds(nonce) ? { outcome: 'proven', key } : { outcome: 'refused', reason: 'invalid_nonce' }
}

/** The key stands in the header, or is named by a did:key; never both. */
function keyOf({ jwk, kid, x5c, trust_chain }: Readonly<Record<string, unknown>>): Jwk | undefined {
  if (x5c !== undefined || trust_chain !== undefined) return undefined
  if (kid === undefined) return readJwk(jwk)
  const did = jwk === undefined && typeof kid === 'string' ? kid.split('#')[0] : undefined
  const raw = did === undefined ? undefined : keyOfDidKey(did)
  return raw === undefined ? undefined : ed25519Jwk(raw)
}
