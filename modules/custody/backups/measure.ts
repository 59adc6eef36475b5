import { momentOf } from '@gatehouse/runtime/base/context'
import type { Loop } from '@gatehouse/runtime/door/module'
import { standings } from './schema.ts'
import { backupStanding } from './standing.ts'

const idleMs = 60_000
const schedule = () => ({ nextMs: 0 })

/** The standing as a metric. A loop of its own: a turn that fails must not keep the metric at what it said last. Every commit wakes a loop, so it looks at the time. */
export const measureLoop: Loop = {
  name: 'backups.measure',
  idleMs,
  async run(node) {
    const next = node.of(schedule)
    const { now, nowMs } = momentOf(node.source)
    if (nowMs < next.nextMs) return false
    next.nextMs = nowMs + idleMs
    const { standing } = await backupStanding(node, now)
    for (const one of standings) node.metrics.backupStanding.set({ standing: one }, one === standing ? 1 : 0)
    return false
  },
}
