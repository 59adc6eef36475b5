/**
 * AES-256-GCM with a random 96-bit nonce in front: nonce 12 ‖ ciphertext ‖ tag 16. A random nonce is safe for at most 2^32
 * messages under one key (NIST SP 800-38D section 8.3); the keys here seal far fewer.
 */
import { concat } from './bytes.ts'
import type { Primitives } from './primitives.ts'

export const aeadKeyLength = 32
export const nonceLength = 12
export const tagLength = 16

/** @param associatedData binds the message to its place; without one it could be moved, so it is never optional */
export function seal(primitives: Primitives, key: Uint8Array, plaintext: Uint8Array, associatedData: Uint8Array): Uint8Array {
  return concat(...sealedPieces(primitives, key, plaintext, associatedData))
}

/** The same in pieces that follow one another, for whoever puts many messages together and would copy each once more. */
export function sealedPieces(primitives: Primitives, key: Uint8Array, plaintext: Uint8Array, associatedData: Uint8Array): readonly Uint8Array[] {
  assertAeadKey(key)
  const nonce = primitives.randomBytes(nonceLength)
  return [nonce, ...primitives.aesGcmSeal(key, nonce, plaintext, associatedData)]
}

/** `undefined` when the message was changed, cut, moved or sealed under another key: which of these is not said. */
export function open(primitives: Primitives, key: Uint8Array, sealed: Uint8Array, associatedData: Uint8Array): Uint8Array | undefined {
  assertAeadKey(key)
  if (sealed.length < nonceLength + tagLength) return undefined
  return primitives.aesGcmOpen(key, sealed.subarray(0, nonceLength), sealed.subarray(nonceLength), associatedData)
}

function assertAeadKey(key: Uint8Array): void {
  if (key.length !== aeadKeyLength) throw new RangeError(`an AES-256-GCM key has ${aeadKeyLength} bytes, got ${key.length}`)
}
