import { momentOf } from '@gatehouse/runtime/base/context'
import type { Loop } from '@gatehouse/runtime/door/module'
import { standings } from './schema.ts'
import { backupStanding } from './standing.ts'

/** The standing as a metric. A loop of its own: a turn that fails must not keep the metric at what it said last. */
export const measureLoop: Loop = {
  name: 'backups.measure',
  idleMs: 60_000,
  async run(node) {
    const { now } = momentOf(node.source)
    const { standing } = await backupStanding(node, now)
    for (const one of standings) node.metrics.backupStanding.set({ standing: one }, one === standing ? 1 : 0)
    return false
  },
}
