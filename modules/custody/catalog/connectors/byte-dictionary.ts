/**
 * Text as codes, straight from bytes: each different run of bytes is turned into a string once and is a number from then on. What was
 * seen in one chunk is remembered for the next, up to a bound, so that a column of few values costs next to nothing.
 */

/** A text of the bytes from `start` up to but not including `end`, where they are not text themselves. */
export type TextOf = (bytes: Buffer, start: number, end: number) => string | undefined

/** A column of more different values begins anew with each chunk: a larger table is slower to look into than the texts are to make. */
const entriesMax = 32_768
const firstEntries = 1_024

/** A slot holds the number of an entry, from 1, and above it bits of its hash, so that most slots of others are told by themselves. */
const numberBits = 17
const numberMask = (1 << numberBits) - 1

/** What is known of an entry lies together, so that it comes into the cache at once: where its bytes are, the chunk in which it got its code, and that. */
const [offsetAt, lengthAt, chunkAt, codeAt] = [0, 1, 2, 3]
const entryWidth = 4

// A class, for it is asked for each cell: methods of one shape are compiled into the loop that calls them.
export class ByteDictionary {
  readonly #textOf: TextOf | undefined
  readonly #seed: number
  /** Half of them are empty. */
  #slots = new Int32Array(firstEntries * 2)
  #entries = new Int32Array(firstEntries * entryWidth)
  #count = 0
  #texts: string[] = []
  #arena = Buffer.alloc(firstEntries * 16)
  #words = viewOf(this.#arena)
  #used = 0
  #chunk = 1
  /** Entries of the chunk under way, by code. */
  #coded: number[] = []
  /** From which entry on the texts are still to be made, from where in the arena, and whether all of them are ASCII. */
  #fresh = { entry: 0, offset: 0, ascii: true }

  /**
   * @param textOf of bytes that are not text (UTF-8) themselves; different bytes give different texts, or none
   * @param seed random, so that nobody who writes into a source knows which values would collide
   */
  constructor(textOf: TextOf | undefined, seed: number) {
    this.#textOf = textOf
    this.#seed = seed
  }

  /**
   * The code, in the chunk under way, of the bytes from `start` up to but not including `end`; -1 where they are no value. A chunk has
   * fewer than 98,304 rows.
   * @param view over `bytes`
   */
  codeOf(bytes: Buffer, view: DataView, start: number, end: number): number {
    const hash = hashOf(this.#seed, bytes, view, start, end)
    const tag = (hash >>> numberBits) << numberBits
    const slots = this.#slots
    const mask = slots.length - 1
    let slot = hash & mask
    let entry = -1
    for (let found = slots[slot] as number; found !== 0; found = slots[slot] as number) {
      if ((found & ~numberMask) === tag && this.#isSame((found & numberMask) - 1, bytes, view, start, end)) {
        entry = (found & numberMask) - 1
        break
      }
      slot = (slot + 1) & mask
    }
    if (entry < 0) {
      const text = this.#textOf?.(bytes, start, end)
      if (this.#textOf !== undefined) {
        if (text === undefined) return -1
        this.#texts.push(text)
      }
      entry = this.#insert(bytes, start, end)
      slots[slot] = tag | (entry + 1)
      if (this.#count * 2 === slots.length) this.#grow()
    }
    const entries = this.#entries
    const about = entry * entryWidth
    if (entries[about + chunkAt] === this.#chunk) return entries[about + codeAt] as number
    entries[about + chunkAt] = this.#chunk
    const code = this.#coded.push(entry) - 1
    entries[about + codeAt] = code
    return code
  }

  /** The chunk's entries by code; the next chunk begins. */
  take(): string[] {
    if (this.#textOf === undefined) this.#makeTexts()
    const texts = this.#texts
    const taken = this.#coded.map((entry) => texts[entry] as string)
    this.#coded = []
    this.#chunk++
    if (this.#count > entriesMax) {
      this.#slots.fill(0)
      this.#count = 0
      this.#used = 0
      this.#texts = []
    }
    this.#fresh = { entry: this.#count, offset: this.#used, ascii: true }
    return taken
  }

  /** Of all that is new in the chunk at once: pieces of one string cost a fraction of what strings from bytes cost each. */
  #makeTexts(): void {
    const { entry: first, offset: from, ascii } = this.#fresh
    const entries = this.#entries
    const whole = ascii ? this.#arena.toString('latin1', from, this.#used) : ''
    for (let entry = first; entry < this.#count; entry++) {
      const start = entries[entry * entryWidth + offsetAt] as number
      const end = start + (entries[entry * entryWidth + lengthAt] as number)
      this.#texts.push(ascii ? whole.substring(start - from, end - from) : this.#arena.toString('utf8', start, end))
    }
  }

  #isSame(entry: number, bytes: Buffer, view: DataView, start: number, end: number): boolean {
    const entries = this.#entries
    if (entries[entry * entryWidth + lengthAt] !== end - start) return false
    const arena = this.#arena
    const words = this.#words
    let kept = entries[entry * entryWidth + offsetAt] as number
    let at = start
    for (; at + 4 <= end; at += 4, kept += 4) if (words.getInt32(kept) !== view.getInt32(at)) return false
    for (; at < end; at++, kept++) if (arena[kept] !== bytes[at]) return false
    return true
  }

  #insert(bytes: Buffer, start: number, end: number): number {
    const entry = this.#count++
    const offset = this.#used
    const next = offset + end - start
    if (next > this.#arena.length) {
      const larger = Buffer.alloc(Math.max(this.#arena.length * 2, next))
      larger.set(this.#arena)
      this.#arena = larger
      this.#words = viewOf(larger)
    }
    const arena = this.#arena
    let high = 0
    for (let from = start, to = offset; from < end; from++, to++) {
      const byte = bytes[from] as number
      high |= byte
      arena[to] = byte
    }
    this.#used = next
    const entries = this.#entries
    entries[entry * entryWidth + offsetAt] = offset
    entries[entry * entryWidth + lengthAt] = end - start
    entries[entry * entryWidth + chunkAt] = 0
    if (high > 0x7f) this.#fresh.ascii = false
    return entry
  }

  #grow(): void {
    const entries = new Int32Array(this.#entries.length * 2)
    entries.set(this.#entries)
    this.#entries = entries
    const slots = new Int32Array(this.#slots.length * 2)
    const mask = slots.length - 1
    for (let entry = 0; entry < this.#count; entry++) {
      const offset = entries[entry * entryWidth + offsetAt] as number
      const hash = hashOf(this.#seed, this.#arena, this.#words, offset, offset + (entries[entry * entryWidth + lengthAt] as number))
      let slot = hash & mask
      while (slots[slot] !== 0) slot = (slot + 1) & mask
      slots[slot] = ((hash >>> numberBits) << numberBits) | (entry + 1)
    }
    this.#slots = slots
  }
}

/** Four bytes at a time: much of what reading costs is in here. */
function hashOf(seed: number, bytes: Uint8Array, view: DataView, start: number, end: number): number {
  let hash = seed
  let at = start
  for (; at + 4 <= end; at += 4) {
    hash = Math.imul(hash ^ view.getInt32(at), 0x9e3779b1)
    hash ^= hash >>> 15
  }
  for (; at < end; at++) hash = Math.imul(hash ^ (bytes[at] as number), 0x01000193)
  // The low bits of a product know little of the high bits of the last bytes.
  return hash ^ (hash >>> 15)
}

function viewOf(bytes: Buffer): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
}
