/** What one checkpoint alone can be held to: that it does not contradict another of the same size. */
import type { Checkpoint } from '../checkpoint.ts'
import type { Memory } from '../command/memory.ts'
import { same } from '../encoding.ts'
import type { Run } from '../report.ts'

/**
 * Remembers a checkpoint that came without the log, so that the next look at the whole log is held to it too. That the log grew
 * from what was remembered shows only there.
 */
export async function meetMemory(run: Run, { origin, size, root, signed }: Checkpoint, place: string, memory: Memory): Promise<void> {
  if (!signed || !run.clean) return
  const seen = await memory.recall(origin)
  const twin = seen.find((tree) => tree.size === size)
  if (twin === undefined) await memory.remember(origin, [...seen, { size, root }])
  else if (!same(twin.root, root)) run.note('bad', place, `the log was forked: you were shown another log of ${size} entries before`)
}
