/**
 * The primitives a caller brings: `node:crypto` on the server, WebCrypto-compatible code elsewhere. The library never
 * reaches for a global, so the same code runs in a browser and with a recorded source of randomness in a test.
 */
export interface Primitives {
  /** Of the pieces one after the other. */
  sha256(...pieces: readonly Uint8Array[]): Uint8Array
  hmacSha256(key: Uint8Array, data: Uint8Array): Uint8Array
  /** RFC 5869. */
  hkdfSha256(key: Uint8Array, salt: Uint8Array, info: Uint8Array, length: number): Uint8Array
  /** AES-256-GCM with a 12-byte nonce; the tag has 16 bytes. In two pieces, so that whoever puts many together copies none twice. */
  aesGcmSeal(key: Uint8Array, nonce: Uint8Array, plaintext: Uint8Array, associatedData: Uint8Array): readonly [ciphertext: Uint8Array, tag: Uint8Array]
  /** Returns `undefined` when the tag does not match; never hands out unverified bytes. */
  aesGcmOpen(key: Uint8Array, nonce: Uint8Array, sealed: Uint8Array, associatedData: Uint8Array): Uint8Array | undefined
  randomBytes(length: number): Uint8Array
  /** Constant time for equal lengths; false for unequal ones. */
  equal(left: Uint8Array, right: Uint8Array): boolean
}

/** A key that signs with Ed25519 (RFC 8032) without showing its private half. */
export interface Signer {
  /** 32 bytes. */
  readonly publicKey: Uint8Array
  /** 64 bytes. */
  sign(message: Uint8Array): Uint8Array
}

/** Checks an Ed25519 signature; false for keys or signatures of a wrong length. */
export type Verify = (publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array) => boolean
