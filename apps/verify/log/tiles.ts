/** The files of a log (C2SP tlog-tiles): their names, their sizes, and how they are read. */
import { hashLength } from '../merkle.ts'
import { Fault } from '../report.ts'
import type { LogSource } from './source.ts'

export const tileWidth = 256
const entryBytesMax = 65_535
const bundleBytesMax = tileWidth * (2 + entryBytesMax)

/** How many hashes a level holds in a log of this size. Division, because shifts would cut at 32 bits. */
export function countAt(size: number, level: number): number {
  return Math.floor(size / tileWidth ** level)
}

/** How many hashes tile `index` of a level holds in a log of this size. */
export function widthOf(size: number, level: number, index: number): number {
  return Math.min(tileWidth, countAt(size, level) - index * tileWidth)
}

/** @param level `entries` for the bundle of entries beside a tile of level 0 */
export function tilePath(level: number | 'entries', index: number, width: number): string {
  const digits = String(index)
  const padded = digits.padStart(Math.ceil(digits.length / 3) * 3, '0')
  const groups = padded.match(/.{3}/g) ?? []
  const path = groups.map((group, at) => (at < groups.length - 1 ? `x${group}` : group)).join('/')
  return `tile/${level}/${path}${width === tileWidth ? '' : `.p/${width}`}`
}

export interface ReadFile {
  /** The name that was found: a log that has grown may keep only the full file. */
  readonly path: string
  readonly bytes: Uint8Array
}

/** @throws Fault where the tile is missing or has another length */
export async function readTile(source: LogSource, level: number, index: number, width: number): Promise<ReadFile> {
  const { path, bytes, full } = await readEither(source, level, index, width, tileWidth * hashLength)
  const expected = (full ? tileWidth : width) * hashLength
  if (bytes.length !== expected) throw new Fault(path, `the tile has ${bytes.length} bytes instead of ${expected}`)
  return { path, bytes: bytes.subarray(0, width * hashLength) }
}

/** @throws Fault where the bundle is missing or too large */
export async function readEntryBundle(source: LogSource, index: number, width: number): Promise<ReadFile & { readonly full: boolean }> {
  return readEither(source, 'entries', index, width, bundleBytesMax)
}

async function readEither(source: LogSource, level: number | 'entries', index: number, width: number, bytesMax: number) {
  const path = tilePath(level, index, width)
  const bytes = await source.read(path, bytesMax)
  if (bytes !== undefined) return { path, bytes, full: width === tileWidth }
  if (width < tileWidth) {
    const whole = tilePath(level, index, tileWidth)
    const grown = await source.read(whole, bytesMax)
    if (grown !== undefined) return { path: whole, bytes: grown, full: true }
  }
  throw new Fault(path, 'the file is missing, and the checkpoint covers what should be in it')
}

export interface BundledEntry {
  readonly body: Uint8Array
  /** Where the entry's length stands in the bundle. */
  readonly at: number
}

export interface ReadEntries {
  readonly entries: readonly BundledEntry[]
  /** Why the bundle could not be read to its end. */
  readonly broken?: string
}

/** Each entry is its length as two bytes, the higher first, then its bytes. */
export function splitBundle(bytes: Uint8Array, width: number, full: boolean): ReadEntries {
  const entries: BundledEntry[] = []
  let at = 0
  while (entries.length < width) {
    if (at + 2 > bytes.length) return { entries, broken: `the bundle ends after ${entries.length} of ${width} entries` }
    const end = at + 2 + (bytes[at] as number) * 256 + (bytes[at + 1] as number)
    if (end > bytes.length) return { entries, broken: `the entry ends at byte ${end}, the bundle at byte ${bytes.length}` }
    entries.push({ body: bytes.subarray(at + 2, end), at })
    at = end
  }
  // Behind the entries of a log that has grown stand newer ones, which this checkpoint does not cover.
  if (at < bytes.length && !(full && width < tileWidth)) return { entries, broken: `${bytes.length - at} bytes stand behind the last entry` }
  return { entries }
}
