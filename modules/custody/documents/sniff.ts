/** What a file is, by its first bytes. What the sender says is not asked: a page that calls itself a picture is a page. */
import { utf8Text } from '@gatehouse/crypto/bytes'
import type { MediaType } from './schema.ts'

/** As many bytes from the beginning as are looked at. */
export const headLength = 4_096

const signatures: readonly (readonly [MediaType, number, string])[] = [
  ['application/pdf', 0, '%PDF-'],
  ['image/png', 0, '\x89PNG\r\n\x1a\n'],
  ['image/jpeg', 0, '\xff\xd8\xff'],
  ['image/gif', 0, 'GIF87a'],
  ['image/gif', 0, 'GIF89a'],
  ['image/webp', 8, 'WEBP'],
  ['image/tiff', 0, 'II*\0'],
  ['image/tiff', 0, 'MM\0*'],
  ['application/dicom', 128, 'DICM'],
  ['application/zip', 0, 'PK\x03\x04'],
  ['application/gzip', 0, '\x1f\x8b\x08'],
  ['application/rtf', 0, '{\\rtf'],
  ['application/x-ole-storage', 0, '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1'],
]

/** HTML, SVG and scripts are `text/plain` here: a browser shows them and runs nothing. */
export function sniff(head: Uint8Array): MediaType {
  const found = signatures.find(([, at, text]) => [...text].every((letter, index) => head[at + index] === letter.charCodeAt(0)))
  if (found !== undefined) return found[0]
  return head.length > 0 && isText(head) ? 'text/plain' : 'application/octet-stream'
}

function isText(head: Uint8Array): boolean {
  if (head.some((byte) => byte < 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0c && byte !== 0x0d)) return false
  // The head may end within a letter, which has at most four bytes.
  return [0, 1, 2, 3].some((cut) => (cut === 0 || head.length === headLength) && utf8Text(head.subarray(0, head.length - cut)) !== undefined)
}

const endings: Readonly<Record<MediaType, string>> = {
  'application/pdf': 'pdf',
  'image/png': 'png',
  'image/jpeg': 'jpg',
  'image/gif': 'gif',
  'image/webp': 'webp',
  'image/tiff': 'tiff',
  'application/dicom': 'dcm',
  'application/zip': 'zip',
  'application/gzip': 'gz',
  'application/rtf': 'rtf',
  'application/x-ole-storage': 'bin',
  'text/plain': 'txt',
  'application/octet-stream': 'bin',
}

export function endingOf(mediaType: MediaType): string {
  return endings[mediaType]
}
