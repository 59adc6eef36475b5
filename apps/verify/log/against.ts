/**
 * Evidence that comes without its log is held against what is remembered; with the log beside it, against all of the log: which keys follow from the reader's,
 * and that the evidence stands under one of the log's own earlier states.
 */
import type { Checkpoint } from '../checkpoint.ts'
import type { Machine } from '../command/mode.ts'
import { meetMemory, rememberLog } from '../consistency/memory.ts'
import type { TrustedKey } from '../keys.ts'
import { beginsWith } from '../merkle.ts'
import { CannotTell, type Run } from '../report.ts'
import { Nodes } from './nodes.ts'
import type { LogSource } from './source.ts'
import { verifyLog } from './verify.ts'

export const againstHelp = `  --log DIR|URL  the log itself, read in full: what was checked must be a beginning of it, and keys that were changed since
                 are followed`

export interface Against {
  /** The reader's keys, and those that follow from them in the log. */
  readonly keys: readonly TrustedKey[]
  /** @param created when the evidence was made, where it says so */
  meet(checkpoint: Checkpoint, place: string, created?: string): Promise<void>
}

/** @param log what `--log` names @throws Fault, CannotTell */
export async function readAgainst(run: Run, machine: Machine, log: unknown): Promise<Against> {
  const keys = await machine.keys()
  if (typeof log !== 'string') return { keys, meet: (checkpoint, place, created) => meetMemory(run, checkpoint, place, machine.memory, created) }
  const source = machine.openLog(log)
  const { checkpoint: newest, keys: followed } = await verifyLog(run, {
    source,
    keys,
    policy: await machine.policy(),
    cryptography: machine.cryptography,
    seen: (name) => machine.memory.recall(name),
    progress: (done, total) => machine.progress(done, total, 'entries of the log'),
  })
  await rememberLog(run, newest, machine.memory)
  return { keys: followed, meet: (checkpoint, place) => holdAgainst(run, machine, { source, newest }, checkpoint, place) }
}

async function holdAgainst(
  run: Run,
  { cryptography, memory }: Machine,
  { source, newest }: { readonly source: LogSource; readonly newest: Checkpoint },
  checkpoint: Checkpoint,
  place: string,
): Promise<void> {
  if (!checkpoint.signed || !run.clean) return
  const { origin, size } = checkpoint
  if (origin !== newest.origin) throw new CannotTell(`it is of ${origin}, and --log names ${newest.origin}`, place)
  if (size > newest.size) {
    run.note('cannot_tell', place, `it covers ${size} entries, and --log names an older copy of ${newest.size}: take a newer one`)
    return meetMemory(run, checkpoint, place, memory)
  }
  if (size === 0) return
  if (await beginsWith(newest, checkpoint, await new Nodes(source, newest.size, cryptography).growth(size), cryptography))
    run.note('good', place, `the log of ${newest.size} entries begins with the ${size} that this covers`)
  else run.note('bad', place, `the log was forked: its first ${size} entries are not those that this covers`)
}
