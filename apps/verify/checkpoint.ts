/** A checkpoint and who signed it (C2SP signed-note, tlog-checkpoint and tlog-cosignature). */
import type { Cryptography } from './cryptography.ts'
import { fromBase64, join, same, utf8 } from './encoding.ts'
import type { TrustedKey } from './keys.ts'
import { Fault, type Run } from './report.ts'

/** How many of which witnesses must have cosigned. */
export interface WitnessPolicy {
  readonly witnesses: readonly TrustedKey[]
  readonly quorum: number
}

export const noWitnesses: WitnessPolicy = { witnesses: [], quorum: 0 }

export interface Cosignature {
  readonly name: string
  /** When the witness signed, as an instant. */
  readonly at: string
}

export interface Checkpoint {
  readonly origin: string
  readonly size: number
  readonly root: Uint8Array
  /** False when no key of the reader is among the signers: then nobody vouches for the root. */
  readonly signed: boolean
  /** Which of the reader's keys signed. */
  readonly signedBy: readonly TrustedKey[]
  readonly cosignatures: readonly Cosignature[]
}

/** Larger notes are not read. */
export const noteCharactersMax = 64 * 1024
/** Each costs a signature to check. */
const signaturesMax = 64

/** @throws Fault for a malformed note, or a wrong signature under a known key, which voids the note though others be right */
export async function readCheckpoint(
  note: string,
  place: string,
  keys: readonly TrustedKey[],
  { witnesses }: WitnessPolicy,
  cryptography: Cryptography,
): Promise<Checkpoint> {
  const { text, origin, size, root, signatures } = parseNote(note, place)
  const signedBy: TrustedKey[] = []
  const cosignatures = new Map<TrustedKey, Cosignature>()
  for (const signature of signatures) {
    const key = keys.find((candidate) => !candidate.witness && candidate.name === origin && isBy(signature, candidate))
    const witness = witnesses.find((candidate) => isBy(signature, candidate))
    if (key !== undefined) {
      if (!(await holds(signature, text, key, cryptography)))
        throw new Fault(place, `the signature of ${key.name} is wrong: the checkpoint was changed or forged`)
      signedBy.push(key)
    } else if (witness !== undefined) {
      const at = await cosigned(signature, text, witness, cryptography)
      if (at === undefined) throw new Fault(place, `the cosignature of ${witness.name} is wrong: the checkpoint was changed or forged`)
      cosignatures.set(witness, { name: witness.name, at })
    }
  }
  return { origin, size, root, signed: signedBy.length > 0, signedBy, cosignatures: [...cosignatures.values()] }
}

/** Says who signed and who cosigned, and holds the cosignatures against the policy. */
export function noteCheckpoint(
  run: Run,
  place: string,
  { origin, size, signed, cosignatures }: Checkpoint,
  { witnesses, quorum }: WitnessPolicy,
  signer = 'a key in the key file',
): void {
  if (signed) run.note('good', place, `the checkpoint of ${origin} over ${size} entries is signed by ${signer}`)
  else run.note('cannot_tell', place, `no key in the key file signed this checkpoint of ${origin}`)
  if (witnesses.length === 0) return
  const found = `${cosignatures.length} of the ${witnesses.length} witnesses cosigned`
  const told = cosignatures.length === 0 ? found : `${found}: ${cosignatures.map(({ name, at }) => `${name} at ${at}`).join(', ')}`
  run.note(cosignatures.length >= quorum ? 'good' : 'bad', place, cosignatures.length >= quorum ? told : `${told}; ${quorum} are demanded`)
}

export interface NoteSignature {
  readonly name: string
  /** Four bytes of key id, then the signature itself. */
  readonly bytes: Uint8Array
}

export interface SignedNote {
  /** What is signed. */
  readonly text: string
  readonly signatures: readonly NoteSignature[]
}

export interface Note extends SignedNote {
  readonly origin: string
  readonly size: number
  readonly root: Uint8Array
}

/** @throws Fault where this is no signed note of a checkpoint: origin, size and root */
export function parseNote(note: string, at: string): Note {
  const { text, signatures } = parseSignedNote(note, at)
  const [origin = '', size = '', root = ''] = text.split('\n')
  const rootBytes = fromBase64(root)
  if (!/^(?:0|[1-9]\d*)$/.test(size) || !Number.isSafeInteger(Number(size)) || rootBytes?.length !== 32)
    throw new Fault(at, 'the size or the root is malformed')
  return { text, signatures, origin, size: Number(size), root: rootBytes }
}

/** @throws Fault where this is no signed note of lines without an empty one */
export function parseSignedNote(note: string, at: string): SignedNote {
  if (note.length > noteCharactersMax) throw new Fault(at, `the note is longer than ${noteCharactersMax} characters`)
  const blank = note.lastIndexOf('\n\n')
  const text = note.slice(0, blank + 1)
  // The text ends with a line feed, so the last piece is empty; no line before it may be.
  const pieces = text.split('\n')
  if (blank < 1 || !note.endsWith('\n') || pieces.indexOf('') !== pieces.length - 1) throw new Fault(at, 'not a signed note')
  if (/[^\P{Control}\n]/u.test(note)) throw new Fault(at, 'the note holds a control character')
  const lines = note.slice(blank + 2, -1).split('\n')
  if (lines.length > signaturesMax) throw new Fault(at, `the note has more than ${signaturesMax} signatures`)
  const signatures = lines.map((line) => {
    const [, name, base64 = ''] = /^— ([^\s+]+) (\S+)$/.exec(line) ?? []
    const bytes = fromBase64(base64)
    if (name === undefined || bytes === undefined || bytes.length < 5) throw new Fault(at, 'a signature line is malformed')
    return { name, bytes }
  })
  return { text, signatures }
}

export function isBy({ name, bytes }: NoteSignature, key: TrustedKey): boolean {
  return name === key.name && same(bytes.subarray(0, 4), key.id)
}

export async function holds({ bytes }: NoteSignature, text: string, key: TrustedKey, cryptography: Cryptography): Promise<boolean> {
  return bytes.length === 68 && (await cryptography.verifyEd25519(key.publicKey, utf8(text), bytes.subarray(4)))
}

/** The time that a witness stated with its signature; `undefined` where the signature does not hold. */
async function cosigned({ bytes }: NoteSignature, text: string, key: TrustedKey, cryptography: Cryptography): Promise<string | undefined> {
  if (bytes.length !== 76) return undefined
  const seconds = new DataView(bytes.buffer, bytes.byteOffset + 4, 8).getBigUint64(0)
  const at = new Date(Number(seconds) * 1000)
  if (Number.isNaN(at.getTime())) return undefined
  const message = join(utf8(`cosignature/v1\ntime ${seconds}\n`), utf8(text))
  return (await cryptography.verifyEd25519(key.publicKey, message, bytes.subarray(12))) ? at.toISOString() : undefined
}
