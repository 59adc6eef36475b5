/** The right edge of a tree while it grows: of each level of tiles the hashes that are not yet under a full tile. */
import type { Cryptography } from '../cryptography.ts'
import { hashLength, parentOf } from '../merkle.ts'
import { tileWidth } from './tiles.ts'

/** Up to 256 hashes side by side. */
export type Hashes = readonly Uint8Array[]

export function hashesIn(bytes: Uint8Array): Uint8Array[] {
  return Array.from({ length: bytes.length / hashLength }, (_, at) => bytes.subarray(at * hashLength, (at + 1) * hashLength))
}

/** The hash above a power of two of neighbouring hashes. */
export async function perfectRoot(hashes: Hashes, cryptography: Cryptography): Promise<Uint8Array> {
  let row = hashes
  while (row.length > 1) {
    const above: Uint8Array[] = []
    for (let at = 0; at < row.length; at += 2) {
      const parent = parentOf(row[at] as Uint8Array, row[at + 1] as Uint8Array, cryptography.sha256)
      // Waiting for what is there already would cost more than the hash.
      above.push(parent instanceof Promise ? await parent : parent)
    }
    row = above
  }
  return row[0] as Uint8Array
}

/** The root over the rows of all levels, the lowest first (RFC 6962 section 2.1: the left subtree is the largest that is perfect). */
export async function rootOver(rows: readonly Hashes[], cryptography: Cryptography): Promise<Uint8Array> {
  let root: Uint8Array | undefined
  for (const row of rows) {
    let end = row.length
    for (let span = 1; span <= tileWidth; span *= 2) {
      if (Math.floor(row.length / span) % 2 === 0) continue
      const peak = await perfectRoot(row.slice(end - span, end), cryptography)
      root = root === undefined ? peak : await parentOf(peak, root, cryptography.sha256)
      end -= span
    }
  }
  return root ?? cryptography.sha256(new Uint8Array(0))
}
