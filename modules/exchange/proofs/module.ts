import { join } from 'node:path'
import { defineModule } from '@gatehouse/runtime/door/module'
import { accept } from './accept.ts'
import { batch, batchByItself, batchQueue } from './batch.ts'
import { proveLarge } from './large/ask.ts'
import { largeQueue, proveQueued } from './large/prove-queued.ts'
import { cancelRequest, readRequest, requests } from './large/requests.ts'
import { forgetLeaves } from './large/store.ts'
import { problems } from './problems.ts'
import { prove, proveMine } from './prove.ts'
import { publish } from './publish.ts'
import { publishedBatch, publishedBatches, publishedProof } from './published.ts'
import { batches, list, read, sets } from './read.ts'
import { forgetMembers } from './store.ts'

export const proofsModule = defineModule({
  name: 'proofs',
  operations: [
    publishedBatches,
    publishedBatch,
    publishedProof,
    publish,
    sets,
    prove,
    proveMine,
    list,
    read,
    accept,
    batch,
    batchByItself,
    batches,
    proveLarge,
    proveQueued,
    requests,
    readRequest,
    cancelRequest,
  ],
  problems,
  migrations: join(import.meta.dirname, 'migrations'),
  erasers: [
    {
      name: 'proofs',
      tables: ['proofs.member', 'proofs.leaf', 'proofs.request_subject'],
      // The openings come from the person's commitment key and are gone with it; without a member the consent is in no next set.
      async eraseSubject(tx, _node, { subject }) {
        const { leaves, requests } = await forgetLeaves(tx, subject)
        return { 'proofs.member': await forgetMembers(tx, subject), 'proofs.leaf': leaves, 'proofs.request_subject': requests }
      },
    },
  ],
  jobs: [
    { queue: batchQueue, operation: batchByItself, options: { retries: 2, retryDelaySeconds: 60, expireSeconds: 900, cron: '*/5 * * * *' } },
    { queue: largeQueue, operation: proveQueued, options: { retries: 2, retryDelaySeconds: 60, expireSeconds: 3_600, cron: '* * * * *' } },
  ],
})
