/**
 * What a page asks of the verifier: that one entry stands in a log, and that a log grew without changing. Faults have names, so
 * that a page can say them in its reader's language, and places, which are JSON pointers into what was given.
 */
import { holds, isBy, type Note, parseNote } from './checkpoint.ts'
import type { Cryptography } from './cryptography.ts'
import { fromBase64, same, toHex, utf8Text } from './encoding.ts'
import { readBody } from './entries.ts'
import { canonical } from './jcs.ts'
import { BadKeyFile, readKeys, type TrustedKey } from './keys.ts'
import { followKeys, namesKey } from './log/succession.ts'
import { beginsWith, climb, leafHash } from './merkle.ts'
import { Fault } from './report.ts'
import { NoCryptography, webCryptography } from './web-cryptography.ts'

export type FaultName =
  /** Nothing could be checked: the page was not loaded over HTTPS, or the browser has no Ed25519. */
  | 'no_cryptography'
  | 'key_malformed'
  | 'checkpoint_malformed'
  /** The checkpoint is of another log than the key. */
  | 'other_log'
  | 'not_signed'
  | 'signature_wrong'
  | 'body_malformed'
  /** The node proves something else than it shows. */
  | 'shown_otherwise'
  | 'beyond_checkpoint'
  | 'proof_malformed'
  | 'proof_length'
  /** Body, place or proof was changed: together they lead to another root than the signed one. */
  | 'root_differs'
  /** The later checkpoint is of fewer entries. */
  | 'set_back'
  /** Two checkpoints of one size with different roots. */
  | 'forked'
  /** What the earlier checkpoint covers is not what the later log begins with. */
  | 'rewritten'

export interface Refusal {
  readonly good: false
  readonly fault: FaultName
  readonly place: string
  /** In English, for whoever reads a report. */
  readonly text: string
}

/** A level of the tree, from the leaf upwards; hashes in hexadecimal. */
export interface PathStep {
  readonly left: string
  readonly right: string
  readonly parent: string
  /** Which of the two the proof brought; the other was computed. */
  readonly given: 'left' | 'right'
}

export interface Path {
  readonly leaf: string
  readonly steps: readonly PathStep[]
  /** Where the steps end. */
  readonly top: string
}

export interface OpenedCheckpoint {
  readonly good: true
  readonly origin: string
  readonly size: number
  /** Hexadecimal, as everywhere here. */
  readonly root: string
  /** The id of the key, as it stands in the verifier key. */
  readonly keyId: string
}

export interface Inclusion extends OpenedCheckpoint {
  readonly index: number
  readonly path: Path
}

export interface InclusionClaim {
  readonly index: number
  /** Base64 of the exact bytes that were hashed. */
  readonly body: string
  /** Base64, from the leaf upwards. */
  readonly proof: readonly string[]
  readonly checkpoint: string
  /** What the reader is shown as the entry: it must be what the body says. */
  readonly shown?: unknown
}

export interface GrowthClaim {
  /** The note kept from before. */
  readonly earlier: string
  readonly later: string
  /** Base64, as `ledger.consistency` gives it. */
  readonly proof: readonly string[]
}

export interface SuccessionClaim {
  readonly checkpoint: string
  /** The entries that change keys, in the order of the log, each with its proof. */
  readonly entries: readonly Pick<InclusionClaim, 'index' | 'body' | 'proof'>[]
}

export interface Succession extends OpenedCheckpoint {
  /** From the one that was asked from to the one that was asked for, each vouched for by the one before. */
  readonly keys: readonly string[]
  /** The one that signed the checkpoint of the claim. */
  readonly signer: string
}

/**
 * Whether an entry stands in the log as the checkpoint has it.
 *
 * @param key the log's verifier key, from a source that the reader trusts; of a log whose key was changed several, one a line
 * @returns a refusal keeps the path as far as it could be walked, so that it can be drawn
 */
