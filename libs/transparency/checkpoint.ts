/** A checkpoint (C2SP tlog-checkpoint): origin, size and root of a log at one moment, as the text of a signed note. */
import { fromBase64, toBase64 } from '@gatehouse/crypto/bytes'
import type { Signer, Verify } from '@gatehouse/crypto/primitives'
import { assertCount, hashLength, type Sha256 } from './merkle.ts'
import { type Cosignature, type NoteKey, type NoteRefusal, openNote, signNote } from './note.ts'

export interface Checkpoint {
  /** The log's name for ever, and the name of the key that signs it. */
  readonly origin: string
  readonly size: number
  /** 32 bytes. */
  readonly root: Uint8Array
}

export function formatCheckpoint({ origin, size, root }: Checkpoint): string {
  assertCount('the size of a checkpoint', size)
  if (root.length !== hashLength) throw new RangeError(`the root of a checkpoint has ${hashLength} bytes, got ${root.length}`)
  return `${origin}\n${size}\n${toBase64(root)}\n`
}

/** `undefined` for any other form. Lines after the root are extensions: they are signed but say nothing here. */
export function parseCheckpoint(text: string): Checkpoint | undefined {
  const [origin = '', sizeText = '', rootText = '', ...more] = text.split('\n')
  const root = fromBase64(rootText)
  const size = Number(sizeText)
  if (origin === '' || !/^(?:0|[1-9][0-9]*)$/.test(sizeText) || !Number.isSafeInteger(size) || root?.length !== hashLength) return undefined
  // The text ends with a line feed, so the last piece is empty; no extension line may be.
  return more.indexOf('') === more.length - 1 && more.length > 0 ? { origin, size, root } : undefined
}

export function signCheckpoint(sha256: Sha256, checkpoint: Checkpoint, ...signers: readonly Signer[]): string {
  return signNote(
    sha256,
    formatCheckpoint(checkpoint),
    signers.map((signer) => ({ name: checkpoint.origin, signer })),
  )
}

export type OpenedCheckpoint =
  | { readonly outcome: 'opened'; readonly checkpoint: Checkpoint; readonly cosignatures: readonly Cosignature[] }
  | { readonly outcome: 'refused'; readonly reason: NoteRefusal | 'other_origin' }

/**
 * Opens the checkpoint of the log whose key this is.
 * @param key its name is the origin expected
 * @param witnesses whose cosignatures are looked for; a wrong one by any of them voids the checkpoint
 */
export function openCheckpoint(verify: Verify, note: string, key: NoteKey, witnesses: readonly NoteKey[] = []): OpenedCheckpoint {
  const opened = openNote(verify, note, [key, ...witnesses])
  if (opened.outcome === 'refused') return opened
  // A witness only repeats what the log says: without the log's own signature it speaks for nobody.
  if (!opened.signedBy.includes(key)) return { outcome: 'refused', reason: 'unknown_key' }
  const checkpoint = parseCheckpoint(opened.text)
  if (checkpoint === undefined) return { outcome: 'refused', reason: 'malformed' }
  return checkpoint.origin === key.name ? { outcome: 'opened', checkpoint, cosignatures: opened.cosignatures } : { outcome: 'refused', reason: 'other_origin' }
}
