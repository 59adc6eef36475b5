/** The group on libsodium compiled to WebAssembly: the fast backend, in constant time where scalars are secret. */

import { concat } from '../bytes.ts'
import { expandMessage } from './expand.ts'
import { checkedScalar, drawScalar, type Element, elementLength, type Group, GroupError, isZero, type Scalar } from './group.ts'

/** Resolves when the WebAssembly module is loaded, which is large: only whoever computes in the group loads it. */
export async function sodiumGroup(): Promise<Group> {
  const { default: sodium } = await import('libsodium-wrappers-sumo')
  await sodium.ready
  const {
    crypto_core_ristretto255_add: addPoints,
    crypto_core_ristretto255_sub: subtractPoints,
    crypto_core_ristretto255_from_hash: fromHash,
    crypto_core_ristretto255_is_valid_point: isValid,
    crypto_core_ristretto255_scalar_add: addScalars,
    crypto_core_ristretto255_scalar_sub: subtractScalars,
    crypto_core_ristretto255_scalar_mul: multiplyScalars,
    crypto_core_ristretto255_scalar_invert: invert,
    crypto_core_ristretto255_scalar_reduce: reduce,
    crypto_scalarmult_ristretto255: multiplyPoint,
    crypto_scalarmult_ristretto255_base: multiplyBase,
    crypto_hash_sha512: hash,
  } = sodium

  const sha512 = (...parts: readonly Uint8Array[]) => hash(concat(...parts))
  const notIdentity = (bytes: Uint8Array, name: string): Element => {
    if (isZero(bytes)) throw new GroupError('identity', name)
    return bytes as Element
  }

  return {
    backend: 'libsodium',
    element(bytes, name = 'an element') {
      if (bytes.length !== elementLength) throw new GroupError('not_canonical', name)
      if (isZero(bytes)) throw new GroupError('identity', name)
      if (!isValid(bytes)) throw new GroupError('not_canonical', name)
      return Uint8Array.from(bytes) as Element
    },
    scalar: (bytes, name = 'a scalar') => checkedScalar(bytes, name),
    hashToElement: (message, domain) => notIdentity(fromHash(expandMessage(sha512, message, domain)), 'a hash'),
    hashToScalar: (message, domain) => reduce(expandMessage(sha512, message, domain)) as Scalar,
    randomScalar: drawScalar,
    multiply(element, scalar) {
      // The library throws for a product that is the identity; the only other cause, a bad encoding, the type rules out.
      if (isZero(scalar)) throw new GroupError('identity', 'a product')
      return multiplyPoint(scalar, element) as Element
    },
    multiplyBase(scalar) {
      if (isZero(scalar)) throw new GroupError('identity', 'a product')
      return multiplyBase(scalar) as Element
    },
    add: (left, right) => notIdentity(addPoints(left, right), 'a sum'),
    subtract: (left, right) => notIdentity(subtractPoints(left, right), 'a difference'),
    addScalars: (left, right) => addScalars(left, right) as Scalar,
    subtractScalars: (left, right) => subtractScalars(left, right) as Scalar,
    multiplyScalars: (left, right) => multiplyScalars(left, right) as Scalar,
    invert: (scalar) => invert(scalar) as Scalar,
    sha512,
  }
}
