/**
 * How the nodes of the mesh are doing, said in the log when it changes: the log goes to the operator's collector. Names of nodes, versions and
 * counts, and nothing of institutions' data, of which there is none here.
 */
import { instantMs } from '@gatehouse/core/instant'
import { nodeTenant } from '@gatehouse/runtime/base/context'
import type { Loop } from '@gatehouse/runtime/door/module'
import type { Node } from '@gatehouse/runtime/door/node'
import { mailboxLimits } from './protocol/exchange.ts'
import { listNodes, type NodeRow } from './store.ts'

const awayMs = 15 * 60_000
/** Half of what may wait. */
const fullFrom = mailboxLimits.messagesPerNode / 2

interface Standing {
  readonly away: boolean
  readonly full: boolean
  readonly version: string | undefined
  readonly entries: number
}

const known = (_: Node) => new Map<string, Standing>()

export const watchLoop: Loop = {
  name: 'coordinator.watch',
  idleMs: 30_000,
  async run(node) {
    const held = node.of(known)
    for (const row of await node.database.transaction(nodeTenant, listNodes)) {
      if (row.state !== 'admitted') continue
      const now = standingOf(row, node.source.nowMs())
      const before = held.get(row.name)
      held.set(row.name, now)
      if (before !== undefined) say(node, row, before, now)
    }
    return false
  },
}

const standingOf = ({ last_poll_at, waiting, health }: NodeRow & { waiting: number }, nowMs: number): Standing => ({
  away: last_poll_at === null || nowMs - instantMs(last_poll_at) > awayMs,
  full: waiting >= fullFrom,
  version: health?.version,
  entries: health?.ledger_size ?? 0,
})

function say({ log }: Node, { name, waiting }: NodeRow & { waiting: number }, before: Standing, now: Standing): void {
  const about = { mesh_node: name }
  if (now.away && !before.away) log.warn({ ...about, event: 'availability' }, 'a node of the mesh has not asked for a while')
  if (!now.away && before.away) log.info({ ...about, event: 'availability' }, 'a node of the mesh asks again')
  if (now.full && !before.full) log.warn({ ...about, event: 'scaling', waiting }, 'the mailbox of a node is half full')
  if (!now.full && before.full) log.info({ ...about, event: 'scaling', waiting }, 'the mailbox of a node has room again')
  if (now.version !== before.version) log.info({ ...about, event: 'operation', version: now.version }, 'a node of the mesh runs another release')
  // A log only grows: a shorter one was set back, or is another.
  if (now.entries < before.entries) log.error({ ...about, event: 'operation', entries: now.entries }, 'the ledger of a node of the mesh has become shorter')
}
