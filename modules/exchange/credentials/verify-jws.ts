import { createPublicKey, verify } from 'node:crypto'
import type { VerifyJws } from '@gatehouse/credentials/sd-jwt/jws'

/** The two algorithms of wallets and issuers. A key that is none verifies nothing. */
export const verifyJws: VerifyJws = (algorithm, jwk, signed, signature) => {
  try {
    const key = createPublicKey({ key: { ...jwk }, format: 'jwk' })
    return algorithm === 'EdDSA' ? verify(null, signed, key, signature) : verify('sha256', signed, { key, dsaEncoding: 'ieee-p1363' }, signature)
  } catch {
    return false
  }
}
