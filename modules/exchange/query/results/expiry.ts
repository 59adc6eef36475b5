/**
 * Results end by themselves. First the key is destroyed, with the row's state and the entry in one transaction: from then on whatever is
 * left of the rows is noise. Then the objects go, with those of the table of the catalogue that it was made to, and only when they are gone is that noted; a process that is killed at any point leaves
 * work that the next turn finishes. What the result was, and that it was, stays in its row.
 */
import type { Id } from '@gatehouse/core/id'
import { momentOf } from '@gatehouse/runtime/base/context'
import type { Loop } from '@gatehouse/runtime/door/module'
import type { Node } from '@gatehouse/runtime/door/node'
import { deleteTable, endResultTable } from '../../../custody/catalog/index.ts'
import { ownActs } from '../entry.ts'
import { endRecorded } from '../runs/end.ts'
import { endResult } from './end.ts'
import { expiredResults, findResult, markEmptied, resultsToEmpty } from './store.ts'
import { resultFile } from './table.ts'
import { resultFacts } from './view.ts'

const perTurn = 32

export const endExpiredResults: Loop = {
  name: 'query.expired_results',
  idleMs: 60_000,
  async run(node) {
    const { now } = momentOf(node.source)
    const expired = await node.database.transaction('node', (tx) => expiredResults(tx, now, perTurn))
    for (const { tenant_id, id } of expired) await expire(node, tenant_id, id)
    const ended = await node.database.transaction('node', (tx) => resultsToEmpty(tx, perTurn))
    for (const { tenant_id, id, source } of ended) {
      const copies = source === null ? [] : await node.database.transaction(tenant_id, (tx) => endResultTable(tx, source))
      for (const file of [resultFile(tenant_id, id), ...copies]) await deleteTable(node.blobs, file)
      await node.database.transaction(tenant_id, (tx) => markEmptied(tx, id, now))
    }
    return expired.length === perTurn || ended.length === perTurn
  },
}

async function expire(node: Node, tenant: Id<'tenant'>, id: Id<'query_result'>): Promise<void> {
  const moment = momentOf(node.source)
  const { now } = moment
  const acts = ownActs(node, moment, tenant)
  await node.database.transaction(tenant, async (tx) => {
    const result = await findResult(tx, id, true)
    if (result === undefined || !(await endResult(tx, id, 'expired', now))) return
    // Nobody decided about its release while there was something to release.
    if (result.state === 'held') await endRecorded(acts, tx, result.run_id, 'review_expired', now)
    await acts.record(tx, 'query.result_ended', resultFacts(result), [
      { type: 'query.result_ended', subject: id, data: { project: result.project_id, result: id } },
    ])
  })
}
