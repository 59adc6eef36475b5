/** The tree of a log: the way from one leaf to the root, and that a longer log begins with a shorter one (RFC 9162 section 2.1). */
import type { Cryptography } from './cryptography.ts'
import { join, same } from './encoding.ts'

export const hashLength = 32

/** Two hashes side by side and the one above them. */
export interface Step {
  readonly left: Uint8Array
  readonly right: Uint8Array
  readonly parent: Uint8Array
  /** Which of the two the proof brought; the other was computed. */
  readonly given: 'left' | 'right'
}

export interface Climb {
  readonly leaf: Uint8Array
  readonly steps: readonly Step[]
  /** Where the steps end. It is the root only if the proof is one of this leaf at this place. */
  readonly top: Uint8Array
}

export interface Tree {
  readonly size: number
  readonly root: Uint8Array
}

/**
 * Walks a proof from the leaf upwards (section 2.1.3.2).
 *
 * @returns `undefined` where a tree of this size needs another number of hashes
 */
export async function climb(leaf: Uint8Array, index: number, size: number, proof: readonly Uint8Array[], { sha256 }: Cryptography): Promise<Climb | undefined> {
  // Hashes are 32 bytes long: two empty ones would be alike too.
  if (index < 0 || index >= size || ![leaf, ...proof].every((hash) => hash.length === hashLength)) return undefined
  const steps: Step[] = []
  let place = index
  let last = size - 1
  let top = leaf
  for (const sibling of proof) {
    if (last === 0) return undefined
    const given = place % 2 === 1 || place === last ? 'left' : 'right'
    const [left, right] = given === 'left' ? [sibling, top] : [top, sibling]
    top = await parentOf(left, right, sha256)
    steps.push({ left, right, parent: top, given })
    // The last node of a row with no twin rises until it has one.
    while (place === last && place % 2 === 0 && place > 0) {
      place /= 2
      last = Math.floor(last / 2)
    }
    place = Math.floor(place / 2)
    last = Math.floor(last / 2)
  }
  return last === 0 ? { leaf, steps, top } : undefined
}

/** Whether the proof shows that the later tree begins with the whole earlier one (section 2.1.4.2). Nothing is shown of an empty one. */
export async function beginsWith(later: Tree, earlier: Tree, proof: readonly Uint8Array[], { sha256 }: Cryptography): Promise<boolean> {
  if (earlier.size < 1 || earlier.size > later.size || ![earlier.root, later.root, ...proof].every((hash) => hash.length === hashLength)) return false
  if (earlier.size === later.size) return proof.length === 0 && same(earlier.root, later.root)
  let place = earlier.size - 1
  let last = later.size - 1
  while (place % 2 === 1) {
    place = Math.floor(place / 2)
    last = Math.floor(last / 2)
  }
  // A place of 0 means that the earlier tree is perfect: its root begins the path itself.
  const [first, ...rest] = place === 0 ? [earlier.root, ...proof] : proof
  if (first === undefined) return false
  let before = first
  let after = first
  for (const sibling of rest) {
    if (last === 0) return false
    if (place % 2 === 1 || place === last) {
      before = await parentOf(sibling, before, sha256)
      after = await parentOf(sibling, after, sha256)
      while (place % 2 === 0 && place > 0) {
        place /= 2
        last = Math.floor(last / 2)
      }
    } else {
      after = await parentOf(after, sibling, sha256)
    }
    place = Math.floor(place / 2)
    last = Math.floor(last / 2)
  }
  return last === 0 && same(before, earlier.root) && same(after, later.root)
}

export function leafHash(body: Uint8Array, { sha256 }: Cryptography): Promise<Uint8Array> | Uint8Array {
  return sha256(join(Uint8Array.of(0), body))
}

export function parentOf(left: Uint8Array, right: Uint8Array, sha256: Cryptography['sha256']): Promise<Uint8Array> | Uint8Array {
  return sha256(join(Uint8Array.of(1), left, right))
}
