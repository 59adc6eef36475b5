/** The process in which a linkage unit compares: apart from the node, so that its memory and time are bounded. */
import { extname, join } from 'node:path'
import { startBounded } from '@gatehouse/runtime/work/bounded-process'
import type { CompareTask } from './compare.ts'

const bounds = { memoryMb: 2_048, heapMb: 1_024, taskMs: 20 * 60_000 }

/** @throws ProcessFault, whose reason is a code of linkage where it was linkage that refused */
export async function compareInProcess(task: CompareTask): Promise<Int32Array> {
  const child = startBounded(join(import.meta.dirname, `comparer${extname(import.meta.filename)}`), [], bounds)
  try {
    return (await child.ask('compare', task)) as Int32Array
  } finally {
    await child.end('ended')
  }
}
