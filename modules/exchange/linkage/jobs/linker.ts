/** Runs as a process of its own (`linker-process.ts`). It keeps nothing, and goes when the node that started it goes. */
import process from 'node:process'
import { nodePrimitives } from '@gatehouse/crypto/node'
import { LinkageError } from '@gatehouse/linkage/model/error'
import type { Asked, Told } from '@gatehouse/runtime/work/bounded-process'
import { type LinkTask, linkTables } from './link-tables.ts'

const tell = (told: Told) => process.connected && process.send?.(told)

process.on('message', ({ id, input }: Asked) => {
  try {
    tell({ id, output: linkTables(nodePrimitives, input as LinkTask) })
  } catch (error) {
    // Words of linkage name columns and rules and never a value; what else goes wrong might.
    tell(
      error instanceof LinkageError ? { id, fault: error.fault, message: error.message } : { id, fault: 'failed', message: 'the tables could not be linked' },
    )
  }
})
process.on('disconnect', () => process.exit(0))
