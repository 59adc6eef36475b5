/** One entry, its proof file, and nothing else. */
import { type Checkpoint, noteCheckpoint, readCheckpoint, type WitnessPolicy } from '../checkpoint.ts'
import type { Cryptography } from '../cryptography.ts'
import { same } from '../encoding.ts'
import { readBody } from '../entries.ts'
import type { TrustedKey } from '../keys.ts'
import { climb, leafHash } from '../merkle.ts'
import { Fault, type Run } from '../report.ts'
import { readProofFile } from './read.ts'

export interface ProofQuestion {
  readonly proof: string
  /** The exact bytes of the entry. */
  readonly entry: Uint8Array
  readonly keys: readonly TrustedKey[]
  readonly policy: WitnessPolicy
  readonly cryptography: Cryptography
  readonly raw?: boolean
}

/** @throws Fault, CannotTell */
export async function verifyProof(run: Run, { proof: text, entry, keys, policy, cryptography, raw }: ProofQuestion): Promise<Checkpoint> {
  const { index, proof, checkpoint: note } = readProofFile(text, 'proof')
  const checkpoint = await readCheckpoint(note, 'proof checkpoint', keys, policy, cryptography)
  noteCheckpoint(run, 'proof checkpoint', checkpoint, policy)
  if (index >= checkpoint.size) throw new Fault('proof', `the checkpoint covers ${checkpoint.size} entries, of which ${index} is none`)
  const climbed = await climb(await leafHash(entry, cryptography), index, checkpoint.size, proof, cryptography)
  if (climbed === undefined) throw new Fault('proof', `${proof.length} hashes do not lead to the root of a tree of ${checkpoint.size} entries`)
  if (!same(climbed.top, checkpoint.root)) throw new Fault('proof', 'entry, index and proof lead to another root than the signed one: one of them was changed')
  run.note('good', 'proof', `the entry stands at ${index} in the log`)
  if (raw === true) return checkpoint
  const { type, at } = readBody({ index, body: entry }, 'entry', 'entry')
  run.note('good', 'entry', `it is canonical: ${type} at ${at}`)
  return checkpoint
}
