/** The crate as a BagIt bag (RFC 8493) in a zip, with the seal beside the manifest that it is over. Nothing is compressed, so that a reader needs no more than the table of contents. */
import { createHash } from 'node:crypto'
import type { Readable } from 'node:stream'
import { toHex, utf8 } from '@gatehouse/crypto/bytes'
import { ZipFile } from 'yazl'

const sha512 = (bytes: Uint8Array): string => toHex(createHash('sha512').update(bytes).digest())
const manifestOf = (files: ReadonlyMap<string, Uint8Array>): string => [...files].map(([path, bytes]) => `${sha512(bytes)}  ${path}\n`).join('')

export interface Bag {
  /** Of the folder that all lies in. */
  readonly name: string
  /** The bag as such, a UUID. */
  readonly id: string
  readonly payload: ReadonlyMap<string, string>
  readonly at: Date
}

/** @param seal the text that vouches for the payload's manifest */
export async function bagged({ name, id, payload, at }: Bag, seal: (manifest: Uint8Array) => Promise<string>): Promise<AsyncIterable<Uint8Array>> {
  const data = new Map([...payload].map(([path, text]) => [`data/${path}`, utf8(text)]))
  const manifest = utf8(manifestOf(data))
  const size = [...data.values()].reduce((sum, bytes) => sum + bytes.length, 0)
  const tags = new Map([
    ['bagit.txt', utf8('BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n')],
    ['bag-info.txt', utf8(`External-Identifier: urn:uuid:${id}\nBagging-Date: ${at.toISOString().slice(0, 10)}\nPayload-Oxum: ${size}.${data.size}\n`)],
    ['manifest-sha512.txt', manifest],
    ['seal.txt', utf8(await seal(manifest))],
  ])
  const zip = new ZipFile()
  for (const [path, bytes] of [...tags, ['tagmanifest-sha512.txt', utf8(manifestOf(tags))] as const, ...data]) {
    zip.addBuffer(Buffer.from(bytes), `${name}/${path}`, { mtime: at, compress: false })
  }
  zip.end()
  return zip.outputStream as Readable
}