export function verifyInclusion(claim: InclusionClaim, key: string, cryptography?: Cryptography): Promise<Inclusion | (Refusal & { readonly path?: Path })> {
  let path: Path | undefined
  return judged(cryptography, async (primitives) => {
    const { note, key: signer } = await openNote(claim.checkpoint, key, '/checkpoint', primitives)
    const body = readBytes(claim.body, '/body', 'body_malformed')
    const proof = claim.proof.map((hash, at) => readBytes(hash, `/proof/${at}`, 'proof_malformed', 32))
    inside('body_malformed', () => readBody({ index: claim.index, body }, ''))
    if (claim.shown !== undefined && textOf(claim.shown) !== utf8Text(body))
      throw new NamedFault('shown_otherwise', '/body', 'the entry that is shown is not the one that is proven')
    if (!Number.isSafeInteger(claim.index) || claim.index < 0 || claim.index >= note.size)
      throw new NamedFault('beyond_checkpoint', '/index', `the checkpoint covers ${note.size} entries, of which ${claim.index} is none`)
    const climbed = await climb(await leafHash(body, primitives), claim.index, note.size, proof, primitives)
    if (climbed === undefined)
      throw new NamedFault('proof_length', '/proof', `${proof.length} hashes do not lead to the root of a tree of ${note.size} entries`)
    path = {
      leaf: toHex(climbed.leaf),
      top: toHex(climbed.top),
      steps: climbed.steps.map(({ left, right, parent, given }) => ({ left: toHex(left), right: toHex(right), parent: toHex(parent), given })),
    }
    if (!same(climbed.top, note.root)) throw new NamedFault('root_differs', '/proof', 'body, index and proof lead to another root than the signed one')
    return { ...opened(note, signer), index: claim.index, path }
  }).then((result) => (result.good || path === undefined ? result : { ...result, path }))
}

/** Whether the later log begins with the whole earlier one. */
export function verifyGrowth(claim: GrowthClaim, key: string, cryptography?: Cryptography): Promise<OpenedCheckpoint | Refusal> {
  return judged(cryptography, async (primitives) => {
    const { note: earlier } = await openNote(claim.earlier, key, '/earlier', primitives)
    const { note: later, key: signer } = await openNote(claim.later, key, '/later', primitives)
    if (later.size < earlier.size) throw new NamedFault('set_back', '/later', `the log had ${earlier.size} entries and now has ${later.size}`)
    if (later.size === earlier.size && !same(later.root, earlier.root))
      throw new NamedFault('forked', '/later', `two different logs of ${later.size} entries were signed`)
    const proof = claim.proof.map((hash, at) => readBytes(hash, `/proof/${at}`, 'proof_malformed', 32))
    // The empty log is the beginning of every log.
    if (earlier.size > 0 && !(await beginsWith(later, earlier, proof, primitives)))
      throw new NamedFault('rewritten', '/proof', `the first ${earlier.size} entries are not shown to be what they were`)
    return opened(later, signer)
  })
}

/** Whether one key of a log follows from another: by entries of the log, in which each names the next, up to the key that signs it now. */
export function verifySuccession(claim: SuccessionClaim, from: string, to: string, cryptography?: Cryptography): Promise<Succession | Refusal> {
  return judged(cryptography, async (primitives) => {
    const known = await oneKey(from, primitives)
    const entries = claim.entries.map(({ index, body }, at) => {
      const bytes = readBytes(body, `/entries/${at}/body`, 'body_malformed')
      return inside('body_malformed', () => readBody({ index, body: bytes }, `/entries/${at}`))
    })
    const found = await followKeys(entries.filter(namesKey), [known], primitives).catch((error: unknown) =>
      inside('signature_wrong', () => {
        throw error
      }),
    )
    const last = found.at(-1)
    const place = found.findIndex(({ vkey }) => vkey === to)
    if (last === undefined || place < 0) throw new NamedFault('not_signed', '/entries', 'no entry lets the one key follow from the other')
    const { note, key } = await openNote(claim.checkpoint, last.vkey, '/checkpoint', primitives)
    for (const [at, { index, body, proof }] of claim.entries.entries()) {
      const leaf = await leafHash(readBytes(body, `/entries/${at}/body`, 'body_malformed'), primitives)
      const hashes = proof.map((hash, number) => readBytes(hash, `/entries/${at}/proof/${number}`, 'proof_malformed', 32))
      const climbed = await climb(leaf, index, note.size, hashes, primitives)
      if (climbed === undefined || !same(climbed.top, note.root))
        throw new NamedFault('root_differs', `/entries/${at}`, `entry ${index} is not shown to stand in the log`)
    }
    return { ...opened(note, key), keys: [from, ...found.slice(0, place + 1).map(({ vkey }) => vkey)], signer: last.vkey }
  })
}

