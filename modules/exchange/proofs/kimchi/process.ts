/** The process in which o1js computes, as the node asks it. */
import { extname, join } from 'node:path'
import { circuitTags } from '@gatehouse/credentials/zero-knowledge/large-set'
import { startBounded } from '@gatehouse/runtime/work/bounded-process'
import type { Stage, TaskName, Tasks } from './tasks.ts'

/** A proof takes a gigabyte; the leaves of the largest set a quarter more. */
const bounds = {
  memoryMb: 2_048,
  heapMb: 1_024,
  /** A machine under heavy load takes minutes for what an idle one does in seconds. */
  taskMs: 15 * 60_000,
}

export interface KimchiProcess {
  readonly pid: number | undefined
  /** @throws ProcessFault */
  ask<T extends TaskName>(task: T, input: Tasks[T]['input'], onStage?: (stage: Stage) => void): Promise<Tasks[T]['output']>
  end(reason: string): Promise<void>
}

export function startKimchi(options: {
  /** Where o1js is installed, if not beside the node. */
  folder: string | undefined
  sha256: (data: Uint8Array) => Uint8Array
  memoryMb?: number
  taskMs?: number
}): KimchiProcess {
  const { leaf, nullifier } = circuitTags(options.sha256)
  const { memoryMb = bounds.memoryMb, taskMs = bounds.taskMs } = options
  const file = join(import.meta.dirname, `worker${extname(import.meta.filename)}`)
  const child = startBounded(file, [options.folder ?? '', String(leaf), String(nullifier)], { ...bounds, memoryMb, taskMs })
  return {
    pid: child.pid,
    end: (reason) => child.end(reason),
    ask: (task, input, onStage) => child.ask(task, input, onStage as ((news: unknown) => void) | undefined) as Promise<never>,
  }
}
