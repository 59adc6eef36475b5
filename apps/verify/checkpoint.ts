/** Keys from outside the bundle, and the checkpoint they must have signed (C2SP signed-note and tlog-checkpoint). */
import { Fault } from './bundle.ts'
import type { Cryptography } from './cryptography.ts'
import { fromBase64, join, same, toHex, utf8 } from './encoding.ts'

export interface TrustedKey {
  readonly name: string
  readonly id: Uint8Array
  readonly publicKey: Uint8Array
}

/** The key file itself cannot be used. */
export class BadKeyFile extends Error {}

/** One verifier key a line; empty lines and lines that begin with `#` are passed over. */
export async function readKeys(text: string, cryptography: Cryptography): Promise<TrustedKey[]> {
  const keys: TrustedKey[] = []
  for (const [at, raw] of text.split('\n').entries()) {
    const line = raw.trim()
    if (line === '' || line.startsWith('#')) continue
    const [, name = '', id = '', base64 = ''] = /^([^\s+]+)\+([0-9a-f]{8})\+(\S+)$/.exec(line) ?? []
    const typed = fromBase64(base64)
    if (typed?.length !== 33 || typed[0] !== 1) throw new BadKeyFile(`line ${at + 1} of the key file is no Ed25519 key of the form name+keyid+base64`)
    const digest = await cryptography.sha256(join(utf8(`${name}\n`), typed))
    if (toHex(digest.subarray(0, 4)) !== id) throw new BadKeyFile(`line ${at + 1} of the key file: the key id does not belong to this name and key`)
    keys.push({ name, id: digest.slice(0, 4), publicKey: typed.slice(1) })
  }
  if (keys.length === 0) throw new BadKeyFile('the key file names no key')
  return keys
}

export interface Checkpoint {
  readonly size: number
  readonly root: Uint8Array
  /** False when no key in the key file is among the signers: then nobody vouches for the root. */
  readonly signed: boolean
}

const place = '/log/checkpoint'

/** @throws Fault for a malformed note, another origin, or a wrong signature under a known key */
export async function readCheckpoint(note: string, origin: string, keys: readonly TrustedKey[], cryptography: Cryptography): Promise<Checkpoint> {
  const { text, origin: named, size, root, signatures } = parseNote(note, place)
  if (named !== origin) throw new Fault(place, `the checkpoint is of ${JSON.stringify(named)}, the bundle of ${JSON.stringify(origin)}`)
  let signed = false
  for (const signature of signatures) {
    const key = keys.find((candidate) => candidate.name === origin && isBy(signature, candidate))
    if (key === undefined) continue
    if (!(await holds(signature, text, key, cryptography)))
      throw new Fault(place, `the signature of ${key.name} is wrong: the checkpoint was changed or forged`)
    signed = true
  }
  return { size, root, signed }
}

export interface NoteSignature {
  readonly name: string
  /** Four bytes of key id, then the signature itself. */
  readonly bytes: Uint8Array
}

export interface Note {
  /** What is signed. */
  readonly text: string
  readonly origin: string
  readonly size: number
  readonly root: Uint8Array
  readonly signatures: readonly NoteSignature[]
}

/** @throws Fault where this is no signed note with origin, size and root */
export function parseNote(note: string, at: string): Note {
  const blank = note.lastIndexOf('\n\n')
  const text = note.slice(0, blank + 1)
  const [origin = '', size = '', root = '', ...more] = text.split('\n')
  const rootBytes = fromBase64(root)
  if (blank < 0 || !note.endsWith('\n') || more.at(-1) !== '') throw new Fault(at, 'not a signed note')
  if (!/^(?:0|[1-9]\d*)$/.test(size) || !Number.isSafeInteger(Number(size)) || rootBytes?.length !== 32)
    throw new Fault(at, 'the size or the root is malformed')
  const signatures = note
    .slice(blank + 2, -1)
    .split('\n')
    .map((line) => {
      const [, name, base64 = ''] = /^— ([^\s+]+) (\S+)$/.exec(line) ?? []
      const bytes = fromBase64(base64)
      if (name === undefined || bytes === undefined || bytes.length < 5) throw new Fault(at, 'a signature line is malformed')
      return { name, bytes }
    })
  return { text, origin, size: Number(size), root: rootBytes, signatures }
}

export function isBy({ name, bytes }: NoteSignature, key: TrustedKey): boolean {
  return name === key.name && same(bytes.subarray(0, 4), key.id)
}

export async function holds({ bytes }: NoteSignature, text: string, key: TrustedKey, cryptography: Cryptography): Promise<boolean> {
  return bytes.length === 68 && (await cryptography.verifyEd25519(key.publicKey, utf8(text), bytes.subarray(4)))
}
