import { join } from 'node:path'
import { defineModule } from '@gatehouse/runtime/door/module'
import { accept } from './accept.ts'
import { batch, batchQueue } from './batch.ts'
import { problems } from './problems.ts'
import { prove, proveMine } from './prove.ts'
import { publish } from './publish.ts'
import { batches, list, read, sets } from './read.ts'

export const proofsModule = defineModule({
  name: 'proofs',
  operations: [publish, sets, prove, proveMine, list, read, accept, batch, batches],
  problems,
  migrations: join(import.meta.dirname, 'migrations'),
  jobs: [{ queue: batchQueue, operation: batch, options: { retries: 2, retryDelaySeconds: 60, expireSeconds: 900, cron: '*/5 * * * *' } }],
})
