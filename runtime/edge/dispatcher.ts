/**
 * Hands events on to subscriptions in the order of the tenant's log, at least once, one consumer at a time. A consumer that
 * fails keeps its place and is tried again; it does not hold the others up.
 */
import type { Id } from '@gatehouse/core/id'
import { errorFields } from '../base/log.ts'
import type { Tx } from '../data/db.ts'
import type { Loop, Subscription } from '../door/module.ts'
import type { Node } from '../door/node.ts'
import { eventsOf, moveCursor, readCursor, readCursors } from '../work/outbox.ts'

export interface DispatcherPlugs {
  /** How long the log of each tenant is, in the node's scope; one without entries may be missing. */
  sizes(tx: Tx): Promise<readonly { tenant: Id<'tenant'>; size: number }[]>
  /** Entries that have their place in the log, from the given index on. */
  sequenced(tx: Tx, tenant: Id<'tenant'>, fromIndex: number, limit: number): Promise<readonly { id: Id<'entry'>; index: number }[]>
}

const batchEntries = 200
const idleMs = 500

export function dispatcher(plugs: DispatcherPlugs, subscriptions: readonly Subscription[]): Loop {
  return {
    name: 'dispatcher',
    idleMs,
    async run(node) {
      let more = false
      for (const { tenant, subscription } of await behind(node, plugs, subscriptions)) {
        try {
          if (await handOn(node, plugs, tenant, subscription)) more = true
        } catch (error) {
          node.log.warn({ consumer: subscription.consumer, error: errorFields(error) }, 'a consumer of events failed and keeps its place')
        }
      }
      return more
    },
  }
}

/** Which consumers have something to be handed, asked for all tenants at once. */
async function behind(node: Node, plugs: DispatcherPlugs, subscriptions: readonly Subscription[]) {
  const [logs, cursors] = await node.database.transaction('node', (tx) => Promise.all([plugs.sizes(tx), readCursors(tx)]))
  const places = new Map(cursors.map(({ tenant, consumer, next_index }) => [`${tenant} ${consumer}`, next_index]))
  return logs.flatMap(({ tenant, size }) =>
    subscriptions.filter(({ consumer }) => size > (places.get(`${tenant} ${consumer}`) ?? 0)).map((subscription) => ({ tenant, subscription })),
  )
}

/** One batch. The cursor's row lock keeps a second process from handing on the same events meanwhile. */
async function handOn(node: Node, plugs: DispatcherPlugs, tenant: Id<'tenant'>, subscription: Subscription): Promise<boolean> {
  return node.database.transaction(tenant, async (tx) => {
    const from = await readCursor(tx, tenant, subscription.consumer)
    const entries = await plugs.sequenced(tx, tenant, from, batchEntries)
    const last = entries.at(-1)
    if (last === undefined) return false
    const events = (await eventsOf(tx, tenant, entries)).filter((event) => subscription.types === 'all' || subscription.types.includes(event.type))
    if (events.length > 0) await subscription.handle(node, tenant, events)
    await moveCursor(tx, tenant, subscription.consumer, last.index + 1)
    return entries.length === batchEntries
  })
}
