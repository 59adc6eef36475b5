/** Once a day, in the institution's morning: a letter to each for whom something waits for one. */
import type { Id } from '@gatehouse/core/id'
import { instantOf } from '@gatehouse/core/instant'
import { errorFields } from '@gatehouse/runtime/base/log'
import type { Loop } from '@gatehouse/runtime/door/module'
import type { Node } from '@gatehouse/runtime/door/node'
import { listTenants } from '../../governance/tenancy/index.ts'
import { digestHour, keptDays, mailQueue } from './schema.ts'
import { beginDay, forgetOld, usersWithDigest } from './store.ts'

const idleMs = 10 * 60_000
const schedule = () => ({ nextMs: 0 })

/** Every commit wakes a loop, so this one looks at the time. */
export const digestLoop: Loop = {
  name: 'notifications.digest',
  idleMs,
  async run(node) {
    const next = node.of(schedule)
    const nowMs = node.source.nowMs()
    if (nowMs < next.nextMs) return false
    next.nextMs = nowMs + idleMs
    for (const { id, settings } of await node.database.transaction('node', listTenants)) {
      try {
        await gatherDigests(node, id, settings.timezone)
      } catch (error) {
        node.log.warn({ tenant: id, error: errorFields(error) }, 'the digests of a day could not be put on their way and will be tried again')
      }
    }
    await node.database.transaction('node', (tx) => forgetOld(tx, instantOf(nowMs - keptDays * 86_400_000)))
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
