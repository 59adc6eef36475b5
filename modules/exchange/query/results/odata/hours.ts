/**
 * Every fetch of a feed is a release. A refresh of a large result is hundreds of pages, and an entry for each would bury the rest of the
 * ledger; so a reader's fetches of one result within an hour share one entry, written before the first row of the hour leaves, and when
 * the hour is over a second one tells how many requests and rows there were.
 */
import type { Id } from '@gatehouse/core/id'
import { instantMs, instantOf } from '@gatehouse/core/instant'
import { momentOf } from '@gatehouse/runtime/base/context'
import type { Loop } from '@gatehouse/runtime/door/module'
import type { AuditFacts, StepsContext } from '@gatehouse/runtime/door/operation'
import { ownActs } from '../../entry.ts'
import type { ResultRow } from '../store.ts'
import { resultFacts } from '../view.ts'
import { closeHour, endedHours, noteFetch } from './store.ts'

const hourMs = 3_600_000
const perTurn = 64

/** Within this transaction the fetch is counted; it returns before anything of the page leaves. */
export async function recordFetch(ctx: StepsContext, result: ResultRow, rows: number): Promise<void> {
  const hour = instantOf(Math.floor(instantMs(ctx.now) / hourMs) * hourMs)
  await ctx.step(async (tx) => {
    const fetch = { result: result.id, project: result.project_id, reader: ctx.principal.id, hour, entry: ctx.newId<'entry'>() as Id<'entry'>, rows }
    if (!(await noteFetch(tx, fetch))) return
    const facts = resultFacts(result)
    await ctx.record(tx, 'query.read_feed', { ...facts, decision: 'permit', details: { ...facts.details, hour, feed: fetch.entry } })
  })
}

export const closeFeedHours: Loop = {
  name: 'query.feed_hours',
  idleMs: 300_000,
  async run(node) {
    const moment = momentOf(node.source)
    const ended = await node.database.transaction('node', (tx) => endedHours(tx, instantOf(moment.nowMs - hourMs), perTurn))
    for (const row of ended) {
      const tenant = row.tenant_id
      await node.database.transaction(tenant, async (tx) => {
        const sums = await closeHour(tx, row)
        if (sums === undefined) return
        const { requests, rows } = sums
        const facts: AuditFacts = {
          object: { kind: 'query_result', id: row.result_id },
          details: { project: row.project_id, hour: row.hour, feed: row.entry_id, reader: row.reader, requests, rows },
        }
        await ownActs(node, moment, tenant).record(tx, 'query.close_feed_hour', facts)
      })
    }
    return ended.length === perTurn
  },
}
