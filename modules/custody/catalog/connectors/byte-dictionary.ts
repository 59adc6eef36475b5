/**
 * Text as codes, straight from bytes: each different run of bytes is turned into a string once and is a number from then on. What was
 * seen in one chunk is remembered for the next, up to a bound, so that a column of few values costs next to nothing.
 */

export interface ByteDictionary {
  /** The code, in the chunk under way, of the bytes from `start` up to but not including `end`; -1 where they are no value. */
  codeOf(bytes: Uint8Array, start: number, end: number): number
  /** The chunk's entries by code; the next chunk begins. */
  take(): string[]
}

/** Remembered from chunk to chunk; a column of more different values begins anew with each. */
const entriesMax = 131_072
const firstSlots = 1_024

/**
 * @param textOf of bytes that were not seen before; different bytes give different texts, or none
 * @param seed random, so that nobody who writes into a source knows which values would collide
 */
export function byteDictionary(textOf: (bytes: Uint8Array, start: number, end: number) => string | undefined, seed: number): ByteDictionary {
  let slots = new Int32Array(firstSlots)
  let mask = firstSlots - 1
  let count = 0
  let hashes = new Int32Array(firstSlots)
  let offsets = new Int32Array(firstSlots + 1)
  let codes = new Int32Array(firstSlots)
  /** The chunk in which an entry's code was given. */
  let stamps = new Int32Array(firstSlots)
  let texts: (string | undefined)[] = []
  let arena = new Uint8Array(firstSlots * 16)
  let chunk = 1
  let dictionary: string[] = []

  function clear(): void {
    slots.fill(0)
    stamps.fill(0)
    count = 0
    texts = []
    chunk = 1
  }

  function grow(): void {
    const size = hashes.length * 2
    hashes = grown(hashes, size)
    codes = grown(codes, size)
    stamps = grown(stamps, size)
    const moved = new Int32Array(size + 1)
    moved.set(offsets)
    offsets = moved
    slots = new Int32Array(size * 2)
    mask = slots.length - 1
    for (let entry = 0; entry < count; entry++) {
      let slot = (hashes[entry] as number) & mask
      while (slots[slot] !== 0) slot = (slot + 1) & mask
      slots[slot] = entry + 1
    }
  }

  function insert(slot: number, hash: number, bytes: Uint8Array, start: number, end: number): number {
    const entry = count++
    const offset = offsets[entry] as number
    const next = offset + end - start
    if (next > arena.length) {
      const larger = new Uint8Array(Math.max(arena.length * 2, next))
      larger.set(arena)
      arena = larger
    }
    for (let from = start, to = offset; from < end; from++, to++) arena[to] = bytes[from] as number
    offsets[entry + 1] = next
    hashes[entry] = hash
    texts.push(textOf(bytes, start, end))
    slots[slot] = entry + 1
    if (count === hashes.length) grow()
    return entry
  }

  return {
    codeOf(bytes, start, end) {
      let hash = seed
      for (let at = start; at < end; at++) hash = Math.imul(hash ^ (bytes[at] as number), 0x01000193)
      // The low bits of the product know little of the high bits of the last bytes.
      hash ^= hash >>> 15
      let slot = hash & mask
      let entry = -1
      for (let found = slots[slot] as number; found !== 0; found = slots[slot] as number) {
        if (hashes[found - 1] === hash && isSame(found - 1, bytes, start, end)) {
          entry = found - 1
          break
        }
        slot = (slot + 1) & mask
      }
      if (entry < 0) entry = insert(slot, hash, bytes, start, end)
      if (stamps[entry] === chunk) return codes[entry] as number
      stamps[entry] = chunk
      const text = texts[entry]
      const code = text === undefined ? -1 : dictionary.push(text) - 1
      codes[entry] = code
      return code
    },
    take() {
      const taken = dictionary
      dictionary = []
      chunk++
      if (count > entriesMax) clear()
      return taken
    },
  }

  function isSame(entry: number, bytes: Uint8Array, start: number, end: number): boolean {
    const offset = offsets[entry] as number
    if ((offsets[entry + 1] as number) - offset !== end - start) return false
    for (let at = start, kept = offset; at < end; at++, kept++) if (arena[kept] !== bytes[at]) return false
    return true
  }
}

function grown(from: Int32Array, size: number): Int32Array<ArrayBuffer> {
  const to = new Int32Array(size)
  to.set(from)
  return to
}
