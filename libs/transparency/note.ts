/**
 * Signed notes (C2SP signed-note): a text, a blank line, and one line for each signature. Name and key id on a line are
 * hints; what counts is a key the reader already has. Ed25519 signatures of logs (type 0x01) and time-stamped Ed25519 cosignatures of
 * witnesses (type 0x04, C2SP tlog-cosignature). Keys of other types, such as ML-DSA-44 (0x06), are unknown keys: their lines are ignored.
 */
import { concat, fromBase64, fromHex, toBase64, toHex, utf8 } from '@gatehouse/crypto/bytes'
import type { Signer, Verify } from '@gatehouse/crypto/primitives'
import type { Sha256 } from './merkle.ts'

const typeBytes = { ed25519: 0x01, cosignature: 0x04 } as const
export type NoteKeyType = keyof typeof typeBytes

const publicKeyLength = 32
const keyIdLength = 4
const signatureLength = 64
const timeLength = 8
const signaturesMax = 64

export interface NoteKey {
  readonly name: string
  readonly type: NoteKeyType
  /** 4 bytes: SHA-256(name ‖ LF ‖ type ‖ public key), cut. */
  readonly id: Uint8Array
  /** 32 bytes. */
  readonly publicKey: Uint8Array
}

/** @throws RangeError for a name that a note cannot carry, or a key that is not 32 bytes */
export function noteKey(sha256: Sha256, name: string, publicKey: Uint8Array, type: NoteKeyType = 'ed25519'): NoteKey {
  if (!isKeyName(name)) throw new RangeError(`a key name is not empty and has no white space and no "+", got ${JSON.stringify(name)}`)
  if (publicKey.length !== publicKeyLength) throw new RangeError(`an Ed25519 key has ${publicKeyLength} bytes, got ${publicKey.length}`)
  return { name, type, id: sha256(concat(utf8(`${name}\n`), Uint8Array.of(typeBytes[type]), publicKey)).slice(0, keyIdLength), publicKey }
}

/** The verifier key as text: `<name>+<key id in hex>+<base64(type ‖ public key)>`. */
export function formatNoteKey({ name, type, id, publicKey }: NoteKey): string {
  return `${name}+${toHex(id)}+${toBase64(concat(Uint8Array.of(typeBytes[type]), publicKey))}`
}

/** `undefined` for another form, another key type, or an id that does not belong to the name and key. */
export function parseNoteKey(sha256: Sha256, text: string): NoteKey | undefined {
  const [name, idText, keyText, ...more] = text.split('+')
  // Base64 may hold a "+" itself, so the rest belongs together.
  const id = fromHex(idText ?? '')
  const bytes = fromBase64([keyText ?? '', ...more].join('+'))
  if (name === undefined || !isKeyName(name) || id === undefined || bytes?.length !== 1 + publicKeyLength) return undefined
  const type = (Object.keys(typeBytes) as NoteKeyType[]).find((known) => typeBytes[known] === bytes[0])
  if (type === undefined) return undefined
  const key = noteKey(sha256, name, bytes.slice(1), type)
  return sameBytes(key.id, id) ? key : undefined
}

export interface NoteSigner {
  readonly name: string
  readonly signer: Signer
}

/** @param text ends with a line feed and has no control characters besides line feeds */
export function signNote(sha256: Sha256, text: string, signers: readonly NoteSigner[]): string {
  if (!isNoteText(text)) throw new RangeError('the text of a note ends with a line feed and has no other control characters')
  const message = utf8(text)
  return `${text}\n${signers.map(({ name, signer }) => signatureLine(noteKey(sha256, name, signer.publicKey), signer.sign(message))).join('')}`
}

const signatureLine = ({ name, id }: NoteKey, signature: Uint8Array) => `— ${name} ${toBase64(concat(id, signature))}\n`

/**
 * The line by which a witness says that at this moment the checkpoint is the largest consistent one it has seen of the log.
 * @param text the checkpoint without its signatures
 * @param seconds POSIX time
 */
export function cosign(sha256: Sha256, text: string, { name, signer }: NoteSigner, seconds: number): string {
  if (!isNoteText(text)) throw new RangeError('the text of a note ends with a line feed and has no other control characters')
  if (!Number.isSafeInteger(seconds) || seconds < 0) throw new RangeError(`a time is a whole number of seconds, got ${seconds}`)
  const signature = signer.sign(cosignedMessage(text, String(seconds)))
  return signatureLine(noteKey(sha256, name, signer.publicKey, 'cosignature'), concat(u64(seconds), signature))
}

const cosignedMessage = (text: string, seconds: string) => utf8(`cosignature/v1\ntime ${seconds}\n${text}`)

