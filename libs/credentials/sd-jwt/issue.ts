/** An SD-JWT VC (RFC 9901 and draft-ietf-oauth-sd-jwt-vc): each claim can be shown or kept, bound to a key of the holder's. */
import { toBase64url, utf8 } from '@gatehouse/crypto/bytes'
import type { Primitives, Signer } from '@gatehouse/crypto/primitives'
import { SDJwtInstance } from '@sd-jwt/core'
import type { Jwk } from './jws.ts'

export interface NewCredential {
  readonly issuer: string
  /** The DID URL of the signing key. */
  readonly keyId: string
  readonly vct: string
  readonly holder: Jwk
  /** Seconds since 1970. */
  readonly issuedAt: number
  readonly expiresAt: number
  readonly status: { readonly uri: string; readonly index: number }
  /** All of them can be shown or kept one by one. */
  readonly claims: Readonly<Record<string, string | number | boolean>>
}

export const credentialType = 'dc+sd-jwt'
/** Names that have a meaning in the envelope and cannot be claims. */
export const reservedClaims = new Set(['iss', 'sub', 'aud', 'iat', 'nbf', 'exp', 'jti', 'cnf', 'vct', 'vct#integrity', 'status', '_sd', '_sd_alg', '...'])

/** Further digests without a claim, so that their number does not tell how many claims there are. */
const decoys = 4

/** @returns the credential with all its disclosures, as the holder keeps it */
export async function issueCredential(primitives: Primitives, signer: Signer, credential: NewCredential): Promise<string> {
  const names = Object.keys(credential.claims)
  const reserved = names.filter((name) => reservedClaims.has(name))
  if (reserved.length > 0) throw new RangeError(`not a name for a claim: ${reserved.join(', ')}`)
  const instance = new SDJwtInstance<Record<string, unknown>>({
    hasher: (data) => primitives.sha256(typeof data === 'string' ? utf8(data) : new Uint8Array(data)),
    hashAlg: 'sha-256',
    // 128 bits, whatever the library asks for.
    saltGenerator: () => toBase64url(primitives.randomBytes(16)),
    signAlg: 'EdDSA',
    signer: (data) => toBase64url(signer.sign(utf8(data))),
    omitTyp: true,
  })
  const payload = {
    iss: credential.issuer,
    vct: credential.vct,
    iat: credential.issuedAt,
    exp: credential.expiresAt,
    cnf: { jwk: credential.holder },
    status: { status_list: { idx: credential.status.index, uri: credential.status.uri } },
    ...credential.claims,
  }
  return instance.issue(payload, { _sd: names, _sd_decoy: decoys } as never, { header: { typ: credentialType, kid: credential.keyId } })
}
