import { join } from 'node:path'
import { defineModule } from '@gatehouse/runtime/door/module'
import { receivedWrappedKeys, receiveKey } from './across/receive.ts'
import { cancelJob } from './jobs/cancel.ts'
import { listJobs, readJob } from './jobs/read.ts'
import { runJob } from './jobs/run.ts'
import { linkQueue, startJob } from './jobs/start.ts'
import { listKeys } from './keys/list.ts'
import { retireKey } from './keys/retire.ts'
import { rotateKey } from './keys/rotate.ts'
import { linkageProblems } from './problems.ts'
import { closeLinkReview, tidyLoop } from './reviews/close.ts'
import { decidePair } from './reviews/decide-pair.ts'
import { listEveryReview, listPairs, listReviews } from './reviews/list.ts'
import { readPair } from './reviews/read-pair.ts'

export const linkageModule = defineModule({
  name: 'linkage',
  operations: [
    listKeys,
    rotateKey,
    retireKey,
    listReviews,
    listEveryReview,
    listPairs,
    readPair,
    decidePair,
    closeLinkReview,
    startJob,
    listJobs,
    readJob,
    cancelJob,
    runJob,
  ],
  loops: [tidyLoop],
  jobs: [{ queue: linkQueue, operation: runJob, options: { retries: 1, retryDelaySeconds: 30, expireSeconds: 7_200 } }],
  wrappedKeys: [receivedWrappedKeys],
  messageKinds: [receiveKey],
  problems: linkageProblems,
  migrations: join(import.meta.dirname, 'migrations'),
})