/** Reads a checkpoint that the key has signed. */
export function openCheckpoint(checkpoint: string, key: string, cryptography?: Cryptography): Promise<OpenedCheckpoint | Refusal> {
  return judged(cryptography, async (primitives) => {
    const { note, key: signer } = await openNote(checkpoint, key, '/checkpoint', primitives)
    return opened(note, signer)
  })
}

/** Reads a verifier key: whose log it is of. */
export function readKey(key: string, cryptography?: Cryptography): Promise<{ readonly good: true; readonly origin: string; readonly keyId: string } | Refusal> {
  return judged(cryptography, async (primitives) => {
    const { name, id } = await oneKey(key, primitives)
    return { good: true as const, origin: name, keyId: toHex(id) }
  })
}

class NamedFault extends Error {
  readonly fault: FaultName
  readonly place: string
  constructor(fault: FaultName, place: string, text: string) {
    super(text)
    this.fault = fault
    this.place = place
  }
}

async function judged<T extends { readonly good: true }>(
  cryptography: Cryptography | undefined,
  judge: (cryptography: Cryptography) => Promise<T>,
): Promise<T | Refusal> {
  try {
    return await judge(cryptography ?? webCryptography())
  } catch (error) {
    if (error instanceof NamedFault) return { good: false, fault: error.fault, place: error.place, text: error.message }
    if (error instanceof NoCryptography) return { good: false, fault: 'no_cryptography', place: '', text: error.message }
    throw error
  }
}

/** What the other checks call a fault gets its name here. */
function inside<T>(fault: FaultName, read: () => T): T {
  try {
    return read()
  } catch (error) {
    throw error instanceof Fault ? new NamedFault(fault, error.place, error.message) : error
  }
}

async function oneKey(text: string, cryptography: Cryptography): Promise<TrustedKey> {
  const [key, more] = await keysOf(text, cryptography)
  if (more !== undefined) throw new NamedFault('key_malformed', '/key', 'more than one key was given')
  return key
}

/** The keys of one log. */
async function keysOf(text: string, cryptography: Cryptography): Promise<[TrustedKey, ...TrustedKey[]]> {
  const [first, ...more] = await readKeys(text, cryptography).catch((error: unknown) => {
    throw error instanceof BadKeyFile ? new NamedFault('key_malformed', '/key', error.message) : error
  })
  if (first === undefined || more.some(({ name }) => name !== first.name)) throw new NamedFault('key_malformed', '/key', 'keys of more than one log were given')
  return [first, ...more]
}

async function openNote(text: string, keyText: string, place: string, cryptography: Cryptography): Promise<{ note: Note; key: TrustedKey }> {
  const keys = await keysOf(keyText, cryptography)
  const note = inside('checkpoint_malformed', () => parseNote(text, place))
  if (note.origin !== keys[0].name) throw new NamedFault('other_log', place, `the checkpoint is of ${note.origin}, the key of ${keys[0].name}`)
  let signer: TrustedKey | undefined
  for (const signature of note.signatures) {
    const key = keys.find((candidate) => isBy(signature, candidate))
    if (key === undefined) continue
    if (!(await holds(signature, note.text, key, cryptography)))
      throw new NamedFault('signature_wrong', place, 'the signature does not fit: the checkpoint was changed or forged')
    signer = key
  }
  if (signer === undefined) throw new NamedFault('not_signed', place, 'the key has not signed this checkpoint')
  return { note, key: signer }
}

function opened({ origin, size, root }: Note, key: TrustedKey): OpenedCheckpoint {
  return { good: true, origin, size, root: toHex(root), keyId: toHex(key.id) }
}

function readBytes(text: string, place: string, fault: FaultName, length?: number): Uint8Array {
  const bytes = fromBase64(text)
  if (bytes === undefined) throw new NamedFault(fault, place, 'not base64 with padding')
  if (length !== undefined && bytes.length !== length) throw new NamedFault(fault, place, `${bytes.length} bytes instead of ${length}`)
  return bytes
}

function textOf(value: unknown): string | undefined {
  try {
    return canonical(value)
  } catch {
    return undefined
  }
}
