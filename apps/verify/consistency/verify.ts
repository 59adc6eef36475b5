/** Two checkpoints of one log: the later one begins with the whole earlier one. */
import { type Checkpoint, noteCharactersMax, noteCheckpoint, parseNote, readCheckpoint, type WitnessPolicy } from '../checkpoint.ts'
import type { Cryptography } from '../cryptography.ts'
import { fromBase64, same, utf8Text } from '../encoding.ts'
import type { TrustedKey } from '../keys.ts'
import { Nodes } from '../log/nodes.ts'
import type { LogSource } from '../log/source.ts'
import { checkpointPath, verifyLog } from '../log/verify.ts'
import { beginsWith, hashLength, type Tree } from '../merkle.ts'
import { CannotTell, Fault, type Run } from '../report.ts'

export interface ConsistencyQuestion {
  readonly earlier: { readonly name: string; readonly note: string }
  readonly later: { readonly name: string; readonly note: string }
  /** Where the hashes between the two come from. */
  readonly by: { readonly proof: string } | { readonly log: LogSource } | undefined
  readonly keys: readonly TrustedKey[]
  readonly policy: WitnessPolicy
  readonly cryptography: Cryptography
}

/** @returns the two, each as it was signed @throws Fault, CannotTell */
export async function verifyConsistency(run: Run, question: ConsistencyQuestion): Promise<{ earlier: Checkpoint; later: Checkpoint }> {
  const { policy } = question
  const [earlier, later] = await readBoth(run, question)
  noteCheckpoint(run, question.earlier.name, earlier, policy)
  noteCheckpoint(run, question.later.name, later, policy)
  if (earlier.origin !== later.origin) throw new Fault(question.later.name, `the checkpoints are of two logs: ${earlier.origin} and ${later.origin}`)
  if (later.size < earlier.size) throw new Fault(question.later.name, `the log went back from ${earlier.size} entries to ${later.size}`)
  if (later.size === earlier.size) {
    if (!same(later.root, earlier.root)) throw new Fault(question.later.name, `the log was forked: two different logs of ${later.size} entries were signed`)
    run.note('good', question.later.name, 'both checkpoints are of the same log')
    return { earlier, later }
  }
  if (!(await grew(earlier, later, question)))
    throw new Fault(
      'log' in (question.by ?? {}) ? 'tile' : 'proof',
      `it is not shown that the log begins with the ${earlier.size} entries of the earlier checkpoint`,
    )
  run.note('good', question.later.name, `the log grew from ${earlier.size} to ${later.size} entries, and the earlier ones are unchanged`)
  return { earlier, later }
}

/** Where no key of the reader signed one of them, the log tells which keys follow. */
async function readBoth(run: Run, question: ConsistencyQuestion): Promise<readonly [Checkpoint, Checkpoint]> {
  const { by, policy, cryptography } = question
  const under = async (keys: readonly TrustedKey[]) =>
    (await Promise.all([question.earlier, question.later].map(({ name, note }) => readCheckpoint(note, name, keys, policy, cryptography)))) as [
      Checkpoint,
      Checkpoint,
    ]
  const both = await under(question.keys)
  if (both.every(({ signed }) => signed) || by === undefined || !('log' in by)) return both
  return under((await verifyLog(run, { source: by.log, keys: question.keys, policy, cryptography })).keys)
}

/** Whether the later tree begins with the earlier one; of an empty log there is nothing to show. */
async function grew(earlier: Tree, later: Tree, { by, cryptography }: ConsistencyQuestion): Promise<boolean> {
  if (earlier.size === 0) return same(earlier.root, await cryptography.sha256(new Uint8Array(0)))
  if (by === undefined) throw new CannotTell('the sizes differ: give the proof with --proof FILE, or the log with --log DIR|URL')
  const proof = 'proof' in by ? readHashes(by.proof) : await growthIn(by.log, earlier.size, later.size, cryptography)
  return beginsWith(later, earlier, proof, cryptography)
}

/** A log that has grown meanwhile keeps the tiles of its newest state only. */
async function growthIn(log: LogSource, from: number, to: number, cryptography: Cryptography): Promise<Uint8Array[]> {
  const note = utf8Text((await log.read(checkpointPath, noteCharactersMax)) ?? new Uint8Array(0)) ?? ''
  const size = note === '' ? 0 : parseNote(note, checkpointPath).size
  return new Nodes(log, Math.max(size, to), cryptography).growth(from, to)
}

/** Hashes in base64, one a line or as a JSON list, as `GET /v1/ledger/consistency` answers. @throws Fault */
function readHashes(text: string): Uint8Array[] {
  return linesOf(text).map((line, at) => {
    const hash = fromBase64(line)
    if (hash?.length !== hashLength) throw new Fault(`proof ${at}`, 'not the base64 of a SHA-256 hash')
    return hash
  })
}

function linesOf(text: string): string[] {
  try {
    const value: unknown = JSON.parse(text)
    const list = typeof value === 'object' && value !== null && 'proof' in value ? value.proof : value
    if (Array.isArray(list)) return list.map(String)
  } catch {
    // Then it is lines.
  }
  return text.split('\n').filter((line) => line !== '')
}
