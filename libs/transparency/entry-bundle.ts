/** A bundle of entries (C2SP tlog-tiles): each as a big-endian uint16 length and its bytes, 256 of them beside a full tile of level 0. */
import { concat } from '@gatehouse/crypto/bytes'

/** The most that a 16-bit length can say. */
export const bundledEntryMax = 65_535
const lengthBytes = 2

/** @throws RangeError for an entry that is too long for the format */
export function formatEntryBundle(entries: readonly Uint8Array[]): Uint8Array {
  return concat(
    ...entries.flatMap((entry) => {
      if (entry.length > bundledEntryMax) throw new RangeError(`an entry of a bundle has at most ${bundledEntryMax} bytes, got ${entry.length}`)
      return [Uint8Array.of(entry.length >> 8, entry.length & 0xff), entry]
    }),
  )
}

/** `undefined` when the bytes end in the middle of an entry. */
export function parseEntryBundle(bundle: Uint8Array): Uint8Array[] | undefined {
  const entries: Uint8Array[] = []
  for (let at = 0; at < bundle.length; ) {
    const [high, low] = bundle.subarray(at, at + lengthBytes)
    if (high === undefined || low === undefined) return undefined
    const end = at + lengthBytes + high * 256 + low
    if (end > bundle.length) return undefined
    entries.push(bundle.subarray(at + lengthBytes, end))
    at = end
  }
  return entries
}
