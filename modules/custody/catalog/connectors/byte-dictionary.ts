/**
 * Text as codes, straight from bytes: each different run of bytes is kept once and is a number from then on. What was seen in one chunk
 * is remembered for the next, up to a bound, so that a column of few values costs next to nothing. No string is made.
 */
import type { PackedTexts } from '@gatehouse/tabular/packed-texts'

/** Writes the text of bytes that are not text themselves. @returns where it ends; `undefined` where they are no value */
export interface TextWriter {
  readonly lengthMax: number
  write(text: Uint8Array, at: number, bytes: DataView, start: number, end: number): number | undefined
}

/** A column of more different values begins anew with each chunk: a larger table is slower to look into than one that is filled anew. */
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
  readonly #writer: TextWriter | undefined
  readonly #seed: number
  /** Half of them are empty. */
  #slots = new Int32Array(firstEntries * 2)
  #entries = new Int32Array(firstEntries * entryWidth)
  #count = 0
  #arena = Buffer.alloc(firstEntries * 16)
  #words = viewOf(this.#arena)
  #used = 0
  #chunk = 1
  /** Entries of the chunk under way, by code. */
  #coded = new Int32Array(firstEntries)
  #codes = 0
  readonly #tried: Uint8Array

  /**
   * @param writer for bytes that are not text (UTF-8) themselves; different bytes give different texts in ASCII, or none
   * @param seed random, so that nobody who writes into a source knows which values would collide
   */
  constructor(writer: TextWriter | undefined, seed: number) {
    this.#writer = writer
    this.#seed = seed
    this.#tried = new Uint8Array(writer?.lengthMax ?? 0)
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
      if (this.#writer !== undefined && this.#writer.write(this.#tried, 0, view, start, end) === undefined) return -1
      entry = this.#insert(bytes, start, end)
      slots[slot] = tag | (entry + 1)
      if (this.#count * 2 === slots.length) this.#grow()
    }
    const entries = this.#entries
    const about = entry * entryWidth
    if (entries[about + chunkAt] === this.#chunk) return entries[about + codeAt] as number
    entries[about + chunkAt] = this.#chunk
    const code = this.#codes++
    if (code === this.#coded.length) this.#coded = longer(this.#coded)
    this.#coded[code] = entry
    entries[about + codeAt] = code
    return code
  }

  /** The chunk's entries by code; the next chunk begins. */
  take(): PackedTexts {
    const taken = this.#writer === undefined ? this.#texts() : this.#written(this.#writer)
    this.#codes = 0
    this.#chunk++
    if (this.#count > entriesMax) {
      this.#slots.fill(0)
      this.#count = 0
      this.#used = 0
    }
    return taken
  }

  #texts(): PackedTexts {
    const [entries, arena, coded] = [this.#entries, this.#arena, this.#coded]
    const lengths = new Uint32Array(this.#codes)
    let size = 0
    for (let code = 0; code < lengths.length; code++) {
      const length = entries[(coded[code] as number) * entryWidth + lengthAt] as number
      lengths[code] = length
      size += length
    }
    const bytes = new Uint8Array(size)
    let high = 0
    let to = 0
    for (let code = 0; code < lengths.length; code++) {
      let from = entries[(coded[code] as number) * entryWidth + offsetAt] as number
      for (const end = from + (lengths[code] as number); from < end; from++) {
        const byte = arena[from] as number
        high |= byte
        bytes[to++] = byte
      }
    }
    return { bytes, lengths: high < 0x80 ? lengths : unitsOf(bytes, lengths) }
  }

  #written(writer: TextWriter): PackedTexts {
    const [entries, words, coded] = [this.#entries, this.#words, this.#coded]
    const lengths = new Uint32Array(this.#codes)
    const bytes = new Uint8Array(this.#codes * writer.lengthMax)
    let to = 0
    for (let code = 0; code < lengths.length; code++) {
      const entry = (coded[code] as number) * entryWidth
      const from = entries[entry + offsetAt] as number
      const end = writer.write(bytes, to, words, from, from + (entries[entry + lengthAt] as number)) ?? to
      lengths[code] = end - to
      to = end
    }
    return { bytes: bytes.slice(0, to), lengths }
  }

  #isSame(entry: number, bytes: Buffer, view: DataView, start: number, end: number): boolean {
    const entries = this.#entries
    if (entries[entry * entryWidth + lengthAt] !== end - start) return false
    const arena = this.#arena
    const words = this.#words
    const shift = (entries[entry * entryWidth + offsetAt] as number) - start
    const last = end - 4
    if (last < start) {
      for (let at = start; at < end; at++) if (arena[at + shift] !== bytes[at]) return false
      return true
    }
    for (let at = start; at < last; at += 4) if (words.getInt32(at + shift) !== view.getInt32(at)) return false
    return words.getInt32(last + shift) === view.getInt32(last)
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
    for (let from = start, to = offset; from < end; from++, to++) arena[to] = bytes[from] as number
    this.#used = next
    const entries = this.#entries
    entries[entry * entryWidth + offsetAt] = offset
    entries[entry * entryWidth + lengthAt] = end - start
    entries[entry * entryWidth + chunkAt] = 0
    return entry
  }

  #grow(): void {
    const entries = longer(this.#entries)
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

/** Four bytes at a time, the last four once more where they overlap: much of what reading costs is in here. */
function hashOf(seed: number, bytes: Uint8Array, view: DataView, start: number, end: number): number {
  let hash = seed
  const last = end - 4
  if (last < start) for (let at = start; at < end; at++) hash = Math.imul(hash ^ (bytes[at] as number), 0x01000193)
  else {
    for (let at = start; at < last; at += 4) hash = mixed(hash, view.getInt32(at))
    hash = mixed(hash, view.getInt32(last))
  }
  // The low bits of a product know little of the high bits of the last bytes.
  return hash ^ (hash >>> 15)
}

function mixed(hash: number, word: number): number {
  const product = Math.imul(hash ^ word, 0x9e3779b1)
  return product ^ (product >>> 15)
}

/** The length of each text in UTF-16 units: a byte that continues a character is none, and four bytes are a pair of surrogates. */
function unitsOf(bytes: Uint8Array, lengths: Uint32Array): Uint32Array {
  let at = 0
  return lengths.map((length) => {
    let units = 0
    for (const end = at + length; at < end; at++) {
      const byte = bytes[at] as number
      units += (byte & 0xc0) === 0x80 ? 0 : byte >= 0xf0 ? 2 : 1
    }
    return units
  })
}

function longer(words: Int32Array): Int32Array<ArrayBuffer> {
  const copy = new Int32Array(words.length * 2)
  copy.set(words)
  return copy
}

function viewOf(bytes: Buffer): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
}
