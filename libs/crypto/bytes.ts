/**
 * Bytes to text and back. Every decoder is strict: one text for one byte string, because these texts are hashed, signed and
 * compared. Written without `Buffer`, so that it runs in a browser too.
 */

const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

export function utf8(text: string): Uint8Array {
  return encoder.encode(text)
}

/** The text of the bytes, or `undefined` where they are not well-formed UTF-8. A byte-order mark is kept as a character. */
export function utf8Text(bytes: Uint8Array): string | undefined {
  try {
    return decoder.decode(bytes)
  } catch {
    return undefined
  }
}

const shared = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'
const pad = 0x3d
/** Marks a code unit that is not in the alphabet; larger than any 6-bit value, so one comparison finds it. */
const none = 0xff
const base64Alphabet = alphabet(`${shared}+/`)
const base64urlAlphabet = alphabet(`${shared}-_`)

interface Alphabet {
  /** The ASCII code of each 6-bit value. */
  readonly codes: Uint8Array
  /** The 6-bit value of each ASCII code, or `none`. */
  readonly values: Uint8Array
}

function alphabet(letters: string): Alphabet {
  const codes = encoder.encode(letters)
  const values = new Uint8Array(128).fill(none)
  codes.forEach((code, value) => {
    values[code] = value
  })
  return { codes, values }
}

function encode64(bytes: Uint8Array, { codes }: Alphabet, padded: boolean): string {
  const rest = bytes.length % 3
  const whole = bytes.length - rest
  const letters = (whole / 3) * 4 + (rest === 0 ? 0 : rest + 1)
  const text = new Uint8Array(padded ? Math.ceil(letters / 4) * 4 : letters)
  let at = 0
  for (let i = 0; i < whole; i += 3) {
    const group = ((bytes[i] as number) << 16) | ((bytes[i + 1] as number) << 8) | (bytes[i + 2] as number)
    text[at] = codes[group >> 18] as number
    text[at + 1] = codes[(group >> 12) & 63] as number
    text[at + 2] = codes[(group >> 6) & 63] as number
    text[at + 3] = codes[group & 63] as number
    at += 4
  }
  if (rest > 0) {
    const group = ((bytes[whole] as number) << 16) | ((bytes[whole + 1] ?? 0) << 8)
    text[at] = codes[group >> 18] as number
    text[at + 1] = codes[(group >> 12) & 63] as number
    if (rest === 2) text[at + 2] = codes[(group >> 6) & 63] as number
  }
  if (padded) text.fill(pad, letters)
  return decoder.decode(text)
}

/** Reads `length` letters; `undefined` for a foreign letter, a length no encoder writes, or spare bits that are not zero. */
function decode64(text: string, length: number, { values }: Alphabet): Uint8Array | undefined {
  if (length % 4 === 1) return undefined
  const bytes = new Uint8Array(Math.floor((length * 3) / 4))
  let at = 0
  let bits = 0
  let held = 0
  for (let i = 0; i < length; i++) {
    const value = values[text.charCodeAt(i)] ?? none
    if (value === none) return undefined
    held = (held << 6) | value
    bits += 6
    if (bits >= 8) {
      bits -= 8
      bytes[at++] = held >> bits
      held &= (1 << bits) - 1
    }
  }
  return held === 0 ? bytes : undefined
}

/** Base64 with padding (RFC 4648 section 4). */
export function toBase64(bytes: Uint8Array): string {
  return encode64(bytes, base64Alphabet, true)
}

/** `undefined` unless the text is exactly what `toBase64` writes. */
export function fromBase64(text: string): Uint8Array | undefined {
  if (text.length % 4 !== 0) return undefined
  const pads = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0
  return decode64(text, text.length - pads, base64Alphabet)
}

/** Base64url without padding (RFC 4648 section 5). */
export function toBase64url(bytes: Uint8Array): string {
  return encode64(bytes, base64urlAlphabet, false)
}

/** `undefined` unless the text is exactly what `toBase64url` writes. */
export function fromBase64url(text: string): Uint8Array | undefined {
  return decode64(text, text.length, base64urlAlphabet)
}

const hexPairs = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))
const hexText = /^(?:[0-9a-f]{2})*$/

/** Lower-case hexadecimal. */
export function toHex(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += hexPairs[byte]
  return text
}

/** `undefined` unless the text is whole pairs of lower-case digits. */
export function fromHex(text: string): Uint8Array | undefined {
  if (!hexText.test(text)) return undefined
  const bytes = new Uint8Array(text.length / 2)
  for (let i = 0; i < bytes.length; i++) bytes[i] = Number.parseInt(text.slice(i * 2, i * 2 + 2), 16)
  return bytes
}

export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  let length = 0
  for (const part of parts) length += part.length
  const whole = new Uint8Array(length)
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

/** Four bytes, big-endian. @throws RangeError outside 0 to 2^32 - 1 */
export function u32(value: number): Uint8Array {
  if (!Number.isInteger(value) || value < 0 || value > 0xffff_ffff) throw new RangeError(`an unsigned 32-bit number is needed, got ${value}`)
  return Uint8Array.of(value >>> 24, value >>> 16, value >>> 8, value)
}

/** The big-endian number in the four bytes at `at`. @throws RangeError when fewer than four bytes are left */
export function readU32(bytes: Uint8Array, at = 0): number {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(at)
}

/**
 * Each part as its length (u32, big-endian) and its bytes; text counts as UTF-8. Joined this way, two different lists never
 * give the same bytes, which plain concatenation does.
 */
export function lengthPrefixed(parts: readonly (string | Uint8Array)[]): Uint8Array {
  let room = 0
  // A UTF-16 unit takes three bytes at most (RFC 3629); all parts are written into one array, for small ones cost more than their bytes.
  for (const part of parts) room += 4 + (typeof part === 'string' ? part.length * 3 : part.length)
  const whole = new Uint8Array(room)
  const view = new DataView(whole.buffer)
  let at = 0
  for (const part of parts) {
    const start = at + 4
    let length = part.length
    if (typeof part === 'string') length = encoder.encodeInto(part, whole.subarray(start)).written
    else whole.set(part, start)
    view.setUint32(at, length)
    at = start + length
  }
  return whole.subarray(0, at)
}
