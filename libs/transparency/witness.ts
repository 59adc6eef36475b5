/**
 * What a witness says to a checkpoint (C2SP tlog-witness, add-checkpoint). Pure: the latest checkpoint it cosigned comes in, and its
 * answer goes out. Whoever runs one keeps the new checkpoint durably, and in one step with the look at the old one, before answering.
 */
import { fromBase64, toBase64 } from '@gatehouse/crypto/bytes'
import type { Verify } from '@gatehouse/crypto/primitives'
import { type Checkpoint, openCheckpoint, parseCheckpoint } from './checkpoint.ts'
import { emptyRoot, equalHashes, hashLength, type Sha256 } from './merkle.ts'
import { type NoteKey, noteText } from './note.ts'
import { verifyConsistency } from './proof.ts'

const proofMax = 63

export interface AddCheckpoint {
  /** The size that the witness is thought to have cosigned last; 0 for none. */
  readonly oldSize: number
  readonly proof: readonly Uint8Array[]
  readonly note: string
}

export function formatAddCheckpoint({ oldSize, proof, note }: AddCheckpoint): string {
  return `${[`old ${oldSize}`, ...proof.map(toBase64)].join('\n')}\n\n${note}`
}

/** `undefined` for any other form. */
export function parseAddCheckpoint(body: string): AddCheckpoint | undefined {
  const blank = body.indexOf('\n\n')
  const [first = '', ...lines] = body.slice(0, Math.max(0, blank)).split('\n')
  const [, digits] = /^old (0|[1-9][0-9]*)$/.exec(first) ?? []
  const oldSize = Number(digits)
  const proof = lines.map(fromBase64)
  if (digits === undefined || !Number.isSafeInteger(oldSize) || proof.length > proofMax) return undefined
  return proof.every((hash): hash is Uint8Array => hash?.length === hashLength) ? { oldSize, proof, note: body.slice(blank + 2) } : undefined
}

/** With the HTTP status that the protocol gives each. */
export type Judgement =
  | { readonly status: 200; readonly checkpoint: Checkpoint; readonly text: string }
  /** `latest` is the size cosigned last; a caller that was behind asks again from there. */
  | { readonly status: 409; readonly latest: number }
  | { readonly status: 400 | 403 | 404 | 422 }

/** @param logs the keys of the logs that are witnessed; a key's name is its log's origin */
export function judgeCheckpoint(
  sha256: Sha256,
  verify: Verify,
  body: string,
  logs: readonly NoteKey[],
  latestOf: (origin: string) => { readonly size: number; readonly root: Uint8Array } | undefined,
): Judgement {
  const request = parseAddCheckpoint(body)
  const text = request === undefined ? undefined : noteText(request.note)
  const claimed = text === undefined ? undefined : parseCheckpoint(text)
  if (request === undefined || text === undefined || claimed === undefined) return { status: 400 }
  const known = logs.filter((log) => log.name === claimed.origin)
  if (known.length === 0) return { status: 404 }
  const opened = known.map((log) => openCheckpoint(verify, request.note, log)).find(({ outcome }) => outcome === 'opened')
  if (opened?.outcome !== 'opened') return { status: 403 }
  const { checkpoint } = opened
  const { oldSize, proof } = request
  if (oldSize > checkpoint.size) return { status: 400 }
  const latest = latestOf(checkpoint.origin)
  if (oldSize !== (latest?.size ?? 0)) return { status: 409, latest: latest?.size ?? 0 }
  const oldRoot = latest?.root ?? emptyRoot(sha256)
  if (oldSize === checkpoint.size && !equalHashes(oldRoot, checkpoint.root)) return { status: 409, latest: oldSize }
  const consistent =
    oldSize === 0 || oldSize === checkpoint.size
      ? proof.length === 0
      : verifyConsistency(sha256, { oldSize, newSize: checkpoint.size, oldRoot, newRoot: checkpoint.root }, proof)
  return consistent ? { status: 200, checkpoint, text } : { status: 422 }
}
