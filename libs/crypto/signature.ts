/**
 * Ed25519 signatures over `domain ‖ "\n" ‖ message`: a signature made for one kind of document is no signature of another,
 * even under the same key.
 */
import { concat, utf8 } from './bytes.ts'
import type { Domain } from './domain.ts'
import type { Signer, Verify } from './primitives.ts'

/** @returns the 64 bytes of RFC 8032 */
export function signIn(signer: Signer, domain: Domain, message: string | Uint8Array): Uint8Array {
  return signer.sign(signedBytes(domain, message))
}

export function verifyIn(verify: Verify, publicKey: Uint8Array, domain: Domain, message: string | Uint8Array, signature: Uint8Array): boolean {
  return verify(publicKey, signedBytes(domain, message), signature)
}

function signedBytes(domain: Domain, message: string | Uint8Array): Uint8Array {
  return typeof message === 'string' ? utf8(`${domain}\n${message}`) : concat(utf8(`${domain}\n`), message)
}
