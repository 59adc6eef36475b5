/**
 * UTF-8 over chunk borders. Bytes that are no UTF-8 do not stop the file: each becomes a lone surrogate U+DC80..U+DCFF, which
 * correct UTF-8 can never give (RFC 3629 section 3), so the reader can refuse exactly the rows that hold one.
 */
import type { Chunk } from './push-parser.ts'

/** TextDecoder (WHATWG Encoding) is in every engine, but its type comes with the DOM or Node, which this package does without. */
declare const TextDecoder: new (label: string, options: { fatal: boolean; ignoreBOM: boolean }) => { decode(bytes: Uint8Array): string }

const damage = /(?<![\uD800-\uDBFF])[\uDC80-\uDCFF]/

/** True when the text holds a byte that was no UTF-8. */
export function isDamaged(text: string): boolean {
  return damage.test(text)
}

export interface ChunkDecoder {
  text(chunk: Chunk): string
  /** What is left of a character that was cut off by the end of the file. */
  end(): string
  /** True as soon as one byte was no UTF-8; as long as it is false no row needs to be looked at. */
  readonly damaged: boolean
}

export function chunkDecoder(): ChunkDecoder {
  const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  let held: Uint8Array = new Uint8Array(0)
  let damaged = false

  const decode = (bytes: Uint8Array): string => {
    try {
      return strict.decode(bytes)
    } catch {
      damaged = true
    }
    let text = ''
    for (let from = 0; from < bytes.length; ) {
      const bad = firstInvalid(bytes, from)
      text += strict.decode(bytes.subarray(from, bad))
      if (bad < bytes.length) text += String.fromCharCode(0xdc00 + (bytes[bad] as number))
      from = bad + 1
    }
    return text
  }

  const flush = (): string => {
    const text = held.length === 0 ? '' : decode(held)
    held = new Uint8Array(0)
    return text
  }

  return {
    text(chunk) {
      if (typeof chunk === 'string') return flush() + chunk
      let bytes = chunk
      if (held.length > 0) {
        bytes = new Uint8Array(held.length + chunk.length)
        bytes.set(held)
        bytes.set(chunk, held.length)
      }
      const whole = wholeCharacters(bytes)
      // A copy: the caller may fill the same buffer again.
      held = bytes.slice(whole)
      return decode(bytes.subarray(0, whole))
    },
    end: flush,
    get damaged() {
      return damaged
    },
  }
}

function sequenceLength(lead: number): number {
  if (lead < 0x80) return 1
  if (lead >= 0xc2 && lead <= 0xdf) return 2
  if (lead >= 0xe0 && lead <= 0xef) return 3
  return lead >= 0xf0 && lead <= 0xf4 ? 4 : 0
}

/** The count of leading bytes that do not end within a character. */
function wholeCharacters(bytes: Uint8Array): number {
  for (let back = 1; back <= 3 && back <= bytes.length; back++) {
    const byte = bytes[bytes.length - back] as number
    if ((byte & 0xc0) === 0x80) continue
    return sequenceLength(byte) > back ? bytes.length - back : bytes.length
  }
  return bytes.length
}

/** The index of the first byte that begins no character, by table 3-7 of the Unicode Standard; the length when all do. */
function firstInvalid(bytes: Uint8Array, from: number): number {
  let at = from
  while (at < bytes.length) {
    const lead = bytes[at] as number
    const length = sequenceLength(lead)
    if (length === 0 || at + length > bytes.length) return at
    for (let i = 1; i < length; i++) {
      const [low, high] = i === 1 ? secondByte(lead) : anyTail
      const byte = bytes[at + i] as number
      if (byte < low || byte > high) return at
    }
    at += length
  }
  return bytes.length
}

const anyTail = [0x80, 0xbf] as const

/** Overlong forms, surrogates and what lies above U+10FFFF are shut out by the range of the second byte. */
function secondByte(lead: number): readonly [number, number] {
  if (lead === 0xe0) return [0xa0, 0xbf]
  if (lead === 0xed) return [0x80, 0x9f]
  if (lead === 0xf0) return [0x90, 0xbf]
  return lead === 0xf4 ? [0x80, 0x8f] : anyTail
}