function u64(value: number): Uint8Array {
  const bytes = new Uint8Array(timeLength)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(value))
  return bytes
}

/** The note with further signature lines, each once. */
export function withSignatures(note: string, lines: readonly string[]): string {
  return note + [...new Set(lines)].filter((line) => !note.includes(`\n${line}`)).join('')
}

export type NoteRefusal = 'malformed' | 'bad_signature' | 'unknown_key'

export type OpenedNote =
  | {
      readonly outcome: 'opened'
      readonly text: string
      readonly signedBy: readonly NoteKey[]
      /** What witnesses among the keys have cosigned, and when (POSIX seconds); `line` as it stands in the note. */
      readonly cosignatures: readonly Cosignature[]
    }
  /** `bad_signature`: a known key is named and its signature is wrong. `unknown_key`: no signature is by a known key. */
  | { readonly outcome: 'refused'; readonly reason: NoteRefusal }

export interface Cosignature {
  readonly key: NoteKey
  readonly seconds: number
  readonly line: string
}

/** Opens a note for somebody who trusts these keys. Signatures by other keys are ignored. */
export function openNote(verify: Verify, note: string, keys: readonly NoteKey[]): OpenedNote {
  const parts = splitNote(note)
  if (parts === undefined) return refused('malformed')
  const message = utf8(parts.text)
  const signedBy = new Set<NoteKey>()
  const cosignatures: Cosignature[] = []
  for (const line of parts.signatures) {
    const key = keys.find((candidate) => candidate.name === line.name && sameBytes(candidate.id, line.keyId))
    if (key === undefined) continue
    if (key.type === 'ed25519') {
      if (line.signature.length !== signatureLength || !verify(key.publicKey, message, line.signature)) return refused('bad_signature')
    } else {
      const seconds = cosignedAt(verify, parts.text, key, line.signature)
      if (seconds === undefined) return refused('bad_signature')
      cosignatures.push({ key, seconds, line: signatureLine(key, line.signature) })
    }
    signedBy.add(key)
  }
  return signedBy.size === 0 ? refused('unknown_key') : { outcome: 'opened', text: parts.text, signedBy: [...signedBy], cosignatures }
}

/** The time that a good cosignature names. */
function cosignedAt(verify: Verify, text: string, key: NoteKey, signature: Uint8Array): number | undefined {
  if (signature.length !== timeLength + signatureLength) return undefined
  const seconds = new DataView(signature.buffer, signature.byteOffset).getBigUint64(0)
  // The standard allows up to 2^63 - 1; beyond 2^53 - 1 a number is not exact, and no such moment will come.
  if (seconds > BigInt(Number.MAX_SAFE_INTEGER)) return undefined
  return verify(key.publicKey, cosignedMessage(text, String(seconds)), signature.subarray(timeLength)) ? Number(seconds) : undefined
}

/** The text that is signed, without its signatures; `undefined` for what is no note. */
export function noteText(note: string): string | undefined {
  return splitNote(note)?.text
}

interface SignatureLine {
  readonly name: string
  readonly keyId: Uint8Array
  readonly signature: Uint8Array
}

function splitNote(note: string): { text: string; signatures: SignatureLine[] } | undefined {
  // The last blank line parts text and signatures: the text may hold blank lines too.
  const blank = note.lastIndexOf('\n\n')
  if (blank < 0 || !note.endsWith('\n')) return undefined
  const text = note.slice(0, blank + 1)
  const lines = note.slice(blank + 2, -1).split('\n')
  if (!isNoteText(text) || lines.length > signaturesMax) return undefined
  const signatures: SignatureLine[] = []
  for (const line of lines) {
    const [, name = '', base64 = ''] = /^— (\S+) (\S+)$/.exec(line) ?? []
    const bytes = fromBase64(base64)
    if (!isKeyName(name) || bytes === undefined || bytes.length <= keyIdLength) return undefined
    signatures.push({ name, keyId: bytes.subarray(0, keyIdLength), signature: bytes.subarray(keyIdLength) })
  }
  return { text, signatures }
}

/** A lone surrogate has no UTF-8 form: encoding would silently put another character in its place. */
const notAllowed = /(?!\n)[\p{Surrogate}\p{Control}]/u

function isNoteText(text: string): boolean {
  return text.endsWith('\n') && !notAllowed.test(text)
}

function isKeyName(name: string): boolean {
  return /^[^\s+]+$/.test(name) && !notAllowed.test(name)
}

function sameBytes(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && left.every((byte, at) => byte === right[at])
}

function refused(reason: NoteRefusal): OpenedNote {
  return { outcome: 'refused', reason }
}
