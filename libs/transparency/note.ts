/**
 * Signed notes (C2SP signed-note): a text, a blank line, and one line for each signature. Name and key id on a line are
 * hints; what counts is a key the reader already has. Ed25519 only (type 0x01).
 */
import { concat, fromBase64, fromHex, toBase64, toHex, utf8 } from '@gatehouse/crypto/bytes'
import type { Signer, Verify } from '@gatehouse/crypto/primitives'
import type { Sha256 } from './merkle.ts'

const ed25519 = 0x01
const publicKeyLength = 32
const keyIdLength = 4
const signatureLength = 64
const signaturesMax = 64

export interface NoteKey {
  readonly name: string
  /** 4 bytes: SHA-256(name ‖ LF ‖ 0x01 ‖ public key), cut. */
  readonly id: Uint8Array
  /** 32 bytes. */
  readonly publicKey: Uint8Array
}

/** @throws RangeError for a name that a note cannot carry, or a key that is not 32 bytes */
export function noteKey(sha256: Sha256, name: string, publicKey: Uint8Array): NoteKey {
  if (!isKeyName(name)) throw new RangeError(`a key name is not empty and has no white space and no "+", got ${JSON.stringify(name)}`)
  if (publicKey.length !== publicKeyLength) throw new RangeError(`an Ed25519 key has ${publicKeyLength} bytes, got ${publicKey.length}`)
  return { name, id: sha256(concat(utf8(`${name}\n`), Uint8Array.of(ed25519), publicKey)).slice(0, keyIdLength), publicKey }
}

/** The verifier key as text: `<name>+<key id in hex>+<base64(0x01 ‖ public key)>`. */
export function formatNoteKey({ name, id, publicKey }: NoteKey): string {
  return `${name}+${toHex(id)}+${toBase64(concat(Uint8Array.of(ed25519), publicKey))}`
}

/** `undefined` for another form, another key type, or an id that does not belong to the name and key. */
export function parseNoteKey(sha256: Sha256, text: string): NoteKey | undefined {
  const [name, idText, keyText, ...more] = text.split('+')
  // Base64 may hold a "+" itself, so the rest belongs together.
  const id = fromHex(idText ?? '')
  const bytes = fromBase64([keyText ?? '', ...more].join('+'))
  if (name === undefined || !isKeyName(name) || id === undefined || bytes?.length !== 1 + publicKeyLength || bytes[0] !== ed25519) return undefined
  const key = noteKey(sha256, name, bytes.slice(1))
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
  const lines = signers.map(({ name, signer }) => `— ${name} ${toBase64(concat(noteKey(sha256, name, signer.publicKey).id, signer.sign(message)))}\n`)
  return `${text}\n${lines.join('')}`
}

export type NoteRefusal = 'malformed' | 'bad_signature' | 'unknown_key'

export type OpenedNote =
  | { readonly outcome: 'opened'; readonly text: string; readonly signedBy: readonly NoteKey[] }
  /** `bad_signature`: a known key is named and its signature is wrong. `unknown_key`: no signature is by a known key. */
  | { readonly outcome: 'refused'; readonly reason: NoteRefusal }

/** Opens a note for somebody who trusts these keys. Signatures by other keys are ignored. */
export function openNote(verify: Verify, note: string, keys: readonly NoteKey[]): OpenedNote {
  const parts = splitNote(note)
  if (parts === undefined) return refused('malformed')
  const message = utf8(parts.text)
  const signedBy = new Set<NoteKey>()
  for (const line of parts.signatures) {
    const key = keys.find((candidate) => candidate.name === line.name && sameBytes(candidate.id, line.keyId))
    if (key === undefined) continue
    if (line.signature.length !== signatureLength || !verify(key.publicKey, message, line.signature)) return refused('bad_signature')
    signedBy.add(key)
  }
  return signedBy.size === 0 ? refused('unknown_key') : { outcome: 'opened', text: parts.text, signedBy: [...signedBy] }
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
