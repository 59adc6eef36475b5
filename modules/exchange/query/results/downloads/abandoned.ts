/** A process that is killed between a redemption and its last byte leaves a spent token that nobody closes. Nobody knows what arrived, so it counts as undelivered. */
import { instantOf } from '@gatehouse/core/instant'
import { momentOf } from '@gatehouse/runtime/base/context'
import type { Loop } from '@gatehouse/runtime/door/module'
import { ownActs } from '../../entry.ts'
import { limits } from '../../schema.ts'
import { abandonedDownloads, closeDownload } from './store.ts'

const perTurn = 64
/** A delivery ends itself before that. */
const abandonedAfterMs = (limits.deliveryHoursMax * 60 + 5) * 60_000

export const closeAbandonedDownloads: Loop = {
  name: 'query.abandoned_downloads',
  idleMs: 300_000,
  async run(node) {
    const moment = momentOf(node.source)
    const found = await node.database.transaction('node', (tx) => abandonedDownloads(tx, instantOf(moment.nowMs - abandonedAfterMs), perTurn))
    for (const { tenant_id: tenant, id, result_id, project_id } of found) {
      await node.database.transaction(tenant, async (tx) => {
        if (!(await closeDownload(tx, id, 'undelivered', moment.now, 0))) return
        const facts = {
          object: { kind: 'query_result', id: result_id },
          details: { project: project_id, download: id, delivered: false, bytes: 0, abandoned: true },
        }
        await ownActs(node, moment, tenant).record(tx, 'query.deliver_download', facts)
      })
    }
    return found.length === perTurn
  },
}
