/** The group on noble's JavaScript: the reference that must agree with the fast backend, and the one that needs no WebAssembly. */
import { ristretto255, ristretto255_hasher } from '@noble/curves/ed25519.js'
import { sha512 as hash } from '@noble/hashes/sha2.js'
import { expandMessage } from './expand.ts'
import { checkedScalar, drawScalar, type Element, type Group, GroupError, isZero, type Scalar } from './group.ts'

const { Point } = ristretto255
type Point = InstanceType<typeof Point>
const { Fn } = Point

export function nobleGroup(): Group {
  const sha512 = (...parts: readonly Uint8Array[]) => {
    const state = hash.create()
    for (const part of parts) state.update(part)
    return state.digest()
  }
  const point = (bytes: Uint8Array) => Point.fromBytes(bytes)
  const encoded = (value: Point, name: string): Element => {
    if (value.is0()) throw new GroupError('identity', name)
    return value.toBytes() as Element
  }
  const number = (bytes: Uint8Array) => Fn.fromBytes(bytes)
  const bytes = (value: bigint) => Fn.toBytes(value) as Scalar

  return {
    backend: 'noble',
    element(given, name = 'an element') {
      if (given.length === 32 && isZero(given)) throw new GroupError('identity', name)
      try {
        return point(given).toBytes() as Element
      } catch {
        throw new GroupError('not_canonical', name)
      }
    },
    scalar: (given, name = 'a scalar') => checkedScalar(given, name),
    hashToElement: (message, domain) => encoded(ristretto255_hasher.hashToCurve(message, { DST: domain }) as Point, 'a hash'),
    hashToScalar: (message, domain) => bytes(Fn.create(littleEndian(expandMessage(sha512, message, domain)))),
    randomScalar: drawScalar,
    multiply(element, scalar) {
      if (isZero(scalar)) throw new GroupError('identity', 'a product')
      return encoded(point(element).multiply(number(scalar)), 'a product')
    },
    multiplyBase(scalar) {
      if (isZero(scalar)) throw new GroupError('identity', 'a product')
      return encoded(Point.BASE.multiply(number(scalar)), 'a product')
    },
    add: (left, right) => encoded(point(left).add(point(right)), 'a sum'),
    subtract: (left, right) => encoded(point(left).subtract(point(right)), 'a difference'),
    addScalars: (left, right) => bytes(Fn.add(number(left), number(right))),
    subtractScalars: (left, right) => bytes(Fn.sub(number(left), number(right))),
    multiplyScalars: (left, right) => bytes(Fn.mul(number(left), number(right))),
    invert: (scalar) => bytes(Fn.inv(number(scalar))),
    sha512,
  }
}

function littleEndian(given: Uint8Array): bigint {
  return given.reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n)
}
