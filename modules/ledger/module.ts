import { join } from 'node:path'
import { defineModule } from '@gatehouse/runtime/door/module'
import { checkpoint } from './checkpoint.ts'
import { consistency } from './consistency.ts'
import { exportLog } from './export.ts'
import { list } from './list.ts'
import { listSubject } from './list-subject.ts'
import { ledgerProblems } from './problems.ts'
import { prove } from './prove.ts'
import { read } from './read.ts'
import { sequencer } from './sequencer.ts'
import { verify } from './verify.ts'
import { watch } from './watch.ts'

export const ledgerModule = defineModule({
  name: 'ledger',
  operations: [list, listSubject, read, prove, checkpoint, consistency, exportLog, watch, verify],
  problems: ledgerProblems,
  migrations: join(import.meta.dirname, 'migrations'),
  loops: [sequencer],
})
