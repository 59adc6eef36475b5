import { join } from 'node:path'
import { defineModule } from '@gatehouse/runtime/door/module'
import { closeAbandoned } from './abandoned.ts'
import { authorize } from './authorize.ts'
import { cancel } from './cancel.ts'
import { copies, myCopies } from './copies/list.ts'
import { tellRecipients } from './copies/tell-recipients.ts'
import { deliver } from './deliver.ts'
import { endWithPartner } from './end-with-partner.ts'
import { releaseEraser } from './erase.ts'
import { evidenceOfPerson } from './evidence/person.ts'
import { evidenceOfProject } from './evidence/project.ts'
import { evidence } from './evidence/release.ts'
import { evidenceKeys } from './evidence-keys.ts'
import { list } from './list.ts'
import { ownData } from './own-data.ts'
import { problems } from './problems.ts'
import { read } from './read.ts'
import { readRecord } from './read-record.ts'
import { redeem } from './redeem.ts'
import { refusals } from './refusals.ts'

export const releaseModule = defineModule({
  name: 'release',
  operations: [
    authorize,
    redeem,
    deliver,
    cancel,
    list,
    read,
    refusals,
    readRecord,
    evidence,
    evidenceOfPerson,
    evidenceOfProject,
    evidenceKeys,
    copies,
    myCopies,
    ownData,
  ],
  subscriptions: [tellRecipients, endWithPartner],
  problems,
  loops: [closeAbandoned],
  migrations: join(import.meta.dirname, 'migrations'),
  erasers: [releaseEraser],
})
