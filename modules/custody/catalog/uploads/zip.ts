/** What a ZIP archive holds by its own directory (APPNOTE.TXT 4.3.7, 4.3.12, 4.3.16), told before any of it is unpacked. */
import { inflateRawSync } from 'node:zlib'

const endMark = 0x06054b50
const entryMark = 0x02014b50
const endLength = 22
const entryLength = 46
const localLength = 30
const commentMax = 65_535
const entriesMax = 10_000
const [stored, deflated] = [0, 8]

export interface ZipEntry {
  readonly name: string
  readonly method: number
  readonly packed: number
  readonly unpacked: number
  readonly offset: number
}

/** `undefined` where it is no archive that we read: none at all, cut off, or of more than 4 GiB. */
export function entriesOf(archive: Uint8Array): readonly ZipEntry[] | undefined {
  const view = viewOf(archive)
  const end = endOf(view)
  if (end === undefined) return undefined
  const count = view.getUint16(end + 10, true)
  if (count > entriesMax) return undefined
  const entries: ZipEntry[] = []
  let at = view.getUint32(end + 16, true)
  for (let entry = 0; entry < count; entry++) {
    if (at + entryLength > end || view.getUint32(at, true) !== entryMark) return undefined
    const [packed, unpacked, offset] = [view.getUint32(at + 20, true), view.getUint32(at + 24, true), view.getUint32(at + 42, true)]
    // Where one of them does not fit, it stands elsewhere (ZIP64).
    if (Math.max(packed, unpacked, offset) === 0xffff_ffff) return undefined
    const nameLength = view.getUint16(at + 28, true)
    const name = Buffer.from(archive.subarray(at + entryLength, at + entryLength + nameLength)).toString('utf8')
    entries.push({ name, method: view.getUint16(at + 10, true), packed, unpacked, offset })
    at += entryLength + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true)
  }
  return entries
}

/** @throws RangeError where the entry holds more than its directory says, or cannot be unpacked */
export function unpack(archive: Uint8Array, { method, packed, unpacked, offset }: ZipEntry): Uint8Array {
  const view = viewOf(archive)
  if (offset + localLength > archive.length) throw new RangeError('an entry lies outside of the archive')
  const start = offset + localLength + view.getUint16(offset + 26, true) + view.getUint16(offset + 28, true)
  const bytes = archive.subarray(start, start + packed)
  if (method === stored && packed === unpacked) return bytes
  if (method !== deflated || unpacked === 0) throw new RangeError('an entry is packed by other means')
  return inflateRawSync(bytes, { maxOutputLength: unpacked })
}

function viewOf(archive: Uint8Array): DataView {
  return new DataView(archive.buffer, archive.byteOffset, archive.length)
}

function endOf(view: DataView): number | undefined {
  const first = Math.max(0, view.byteLength - endLength - commentMax)
  for (let at = view.byteLength - endLength; at >= first; at--) if (view.getUint32(at, true) === endMark) return at
  return undefined
}
