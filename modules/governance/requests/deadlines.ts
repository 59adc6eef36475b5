/** The statutory clock by itself: the staff is told while there is time, and both sides when it is over. Whether a request is overdue is computed whenever it is looked at; this only tells. */
import type { Id } from '@gatehouse/core/id'
import { addSeconds, type Instant } from '@gatehouse/core/instant'
import { momentOf } from '@gatehouse/runtime/base/context'
import type { Tx } from '@gatehouse/runtime/data/db'
import type { Loop } from '@gatehouse/runtime/door/module'
import type { Node } from '@gatehouse/runtime/door/node'
import { recordOwnAct } from '../../ledger/index.ts'
import { subjectById } from '../../subjects/index.ts'
import { inEachTenant } from '../tenancy/index.ts'
import { requestFacts, warnDays } from './schema.ts'
import { foundOverdue, type RequestRow, warnedOf } from './store.ts'

const rowsAtOnce = 100

export const deadlinesLoop: Loop = {
  name: 'requests.deadlines',
  idleMs: 60_000,
  async run(node) {
    let more = false
    await inEachTenant(node, 'the clock of requests could not be seen to', async ({ id }) => {
      more = (await tellOfDeadlines(node, id)) || more
    })
    return more
  },
}

/** An entry for each, so that a rule of the watch can count them. @returns whether there may be more */
export async function tellOfDeadlines(node: Node, tenant: Id<'tenant'>): Promise<boolean> {
  const found = [
    await told(node, tenant, 'overdue', (tx, now) => foundOverdue(tx, now, rowsAtOnce)),
    await told(node, tenant, 'due', (tx, now) => warnedOf(tx, now, addSeconds(now, warnDays * 86_400), rowsAtOnce)),
  ]
  return found.includes(rowsAtOnce)
}

async function told(node: Node, tenant: Id<'tenant'>, news: 'due' | 'overdue', find: (tx: Tx, now: Instant) => Promise<RequestRow[]>): Promise<number> {
  const moment = momentOf(node.source)
  return node.database.transaction(tenant, async (tx) => {
    const rows = await find(tx, moment.now)
    for (const row of rows) {
      const subject = await subjectById(tx, row.subject_id)
      if (subject === undefined) continue
      const data = { request: row.id, subject: subject.id, kind: row.kind, due_at: row.due_at }
      const type = `requests.${news}`
      await recordOwnAct(tx, node, { tenant, by: 'requests', type, facts: requestFacts(subject, row), events: [{ type, subject: row.id, data }] }, moment)
    }
    return rows.length
  })
}
