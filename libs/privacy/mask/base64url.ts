/** Base64url without padding (RFC 4648 section 5), for tokens that travel in addresses and files. */
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

export function toBase64url(bytes: Uint8Array): string {
  let text = ''
  for (let at = 0; at < bytes.length; at += 3) {
    const [a = 0, b, c] = bytes.subarray(at, at + 3)
    text += alphabet.charAt(a >> 2) + alphabet.charAt(((a & 3) << 4) | ((b ?? 0) >> 4))
    if (b !== undefined) text += alphabet.charAt(((b & 15) << 2) | ((c ?? 0) >> 6))
    if (c !== undefined) text += alphabet.charAt(c & 63)
  }
  return text
}

/** `undefined` for text that `toBase64url` never writes: another alphabet, a length or last bits that do not occur. */
export function fromBase64url(text: string): Uint8Array | undefined {
  const bytes = new Uint8Array(Math.floor((text.length * 3) / 4))
  let bits = 0
  let held = 0
  let length = 0
  for (const character of text) {
    const value = alphabet.indexOf(character)
    if (value < 0) return undefined
    bits = ((bits << 6) | value) & 0xffff
    held += 6
    if (held >= 8) {
      held -= 8
      bytes[length++] = bits >> held
    }
  }
  return toBase64url(bytes) === text ? bytes : undefined
}
