import { join } from 'node:path'
import { defineModule } from '@gatehouse/runtime/door/module'
import { listBackups } from './list.ts'
import { makeBackup } from './make.ts'
import { measureLoop } from './measure.ts'
import { problems } from './problems.ts'
import { turnBackups, turnQueue } from './turn.ts'

export const backupsModule = defineModule({
  name: 'backups',
  operations: [listBackups, makeBackup, turnBackups],
  problems,
  migrations: join(import.meta.dirname, 'migrations'),
  loops: [measureLoop],
  jobs: [{ queue: turnQueue, operation: turnBackups, options: { retries: 2, retryDelaySeconds: 300, expireSeconds: 21_600, cron: '37 * * * *' } }],
})
