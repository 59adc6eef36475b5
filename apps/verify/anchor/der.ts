/** A reader of DER (X.690), as far as time stamps need it: definite lengths, one-byte tags. */

export interface Node {
  readonly tag: number
  /** With tag and length. */
  readonly whole: Uint8Array
  readonly value: Uint8Array
}

/** Something is no DER, or not in the shape asked for. */
export class DerError extends Error {}

export function readAll(bytes: Uint8Array): Node[] {
  const found: Node[] = []
  for (let at = 0; at < bytes.length; ) {
    const node = readAt(bytes, at)
    found.push(node)
    at += node.whole.length
  }
  return found
}

export function readOne(bytes: Uint8Array): Node {
  const node = readAt(bytes, 0)
  if (node.whole.length !== bytes.length) throw new DerError('bytes follow the end')
  return node
}

function readAt(bytes: Uint8Array, start: number): Node {
  const tag = bytes[start]
  const first = bytes[start + 1]
  if (tag === undefined || first === undefined || (tag & 0x1f) === 0x1f) throw new DerError('cut short, or a tag of several bytes')
  let length = first
  let at = start + 2
  if (first & 0x80) {
    const count = first & 0x7f
    if (count === 0 || count > 4) throw new DerError('a length that is not definite, or too large')
    length = 0
    for (let each = 0; each < count; each++) length = length * 256 + (bytes[at++] ?? Number.NaN)
    if (!(length >= 0x80) || (bytes[start + 2] ?? 0) === 0) throw new DerError('a length that is not the shortest')
  }
  if (!(at + length <= bytes.length)) throw new DerError('cut short')
  return { tag, whole: bytes.subarray(start, at + length), value: bytes.subarray(at, at + length) }
}

/** The parts of a SEQUENCE (0x30), a SET (0x31), or something tagged by context. */
export function children(node: Node | undefined, tag: number): Node[] {
  if (node?.tag !== tag) throw new DerError(`a part with the tag 0x${tag.toString(16)} is missing`)
  return readAll(node.value)
}

export function bytesOf(node: Node | undefined, tag: number): Uint8Array {
  if (node?.tag !== tag) throw new DerError(`a part with the tag 0x${tag.toString(16)} is missing`)
  return node.value
}

export function oid(node: Node | undefined): string {
  const bytes = bytesOf(node, 0x06)
  const numbers: number[] = []
  let current = 0
  for (const byte of bytes) {
    current = current * 128 + (byte & 0x7f)
    if (byte & 0x80) continue
    numbers.push(current)
    current = 0
  }
  const [first = 0, ...rest] = numbers
  const top = Math.min(Math.floor(first / 40), 2)
  return [top, first - 40 * top, ...rest].join('.')
}

/** GeneralizedTime with `Z` and at most milliseconds. */
export function time(node: Node | undefined): Date {
  const text = new TextDecoder().decode(bytesOf(node, 0x18))
  const [, year, month, day, hour, minute, second, fraction = ''] = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\.\d+)?Z$/.exec(text) ?? []
  const found = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}${fraction.slice(0, 4)}Z`)
  if (Number.isNaN(found.getTime())) throw new DerError('no time in UTC')
  return found
}
