/** Sums in which the identity may occur as zero, which the group itself never gives out. */
import { type Element, type Group, isZero, type Scalar } from '@gatehouse/crypto/group/group'

/** `undefined` is the identity. */
export type Sum = Element | undefined

export function plus(group: Group, left: Sum, right: Sum): Sum {
  if (left === undefined) return right
  if (right === undefined) return left
  try {
    return group.add(left, right)
  } catch {
    // Both are elements, so the only cause is that one is the negative of the other.
    return undefined
  }
}

export function minus(group: Group, left: Sum, right: Sum): Sum {
  return plus(group, left, right === undefined ? undefined : group.multiply(right, minusOne))
}

export function times(group: Group, element: Sum, scalar: Scalar): Sum {
  return element === undefined || isZero(scalar) ? undefined : group.multiply(element, scalar)
}

export const zero = new Uint8Array(32) as Scalar
export const one = Uint8Array.from([1, ...new Uint8Array(31)]) as Scalar
/** The order less one. */
const minusOne = Uint8Array.from([
  0xec, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
]) as Scalar
