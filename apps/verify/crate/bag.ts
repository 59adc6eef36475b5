/** The bag (RFC 8493): every file is in a manifest with its digest, and no manifest names one that is not there. */
import type { Cryptography } from '../cryptography.ts'
import { toHex, utf8Text } from '../encoding.ts'
import { CannotTell, Fault } from '../report.ts'

export interface Bag {
  /** By their path below `data/`. */
  readonly payload: ReadonlyMap<string, Uint8Array>
  readonly manifest: Uint8Array
  readonly seal: string
}

const [manifestName, tagManifestName] = ['manifest-sha512.txt', 'tagmanifest-sha512.txt']
const tagNames = ['bagit.txt', 'bag-info.txt', manifestName, 'seal.txt'] as const

/** @throws Fault with the file that is wrong, CannotTell for what is no bag */
export async function readBag(files: ReadonlyMap<string, Uint8Array>, cryptography: Cryptography): Promise<Bag> {
  const [folder = ''] = [...files.keys()].map((path) => path.slice(0, path.indexOf('/') + 1))
  if (![...files.keys()].every((path) => path.startsWith(folder)) || !files.has(`${folder}bagit.txt`))
    throw new CannotTell('the zip is not one folder with a bag in it')
  const inside = new Map([...files].map(([path, bytes]) => [path.slice(folder.length), bytes]))
  const payload = new Map([...inside].filter(([path]) => path.startsWith('data/')))
  const tags = new Map([...inside].filter(([path]) => !path.startsWith('data/')))
  const tagManifest = tags.get(tagManifestName)
  tags.delete(tagManifestName)
  const manifest = tags.get(manifestName)
  if (manifest === undefined || tagManifest === undefined) throw new CannotTell('the bag has no manifest of SHA-512, or none of its tags')
  for (const path of tags.keys())
    if (!(tagNames as readonly string[]).includes(path)) throw new Fault(path, 'the bag has a file that does not belong to this format')
  await holds(tags, tagManifestName, tagManifest, cryptography)
  await holds(payload, manifestName, manifest, cryptography)
  const seal = utf8Text(tags.get('seal.txt') ?? new Uint8Array(0)) ?? ''
  return { payload: new Map([...payload].map(([path, bytes]) => [path.slice('data/'.length), bytes])), manifest, seal }
}

async function holds(files: ReadonlyMap<string, Uint8Array>, name: string, manifest: Uint8Array, { sha512 }: Cryptography): Promise<void> {
  const text = utf8Text(manifest) ?? ''
  const lines = text.split('\n')
  if (lines.pop() !== '') throw new Fault(name, 'the manifest does not end with a line')
  const listed = new Map<string, string>()
  for (const line of lines) {
    const [, digest, path] = /^([0-9a-f]{128}) {2}(\S+)$/.exec(line) ?? []
    if (digest === undefined || path === undefined || listed.has(path)) throw new Fault(name, 'a line of the manifest is none, or names a file again')
    listed.set(path, digest)
  }
  for (const path of listed.keys()) if (!files.has(path)) throw new Fault(path, `${name} names the file, and it is not there`)
  for (const [path, bytes] of files) {
    const digest = listed.get(path)
    if (digest === undefined) throw new Fault(path, `the file is in no line of ${name}`)
    if (toHex(await sha512(bytes)) !== digest) throw new Fault(path, `the file is not the one that ${name} names: it was changed`)
  }
}
