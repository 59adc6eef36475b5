/** Runs as a process of its own (`comparer-process.ts`). It keeps nothing, and goes when the node that started it goes. */
import process from 'node:process'
import { BloomError } from '@gatehouse/linkage/bloom/error'
import type { Asked, Told } from '@gatehouse/runtime/work/bounded-process'
import { type CompareTask, compare } from './compare.ts'

const tell = (told: Told) => process.connected && process.send?.(told)

process.on('message', ({ id, input }: Asked) => {
  try {
    tell({ id, output: compare(input as CompareTask) })
  } catch (error) {
    const fault = error instanceof BloomError ? error.code : 'failed'
    tell({ id, fault, message: 'the encodings could not be compared' })
  }
})
process.on('disconnect', () => process.exit(0))
