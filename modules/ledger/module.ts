import { join } from 'node:path'
import { defineModule } from '@gatehouse/runtime/door/module'
import type { Eraser } from '@gatehouse/runtime/door/node'
import { checkpoint } from './checkpoint.ts'
import { checkpoints } from './checkpoints.ts'
import { consistency } from './consistency.ts'
import { exportLog } from './export.ts'
import { keyChanges } from './files/key-changes.ts'
import { logCheckpoint, logTile, logVkeys } from './files/serve.ts'
import { tlogProof } from './files/tlog-proof.ts'
import { adopt } from './heads/adopt.ts'
import { succeed } from './heads/succeed.ts'
import { list } from './list.ts'
import { listSubject } from './list-subject.ts'
import { nodeLogEntries, nodeLogStanding } from './node-log.ts'
import { ledgerProblems } from './problems.ts'
import { prove } from './prove.ts'
import { read } from './read.ts'
import { sequencer } from './sequencer.ts'
import { standing } from './standing.ts'
import { stretch } from './stretch.ts'
import { verify } from './verify.ts'
import { watch } from './watch.ts'
import { witnessing } from './witnesses/ask.ts'
import { addWitness, configureLog, removeWitness, witnesses } from './witnesses/operations.ts'

const eraser: Eraser = {
  name: 'ledger',
  tables: [],
  keeps: {
    'ledger.entry':
      'a signed entry names the person by a commitment only, whose key is destroyed; the column beside it holds a random id that leads to an empty row',
  },
  eraseSubject: async () => ({}),
}

export const ledgerModule = defineModule({
  name: 'ledger',
  operations: [
    list,
    listSubject,
    read,
    prove,
    checkpoint,
    checkpoints,
    stretch,
    consistency,
    exportLog,
    watch,
    verify,
    succeed,
    adopt,
    standing,
    nodeLogStanding,
    nodeLogEntries,
    configureLog,
    witnesses,
    addWitness,
    removeWitness,
    logCheckpoint,
    logVkeys,
    logTile,
    tlogProof,
    keyChanges,
  ],
  problems: ledgerProblems,
  migrations: join(import.meta.dirname, 'migrations'),
  loops: [sequencer, witnessing],
  erasers: [eraser],
})
