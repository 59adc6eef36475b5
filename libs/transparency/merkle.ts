/** The hashes of RFC 6962 section 2.1. The first byte keeps a leaf from being passed off as a node, and the reverse. */
import type { Primitives } from '@gatehouse/crypto/primitives'

export type Sha256 = Primitives['sha256']

export const hashLength = 32

/** SHA-256(0x00 ‖ entry). */
export function leafHash(sha256: Sha256, entry: Uint8Array): Uint8Array {
  const input = new Uint8Array(1 + entry.length)
  input.set(entry, 1)
  return sha256(input)
}

/** SHA-256(0x01 ‖ left ‖ right). */
export function nodeHash(sha256: Sha256, left: Uint8Array, right: Uint8Array): Uint8Array {
  const input = new Uint8Array(1 + 2 * hashLength)
  input[0] = 1
  input.set(left, 1)
  input.set(right, 1 + hashLength)
  return sha256(input)
}

/** The root of a tree without leaves: SHA-256 of nothing. */
export function emptyRoot(sha256: Sha256): Uint8Array {
  return sha256(new Uint8Array(0))
}

/** The root over leaf hashes, split at the largest power of two below their number. `appendLeaves` gives the same step by step. */
export function rootOf(sha256: Sha256, leafHashes: readonly Uint8Array[]): Uint8Array {
  const [first] = leafHashes
  if (first === undefined) return emptyRoot(sha256)
  if (leafHashes.length === 1) return first
  const split = powerBelow(leafHashes.length)
  return nodeHash(sha256, rootOf(sha256, leafHashes.slice(0, split)), rootOf(sha256, leafHashes.slice(split)))
}

/** The root over perfect subtrees that stand side by side, largest first. */
export function foldPeaks(sha256: Sha256, peaks: readonly Uint8Array[]): Uint8Array {
  return peaks.length === 0 ? emptyRoot(sha256) : peaks.reduceRight((right, left) => nodeHash(sha256, left, right))
}

/**
 * The largest power of two below `size`, for a size of at least two. By doubling: bit shifts would cut an index at 32 bits.
 */
export function powerBelow(size: number): number {
  let power = 1
  while (power * 2 < size) power *= 2
  return power
}

/** Sizes and indices are counted in numbers, which are exact up to 2^53 - 1. @throws RangeError for anything else */
export function assertCount(what: string, value: number): void {
  if (!Number.isSafeInteger(value) || value < 0) throw new RangeError(`${what} is a whole number from 0 to 2^53 - 1, got ${value}`)
}

export function equalHashes(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === hashLength && right.length === hashLength && left.every((byte, at) => byte === right[at])
}
