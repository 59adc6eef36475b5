/** Once a day, in the institution's morning: a letter to each for whom something waits for one. */
import type { Id } from '@gatehouse/core/id'
import { instantOf } from '@gatehouse/core/instant'
import type { Loop } from '@gatehouse/runtime/door/module'
import type { Node } from '@gatehouse/runtime/door/node'
import { inEachTenant } from '../../governance/tenancy/index.ts'
import { digestHour, keptDays, mailQueue } from './schema.ts'
import { beginDay, forgetOld, usersWithDigest } from './store.ts'

export const digestLoop: Loop = {
  name: 'notifications.digest',
  idleMs: 10 * 60_000,
  async run(node) {
    await inEachTenant(node, 'the digests of a day could not be put on their way', ({ id, settings }) => gatherDigests(node, id, settings.timezone))
    await node.database.transaction('node', (tx) => forgetOld(tx, instantOf(node.source.nowMs() - keptDays * 86_400_000)))
    return false
  },
}

export async function gatherDigests(node: Node, tenant: Id<'tenant'>, timezone: string): Promise<void> {
  const day = dayOf(node.source.nowMs(), timezone)
  await node.database.transaction(tenant, async (tx) => {
    if (!(await beginDay(tx, day))) return
    for (const user of await usersWithDigest(tx)) await node.queue.enqueue(tx, mailQueue, { tenant, user })
  })
}

/** The day whose morning has come last, such as `2026-11-22`. */
export function dayOf(nowMs: number, timezone: string): string {
  return new Intl.DateTimeFormat('en-CA', { timeZone: timezone, dateStyle: 'short' }).format(nowMs - digestHour * 3_600_000)
}
