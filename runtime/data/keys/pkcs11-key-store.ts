/** The root key in a hardware module (PKCS #11). It is made there and never leaves it. Sealed form: nonce 12 ‖ ciphertext ‖ tag 16. */
import { nonceLength, tagLength } from '@gatehouse/crypto/aead'
import { concat, lengthPrefixed } from '@gatehouse/crypto/bytes'
import type { Primitives } from '@gatehouse/crypto/primitives'
import type { KeyStore } from './key-store.ts'
import { openToken, type TokenInput } from './pkcs11.ts'

export async function pkcs11KeyStore(input: TokenInput, primitives: Pick<Primitives, 'randomBytes'>): Promise<KeyStore> {
  const token = await openToken(input)
  return {
    kind: 'pkcs11',
    async wrap(key, context) {
      const nonce = primitives.randomBytes(nonceLength)
      return concat(nonce, token.seal(nonce, key, lengthPrefixed(context)))
    },
    async unwrap(wrapped, context) {
      if (wrapped.length <= nonceLength + tagLength) return undefined
      return token.open(wrapped.subarray(0, nonceLength), wrapped.subarray(nonceLength), lengthPrefixed(context))
    },
  }
}
