/** What a checkpoint is held to, and what of it is kept for the next look. */
import type { Checkpoint } from '../checkpoint.ts'
import type { Memory } from '../command/memory.ts'
import { same } from '../encoding.ts'
import type { Run } from '../report.ts'

/** Of a log that was recomputed as a whole, all that was remembered is a beginning: its newest state is enough. */
export async function rememberLog(run: Run, { origin, size, root, signed }: Checkpoint, memory: Memory): Promise<void> {
  if (run.clean && signed) await memory.remember(origin, [{ size, root }])
}

/**
 * Remembers a checkpoint that came without the log, so that the next look at the whole log is held to it too. That the log grew
 * from what was remembered shows only there.
 * @param created when the evidence under the checkpoint was made, where it says so
 */
export async function meetMemory(run: Run, { origin, size, root, signed }: Checkpoint, place: string, memory: Memory, created?: string): Promise<void> {
  if (!signed || !run.clean) return
  const seen = await memory.recall(origin)
  const twin = seen.find((tree) => tree.size === size)
  if (twin !== undefined && !same(twin.root, root)) return run.note('bad', place, `the log was forked: you were shown another log of ${size} entries before`)
  const ahead = seen.findLast((tree) => tree.size > size && created !== undefined && tree.at !== undefined && tree.at < created)
  if (ahead !== undefined)
    run.note(
      'cannot_tell',
      place,
      `you were shown ${ahead.size} entries at ${ahead.at}, and what was made after that, at ${created}, covers ${size}: the log went back, or its witnesses are behind; --log DIR|URL tells which`,
    )
  if (twin === undefined) await memory.remember(origin, [...seen, { size, root }])
}
