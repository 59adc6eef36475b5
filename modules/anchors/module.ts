import { join } from 'node:path'
import { defineModule } from '@gatehouse/runtime/door/module'
import { deploy } from './deploy.ts'
import { problems } from './problems.ts'
import { file, list, read } from './read.ts'
import { run, runByItself, runQueue } from './run.ts'
import { addTarget, removeTargetOperation, targets } from './targets.ts'

export const anchorsModule = defineModule({
  name: 'anchors',
  operations: [deploy, addTarget, targets, removeTargetOperation, list, read, file, run, runByItself],
  problems,
  migrations: join(import.meta.dirname, 'migrations'),
  jobs: [{ queue: runQueue, operation: runByItself, options: { retries: 1, retryDelaySeconds: 30, expireSeconds: 300, cron: '* * * * *' } }],
})
