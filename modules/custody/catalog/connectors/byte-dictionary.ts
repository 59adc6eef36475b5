/**
 * Text as codes, straight from bytes: each different run of bytes is kept once and is a number from then on. What was seen in one chunk
 * is remembered for the next, up to a bound, so that a column of few values costs next to nothing. No string is made.
 */
import { isAscii } from 'node:buffer'
import type { PackedTexts } from '@gatehouse/tabular/packed-texts'

/** Writes the text of bytes that are not text themselves. @returns where it ends; `undefined` where they are no value */
export interface TextWriter {
  readonly lengthMax: number
  write(text: Uint8Array, at: number, bytes: DataView, start: number, end: number): number | undefined
}

/** Cells of columns: where each lies in the bytes, and how long it is; a length below 0 is no value. */
export interface Cells {
  readonly bytes: Buffer
  /** Over `bytes`. */
  readonly view: DataView
  readonly starts: Int32Array
  readonly lengths: Int32Array
  /** Of one column. */
  readonly count: number
}

/** A column of more different values begins anew with each chunk: a larger table is slower to look into than one that is filled anew. */
const entriesMax = 32_768
const firstEntries = 1_024
const aLoopIsFasterUpTo = 64

/** A slot holds the number of an entry, from 1, and above it bits of its hash, so that most slots of others are told by themselves. */
const numberBits = 17
const numberMask = (1 << numberBits) - 1

/** What is known of an entry lies together, so that it comes into the cache at once: where its bytes are, the chunk in which it got its code, and that. */
const [offsetAt, lengthAt, chunkAt, codeAt] = [0, 1, 2, 3]
const entryWidth = 4

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
   * The code, in the chunk under way, of each cell from `from` on; -1 where it is no value. A chunk has fewer than 98,304 rows.
   * @param into gets them from `row` on
   */
  codesOf({ bytes, view, starts, lengths, count }: Cells, from: number, into: Int32Array, row: number): void {
    const seed = this.#seed
    const chunk = this.#chunk
    let slots = this.#slots
    let entries = this.#entries
    let arena = this.#arena
    let words = this.#words
    let mask = slots.length - 1
    for (let cell = from, to = row; cell < from + count; cell++, to++) {
      const length = lengths[cell] as number
      if (length < 0) {
        into[to] = -1
        continue
      }
      const start = starts[cell] as number
      const hash = hashOf(seed, bytes, view, start, start + length)
      const tag = (hash >>> numberBits) << numberBits
      let slot = hash & mask
      let about = -1
      for (let found = slots[slot] as number; found !== 0; found = slots[slot] as number) {
        if ((found & ~numberMask) === tag) {
          const known = ((found & numberMask) - 1) * entryWidth
          if (entries[known + lengthAt] === length && isSame(arena, words, entries[known + offsetAt] as number, bytes, view, start, length)) {
            about = known
            break
          }
        }
        slot = (slot + 1) & mask
      }
      if (about < 0) {
        if (this.#writer !== undefined && this.#writer.write(this.#tried, 0, view, start, start + length) === undefined) {
          into[to] = -1
          continue
        }
        const entry = this.#insert(bytes, start, start + length)
        slots[slot] = tag | (entry + 1)
        if (this.#count * 2 === slots.length) this.#grow()
        slots = this.#slots
        entries = this.#entries
        arena = this.#arena
        words = this.#words
        mask = slots.length - 1
        about = entry * entryWidth
      }
      if (entries[about + chunkAt] !== chunk) {
        entries[about + chunkAt] = chunk
        entries[about + codeAt] = this.#code(about)
      }
      into[to] = entries[about + codeAt] as number
    }
  }

  /** The next code, for the entry at `about`. */
  #code(about: number): number {
    const code = this.#codes++
    if (code === this.#coded.length) this.#coded = longer(this.#coded)
    this.#coded[code] = about / entryWidth
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
    const entries = this.#entries
    const arena = this.#arena
    const coded = this.#coded
    const lengths = new Uint32Array(this.#codes)
    let size = 0
    for (let code = 0; code < lengths.length; code++) {
      const length = entries[(coded[code] as number) * entryWidth + lengthAt] as number
      lengths[code] = length
      size += length
    }
    const bytes = new Uint8Array(size)
    let to = 0
    for (let code = 0; code < lengths.length; ) {
      const from = entries[(coded[code] as number) * entryWidth + offsetAt] as number
      // Entries that are new came one behind the other.
      let end = from
      do end += lengths[code++] as number
      while (code < lengths.length && entries[(coded[code] as number) * entryWidth + offsetAt] === end)
      if (end - from > aLoopIsFasterUpTo) bytes.set(arena.subarray(from, end), to)
      else for (let at = from; at < end; at++) bytes[to + at - from] = arena[at] as number
      to += end - from
    }
    return { bytes, lengths: isAscii(bytes) ? lengths : unitsOf(bytes, lengths) }
  }

  #written(writer: TextWriter): PackedTexts {
    const entries = this.#entries
    const words = this.#words
    const coded = this.#coded
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

/** Whether the entry has these bytes; it is as long. */
function isSame(arena: Uint8Array, words: DataView, offset: number, bytes: Uint8Array, view: DataView, start: number, length: number): boolean {
  const last = length - 4
  if (last < 0) {
    for (let at = 0; at < length; at++) if (arena[offset + at] !== bytes[start + at]) return false
    return true
  }
  for (let at = 0; at < last; at += 4) if (words.getInt32(offset + at) !== view.getInt32(start + at)) return false
  return words.getInt32(offset + last) === view.getInt32(start + last)
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

/** The same words and as many more. */
export function longer(words: Int32Array): Int32Array<ArrayBuffer> {
  const copy = new Int32Array(words.length * 2)
  copy.set(words)
  return copy
}

function viewOf(bytes: Buffer): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
}
