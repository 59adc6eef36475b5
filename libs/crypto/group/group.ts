/**
 * ristretto255 (RFC 9496) as the protocols here need it: a group of prime order, with hashing into it (RFC 9380). Two backends
 * give the same bytes for the same inputs: libsodium compiled to WebAssembly, and noble in JavaScript as the reference.
 */

declare const element: unique symbol
/** The canonical encoding of a group element that is not the identity; 32 bytes. */
export type Element = Uint8Array & { readonly [element]: true }

declare const scalar: unique symbol
/** A whole number below the group's order, little-endian; 32 bytes. Zero only where a sum or difference happens to be zero. */
export type Scalar = Uint8Array & { readonly [scalar]: true }

export const elementLength = 32
export const scalarLength = 32

/** Gives that many random bytes; cryptographic in production. */
export type RandomBytes = (length: number) => Uint8Array

export interface Group {
  /** The backend, for reports. */
  readonly backend: string
  /** @throws GroupError for bytes that are no canonical encoding, or that of the identity */
  element(bytes: Uint8Array, name?: string): Element
  /** @throws GroupError for a number that is zero or not below the order */
  scalar(bytes: Uint8Array, name?: string): Scalar
  /** hash_to_ristretto255 with expand_message_xmd and SHA-512 (RFC 9380 appendix B). */
  hashToElement(message: Uint8Array, domain: Uint8Array): Element
  /** A number below the order from 64 bytes of expand_message_xmd (RFC 9497 section 4.1). */
  hashToScalar(message: Uint8Array, domain: Uint8Array): Scalar
  /** A number from 1 to the order minus 1, without bias (RFC 9497 section 4.7.2). */
  randomScalar(random: RandomBytes): Scalar
  /** In constant time of the scalar with libsodium. @throws GroupError when the product is the identity */
  multiply(element: Element, scalar: Scalar): Element
  multiplyBase(scalar: Scalar): Element
  /** @throws GroupError when the sum is the identity */
  add(left: Element, right: Element): Element
  /** @throws GroupError when both are the same */
  subtract(left: Element, right: Element): Element
  addScalars(left: Scalar, right: Scalar): Scalar
  subtractScalars(left: Scalar, right: Scalar): Scalar
  multiplyScalars(left: Scalar, right: Scalar): Scalar
  invert(scalar: Scalar): Scalar
  /** SHA-512 of the parts one after the other. */
  sha512(...parts: readonly Uint8Array[]): Uint8Array
}

export type GroupFault = 'not_canonical' | 'identity' | 'scalar_out_of_range'

/** Bytes that are no valid member of the group or of its scalars. Says which input, and never repeats it: it may be a secret. */
export class GroupError extends Error {
  override readonly name = 'GroupError'
  readonly code: GroupFault
  readonly input: string

  constructor(code: GroupFault, input: string) {
    super(`${input} ${sentences[code]}`)
    this.code = code
    this.input = input
  }
}

const sentences: Record<GroupFault, string> = {
  not_canonical: 'is not the canonical encoding of a ristretto255 element; it was damaged or made by something else',
  identity: 'is the identity element, which would let anything through; whoever sent it is in error or cheating',
  scalar_out_of_range: 'is not a number from 1 to the group’s order minus 1',
}

/** Compared without stopping at the first difference. */
export function sameBytes(left: Uint8Array, right: Uint8Array): boolean {
  if (left.length !== right.length) return false
  let difference = 0
  for (let index = 0; index < left.length; index++) difference |= (left[index] ?? 0) ^ (right[index] ?? 0)
  return difference === 0
}

/** 2^252 + 27742317777372353535851937790883648493, little-endian (RFC 9496 section 4.4). */
const order = Uint8Array.from([
  0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
])

export function isZero(bytes: Uint8Array): boolean {
  let all = 0
  for (const byte of bytes) all |= byte
  return all === 0
}

/** @throws GroupError */
export function checkedScalar(bytes: Uint8Array, name: string): Scalar {
  if (bytes.length !== scalarLength || isZero(bytes) || !belowOrder(bytes)) throw new GroupError('scalar_out_of_range', name)
  return Uint8Array.from(bytes) as Scalar
}

/** Without branches on secret bytes: `borrow` ends as 1 exactly if bytes < order. */
function belowOrder(bytes: Uint8Array): boolean {
  let borrow = 0
  for (let index = 0; index < scalarLength; index++) borrow = ((bytes[index] ?? 0) - (order[index] ?? 0) - borrow) >>> 31
  return borrow === 1
}

/** Random numbers of 252 bits and a little more, thrown away until one is in range: every one is equally likely. */
export function drawScalar(random: RandomBytes): Scalar {
  while (true) {
    const bytes = Uint8Array.from(random(scalarLength))
    bytes[31] = (bytes[31] ?? 0) & 0x1f
    if (!isZero(bytes) && belowOrder(bytes)) return bytes as Scalar
  }
}
