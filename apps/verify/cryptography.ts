/** What the verifier needs from outside: `node:crypto` in the command, WebCrypto in a browser. */
export interface Cryptography {
  sha256(data: Uint8Array): Promise<Uint8Array> | Uint8Array
  /** For the transcripts of consent proofs. */
  sha512(data: Uint8Array): Promise<Uint8Array> | Uint8Array
  verifyEd25519(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): Promise<boolean> | boolean
}
