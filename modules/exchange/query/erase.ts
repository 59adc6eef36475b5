/**
 * When a person is erased. What lies in a result bears no id by which the person could be looked for, so every result with rows of
 * people (identifiable or pseudonymised) ends with it, by its key; run again, it leaves the person out. Anonymised rows and figures are
 * nobody's.
 */

import type { Eraser } from '@gatehouse/runtime/door/node'
import { closeAll } from './reidentification/store.ts'
import { endResultsOfPeople } from './results/store.ts'
import { endRun } from './runs/end.ts'
import { runsOfPeople } from './runs/store.ts'
import { forgetFiles } from './runs/sweep.ts'

export const queryEraser: Eraser = {
  name: 'query',
  tables: [],
  async eraseSubject(tx, _node, { now }) {
    const ended = await endResultsOfPeople(tx, now)
    // What is held is refused with it, and what is under way stops within a second; its key is gone at once.
    for (const run of [...ended.map(({ run_id }) => run_id), ...(await runsOfPeople(tx))]) await endRun(tx, run, 'person_erased', now)
    return { 'query.result': ended.length, 'query.reidentification': await closeAll(tx) }
  },
  async purgeTenant(node, tenant) {
    let deleted = 0
    for (const prefix of ['results', 'cohorts', 'scratch', 'parts']) deleted += await forgetFiles(node.blobs, `${prefix}/${tenant}/`)
    return { 'query.files': deleted }
  },
}
