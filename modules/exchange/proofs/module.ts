import { join } from 'node:path'
import { defineModule } from '@gatehouse/runtime/door/module'
import { accept } from './accept.ts'
import { batch, batchByItself, batchQueue } from './batch.ts'
import { problems } from './problems.ts'
import { prove, proveMine } from './prove.ts'
import { publish } from './publish.ts'
import { batches, list, read, sets } from './read.ts'
import { forgetMembers } from './store.ts'

export const proofsModule = defineModule({
  name: 'proofs',
  operations: [publish, sets, prove, proveMine, list, read, accept, batch, batchByItself, batches],
  problems,
  migrations: join(import.meta.dirname, 'migrations'),
  erasers: [
    {
      name: 'proofs',
      tables: ['proofs.member'],
      // The openings come from the person's commitment key and are gone with it; without a member the consent is in no next set.
      eraseSubject: async (tx, _node, { subject }) => ({ 'proofs.member': await forgetMembers(tx, subject) }),
    },
  ],
  jobs: [{ queue: batchQueue, operation: batchByItself, options: { retries: 2, retryDelaySeconds: 60, expireSeconds: 900, cron: '*/5 * * * *' } }],
})
