/** Envelope encryption: a key sealed under the key above it, bound to what it is for. */
import { aeadKeyLength, open, seal } from './aead.ts'
import { lengthPrefixed } from './bytes.ts'
import type { Primitives } from './primitives.ts'

/** What a wrapped key belongs to, for example purpose, tenant, subject, version. The order counts. */
export type WrapContext = readonly (string | Uint8Array)[]

/** nonce 12 ‖ ciphertext 32 ‖ tag 16. */
export const wrappedKeyLength = 60

/** @throws RangeError unless both keys have 32 bytes */
export function wrapKey(primitives: Primitives, wrappingKey: Uint8Array, key: Uint8Array, context: WrapContext): Uint8Array {
  if (key.length !== aeadKeyLength) throw new RangeError(`a wrapped key has ${aeadKeyLength} bytes, got ${key.length}`)
  return seal(primitives, wrappingKey, key, lengthPrefixed(context))
}

/** `undefined` when the bytes were changed, or when they were wrapped under another key or for another context. */
export function unwrapKey(primitives: Primitives, wrappingKey: Uint8Array, wrapped: Uint8Array, context: WrapContext): Uint8Array | undefined {
  if (wrapped.length !== wrappedKeyLength) return undefined
  return open(primitives, wrappingKey, wrapped, lengthPrefixed(context))
}
