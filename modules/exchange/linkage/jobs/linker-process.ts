/** The process in which a link job compares records: apart from the node, so that its memory and time are bounded and it holds up nobody. */
import { extname, join } from 'node:path'
import { ProcessFault, startBounded } from '@gatehouse/runtime/work/bounded-process'
import type { Linked, LinkTask } from './link-tables.ts'

const bounds = {
  memoryMb: 2_048,
  heapMb: 1_536,
  taskMs: 30 * 60_000,
}

/** @throws ProcessFault, whose reason is a code of linkage where it was linkage that refused */
export async function linkInProcess(task: LinkTask, signal: AbortSignal): Promise<Linked> {
  const child = startBounded(join(import.meta.dirname, `linker${extname(import.meta.filename)}`), [], bounds)
  const stop = () => void child.end('cancelled')
  signal.addEventListener('abort', stop, { once: true })
  try {
    if (signal.aborted) throw new ProcessFault('cancelled', 'the job was cancelled')
    return (await child.ask('link', task)) as Linked
  } finally {
    signal.removeEventListener('abort', stop)
    await child.end('ended')
  }
}
