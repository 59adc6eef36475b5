import { join } from 'node:path'
import { defineModule } from '@gatehouse/runtime/door/module'
import { advanceRequest, liftRestriction } from './advance.ts'
import { deadlinesLoop } from './deadlines.ts'
import { listRequestsOfPeople } from './list.ts'
import { makeRequest, myRequests } from './mine.ts'
import { requestsProblems } from './problems.ts'
import { readSettings, updateSettings } from './settings.ts'
import { deleteRequests } from './store.ts'

export const requestsModule = defineModule({
  name: 'requests',
  operations: [myRequests, makeRequest, listRequestsOfPeople, advanceRequest, liftRestriction, readSettings, updateSettings],
  problems: requestsProblems,
  loops: [deadlinesLoop],
  migrations: join(import.meta.dirname, 'migrations'),
  personal: ['requests.request.words', 'requests.request.answer', 'requests.request.extension_reason'],
  erasers: [
    {
      name: 'requests',
      tables: ['requests.request'],
      eraseSubject: async (tx, _node, { subject }) => ({ 'requests.request': await deleteRequests(tx, subject) }),
    },
  ],
})
