/** Many filters of one schema side by side, and one filter as text. */
import { fromBase64url, toBase64url } from '@gatehouse/crypto/bytes'
import { BloomError } from './error.ts'

export interface Clks {
  /** Content hash of the schema the filters were made by. */
  readonly schemaHash: string
  /** Of one filter; a multiple of 128. */
  readonly bits: number
  readonly length: number
  /** `bits / 32` words for each record; all zero where a record has no filter. */
  readonly words: Int32Array
  /** How many bits are set in each filter; 0 where there is none. */
  readonly ones: Uint16Array
}

/** The bytes of all filters, shared and not copied. */
export function bytesOf({ words }: Clks): Uint8Array {
  return new Uint8Array(words.buffer, words.byteOffset, words.byteLength)
}

/** One filter's bytes, shared and not copied. */
export function clkAt(clks: Clks, record: number): Uint8Array {
  if (!(record >= 0 && record < clks.length)) throw new RangeError(`there is no filter ${record}; there are ${clks.length}`)
  return bytesOf(clks).subarray((record * clks.bits) / 8, ((record + 1) * clks.bits) / 8)
}

/** @param filters each of `bits / 8` bytes; `undefined` for a record without one */
export function clksFrom(schemaHash: string, bits: number, filters: readonly (Uint8Array | undefined)[]): Clks {
  const words = new Int32Array((filters.length * bits) / 32)
  const bytes = new Uint8Array(words.buffer)
  for (const [record, filter] of filters.entries()) {
    if (filter === undefined) continue
    if (filter.length !== bits / 8) throw new BloomError('malformed', `the filter of record ${record} has ${filter.length * 8} bits and not ${bits}`)
    bytes.set(filter, (record * bits) / 8)
  }
  return { schemaHash, bits, length: filters.length, words, ones: onesOf(words, bits / 32) }
}

function onesOf(words: Int32Array, wordsPerFilter: number): Uint16Array {
  const ones = new Uint16Array(words.length / wordsPerFilter)
  words.forEach((word, index) => {
    const record = Math.floor(index / wordsPerFilter)
    ones[record] = (ones[record] ?? 0) + popcount(word)
  })
  return ones
}

/** Set bits of a 32-bit word: pairs, nibbles, bytes, then one multiplication adds the bytes. */
export function popcount(word: number): number {
  const pairs = word - ((word >>> 1) & 0x5555_5555)
  const nibbles = (pairs & 0x3333_3333) + ((pairs >>> 2) & 0x3333_3333)
  return Math.imul((nibbles + (nibbles >>> 4)) & 0x0f0f_0f0f, 0x0101_0101) >>> 24
}

/** Enough of the schema's hash to tell schemas apart. */
const hashShown = 16

/** `clk1.<schema>.<bits, base64url>`: what stands in a column of a file. */
export function clkText(schemaHash: string, filter: Uint8Array): string {
  return `clk1.${schemaHash.slice(0, hashShown)}.${toBase64url(filter)}`
}

/**
 * Reads a column of texts as `clkText` writes them; empty and null are records without a filter.
 * @throws BloomError `malformed` or `other_schema` with the record's number
 */
export function readClks(schemaHash: string, bits: number, texts: readonly (string | null | undefined)[]): Clks {
  const filters = texts.map((text, record) => {
    if (text === null || text === undefined || text === '') return undefined
    const [version, schema, encoded = '', ...more] = text.split('.')
    const filter = fromBase64url(encoded)
    if (version !== 'clk1' || more.length > 0 || filter?.length !== bits / 8) {
      throw new BloomError('malformed', `record ${record} holds no CLK of ${bits} bits: clk1.<schema>.<bits>; it was cut or made by something else`)
    }
    if (schema !== schemaHash.slice(0, hashShown)) {
      throw new BloomError('other_schema', `the CLK of record ${record} was made by another schema; make both sides’ anew by one`)
    }
    return filter
  })
  return clksFrom(schemaHash, bits, filters)
}
