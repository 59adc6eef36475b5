/**
 * When a person is erased. What lies in a result bears no id by which the person could be looked for, so every result with rows of
 * people (identifiable or pseudonymised) ends with it, by its key; run again, it leaves the person out. Anonymised rows and figures are
 * nobody's.
 */

import type { Eraser } from '@gatehouse/runtime/door/node'
import { deleteTable } from '../../custody/catalog/index.ts'
import { closeAll } from './reidentification/store.ts'
import { endedFiles, endResultsOfPeople } from './results/store.ts'
import { resultFile } from './results/table.ts'
import { forgetFiles } from './runs/sweep.ts'

export const queryEraser: Eraser = {
  name: 'query',
  tables: [],
  eraseSubject: async (tx, _node, { now }) => ({ 'query.result': await endResultsOfPeople(tx, now), 'query.reidentification': await closeAll(tx) }),
  async purgeSubject(node, { tenant }) {
    const ended = await node.database.transaction(tenant, endedFiles)
    for (const id of ended) await deleteTable(node.blobs, resultFile(tenant, id))
    return {}
  },
  async purgeTenant(node, tenant) {
    let deleted = 0
    for (const prefix of ['results', 'cohorts', 'scratch']) deleted += await forgetFiles(node.blobs, `${prefix}/${tenant}/`)
    return { 'query.files': deleted }
  },
}
