import { join } from 'node:path'
import { defineModule } from '@gatehouse/runtime/door/module'
import { discoverSource } from './looks/begin.ts'
import { cancelLook } from './looks/cancel.ts'
import { lookThrough } from './looks/look-through.ts'
import { readLook } from './looks/read.ts'
import { lookQueue } from './looks/schema.ts'
import { endSilent } from './looks/silent.ts'
import { problems } from './problems.ts'
import { askProfile, profileQueue } from './profile/ask.ts'
import { measureTable } from './profile/measure-table.ts'
import { addSource } from './sources/add.ts'
import { changeSource } from './sources/change.ts'
import { checkSource, watchQueue, watchSource, watchSourceQueue, watchSources } from './sources/check.ts'
import { listKinds } from './sources/kinds.ts'
import { listSources } from './sources/list.ts'
import { putSourceSecret } from './sources/put-secret.ts'
import { readSource } from './sources/read.ts'
import { removeSource } from './sources/remove.ts'
import { changeTable } from './tables/change.ts'
import { listTables } from './tables/list.ts'
import { readTable } from './tables/read.ts'
import { catalogEraser } from './uploads/erase.ts'
import { sweepUploads } from './uploads/sweep.ts'
import { uploadTable } from './uploads/upload.ts'

export const catalogModule = defineModule({
  name: 'catalog',
  operations: [
    listKinds,
    addSource,
    listSources,
    readSource,
    changeSource,
    putSourceSecret,
    removeSource,
    checkSource,
    discoverSource,
    readLook,
    cancelLook,
    lookThrough,
    uploadTable,
    listTables,
    readTable,
    changeTable,
    askProfile,
    measureTable,
    watchSources,
    watchSource,
    sweepUploads,
  ],
  problems,
  migrations: join(import.meta.dirname, 'migrations'),
  loops: [endSilent],
  jobs: [
    // What is wrong with a source is a finding, and what was killed has told its end: neither is repeated unasked.
    { queue: lookQueue, operation: lookThrough, options: { retries: 0, retryDelaySeconds: 60, expireSeconds: 21_600, parallel: 2 } },
    { queue: profileQueue, operation: measureTable, options: { retries: 1, retryDelaySeconds: 60, expireSeconds: 3_600 } },
    { queue: watchQueue, operation: watchSources, options: { retries: 1, retryDelaySeconds: 60, expireSeconds: 300, cron: '*/5 * * * *' } },
    // A source that does not answer is a finding, so a look is not repeated before the next turn.
    { queue: watchSourceQueue, operation: watchSource, options: { retries: 0, retryDelaySeconds: 60, expireSeconds: 300, parallel: 4 } },
    { queue: 'catalog-sweep', operation: sweepUploads, options: { retries: 2, retryDelaySeconds: 600, expireSeconds: 21_600, cron: '53 2 * * *' } },
  ],
  erasers: [catalogEraser],
})
