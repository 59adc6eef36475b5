/**
 * The root key as shares on paper (Shamir, over GF(2^8)): any `threshold` of them give it back, fewer say nothing about it. A share is five lines to
 * type in; each line ends in two check letters and the whole ends in a check of its own, so that a slip is found where it was made.
 *
 * Bytes: version 1 ‖ ceremony 4 ‖ threshold ‖ shares ‖ fingerprint 6 ‖ share 33 ‖ check 4, in the letters of Crockford's base 32.
 */
import { concat, fromHex, toHex, utf8 } from '@gatehouse/crypto/bytes'
import type { Primitives } from '@gatehouse/crypto/primitives'
import { combine, split } from 'shamir-secret-sharing'

export const sharesMax = 16
const rootLength = 32
const [version, ceremonyLength, fingerprintLength, checkLength] = [1, 4, 6, 4]
const headLength = 1 + ceremonyLength + 2 + fingerprintLength
const shareLength = rootLength + 1
const bytesLength = headLength + shareLength + checkLength
const letters = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const lineLetters = 16

export interface Share {
  /** The same for all shares of one ceremony. */
  readonly ceremony: string
  readonly threshold: number
  readonly shares: number
  /** Tells a root key from another and says nothing else about it. */
  readonly fingerprint: string
  readonly bytes: Uint8Array
}

/** A share that cannot be used, or too few of them. Named by its place among those that were given, and by the line. */
export class ShareError extends Error {
  override readonly name = 'ShareError'
}

type Hash = Pick<Primitives, 'sha256'>

function fingerprintOf({ sha256 }: Hash, root: Uint8Array): Uint8Array {
  return sha256(concat(utf8('gatehouse/root-fingerprint/v1\n'), root)).subarray(0, fingerprintLength)
}

/** @returns the texts to print, each of several lines */
export async function splitRoot(primitives: Hash & Pick<Primitives, 'randomBytes'>, root: Uint8Array, shares: number, threshold: number): Promise<string[]> {
  if (root.length !== rootLength) throw new ShareError('a root key has 32 bytes')
  if (!Number.isInteger(shares) || !Number.isInteger(threshold) || threshold < 2 || threshold > shares || shares > sharesMax)
    throw new ShareError(`choose 2 to ${sharesMax} shares, and how many of them are needed: at least 2, at most all`)
  const head = concat(Uint8Array.of(version), primitives.randomBytes(ceremonyLength), Uint8Array.of(threshold, shares), fingerprintOf(primitives, root))
  const parts = await split(root, shares, threshold)
  return parts.map((part) => {
    const body = concat(head, part)
    return linesOf(primitives, concat(body, primitives.sha256(body).subarray(0, checkLength)))
  })
}

/** @param name how the share is called when it cannot be read, such as `share 2` */
export function readShare(primitives: Hash, text: string, name: string): Share {
  const lines = text
    .split('\n')
    .map((line) =>
      line
        .replace(/^\s*[0-9]+:/, '')
        .replace(/[\s-]/g, '')
        .toUpperCase()
        .replace(/[IL]/g, '1')
        .replace(/O/g, '0'),
    )
    .filter((line) => line !== '')
  const wanted = Math.ceil((bytesLength * 8) / 5 / lineLetters)
  if (lines.length !== wanted) throw new ShareError(`${name} has ${lines.length} lines; a share has ${wanted}`)
  let typed = ''
  for (const [index, line] of lines.entries()) {
    const content = line.slice(0, -2)
    if ([...line].some((letter) => !letters.includes(letter)) || line.slice(-2) !== checkOf(primitives, index, content))
      throw new ShareError(`${name}: line ${index + 1} was mistyped`)
    typed += content
  }
  const bytes = bytesOf(typed)
  const body = bytes.subarray(0, bytesLength - checkLength)
  if (bytes.length !== bytesLength || toHex(bytes.subarray(bytesLength - checkLength)) !== toHex(primitives.sha256(body).subarray(0, checkLength)))
    throw new ShareError(`${name}: its lines do not belong together`)
  if (body[0] !== version) throw new ShareError(`${name} was made by another version of the ceremony`)
  const at = 1 + ceremonyLength
  return {
    ceremony: toHex(body.subarray(1, at)),
    threshold: body[at] ?? 0,
    shares: body[at + 1] ?? 0,
    fingerprint: toHex(body.subarray(at + 2, headLength)),
    bytes: body.subarray(headLength),
  }
}

/** @throws ShareError for a share that was mistyped, is of another ceremony or was given twice, and where there are too few */
export async function combineShares(primitives: Hash, texts: readonly string[]): Promise<Uint8Array> {
  const shares = texts.map((text, index) => readShare(primitives, text, `share ${index + 1}`))
  const [first] = shares
  if (first === undefined) throw new ShareError('no share was given')
  for (const [index, share] of shares.entries()) {
    if (share.ceremony !== first.ceremony) throw new ShareError(`share ${index + 1} is of another ceremony than share 1`)
    if (shares.findIndex((other) => toHex(other.bytes) === toHex(share.bytes)) < index) throw new ShareError(`share ${index + 1} was given before`)
  }
  if (shares.length < first.threshold) throw new ShareError(`${shares.length} of the ${first.threshold} shares that are needed were given`)
  const root = await combine(shares.map((share) => Uint8Array.from(share.bytes)))
  if (toHex(fingerprintOf(primitives, root)) !== first.fingerprint)
    throw new ShareError('these shares do not give the root key of their ceremony: one of them was changed')
  return root
}

/** `a1b2 c3d4 …`: for the paper and the eye. */
export function fingerprintText(primitives: Hash, root: Uint8Array): string {
  return toHex(fingerprintOf(primitives, root))
}

export function rootFromText(text: string): Uint8Array | undefined {
  const root = fromHex(text.trim())
  return root?.length === rootLength ? root : undefined
}

function linesOf(primitives: Hash, bytes: Uint8Array): string {
  const typed = lettersOf(bytes)
  const lines: string[] = []
  for (let at = 0; at < typed.length; at += lineLetters) {
    const content = typed.slice(at, at + lineLetters)
    const line = content + checkOf(primitives, lines.length, content)
    lines.push(`${lines.length + 1}: ${line.match(/.{1,6}/g)?.join(' ')}`)
  }
  return `${lines.join('\n')}\n`
}

/** Ten bits over the line and its number: lines that were exchanged are found as well. */
function checkOf({ sha256 }: Hash, index: number, content: string): string {
  const digest = sha256(utf8(`${index}\n${content}`))
  const bits = ((digest[0] ?? 0) << 8) | (digest[1] ?? 0)
  return `${letters[(bits >> 5) & 31]}${letters[bits & 31]}`
}

function lettersOf(bytes: Uint8Array): string {
  let [text, held, bits] = ['', 0, 0]
  for (const byte of bytes) {
    held = (held << 8) | byte
    bits += 8
    while (bits >= 5) {
      bits -= 5
      text += letters[(held >> bits) & 31]
      held &= (1 << bits) - 1
    }
  }
  return bits > 0 ? text + letters[(held << (5 - bits)) & 31] : text
}

function bytesOf(text: string): Uint8Array {
  const bytes: number[] = []
  let [held, bits] = [0, 0]
  for (const letter of text) {
    held = (held << 5) | letters.indexOf(letter)
    bits += 5
    if (bits >= 8) {
      bits -= 8
      bytes.push((held >> bits) & 255)
      held &= (1 << bits) - 1
    }
  }
  return Uint8Array.from(bytes)
}
