/**
 * Every event that concerns somebody becomes one row in each inbox, and one job for each letter, in one transaction. Handed on twice it
 * finds its rows. That people were told is an entry of its own, which open pages follow.
 */
import type { Id } from '@gatehouse/core/id'
import { type Moment, momentOf } from '@gatehouse/runtime/base/context'
import type { Tx } from '@gatehouse/runtime/data/db'
import type { Subscription } from '@gatehouse/runtime/door/module'
import type { Node } from '@gatehouse/runtime/door/node'
import type { CloudEvent } from '@gatehouse/runtime/work/outbox'
import { recordOwnAct } from '../../ledger/index.ts'
import { kinds } from './kinds.ts'
import { mailQueue, perEventMax, perUserMax } from './schema.ts'
import { capInboxes, insertNotifications, type NewNotification, preferencesOf, settleAbout } from './store.ts'
import { type Told, tellOf, toldOf } from './told.ts'

export const notify: Subscription = {
  consumer: 'notifications',
  types: toldOf,
  async handle(node, tenant, events) {
    const moment = momentOf(node.source)
    await node.database.transaction(tenant, async (tx) => {
      let count = 0
      for (const event of events) {
        const all = await tellOf({ tx, node, tenant, now: moment.now, nowMs: moment.nowMs }, event)
        for (const told of all) count += await write(node, tx, tenant, moment, event, told)
      }
      if (count === 0) return
      const facts = { details: { notifications: count } }
      await recordOwnAct(tx, node, { tenant, by: 'notifications', type: 'notifications.tell', facts }, moment)
    })
  },
}

/** One row in each inbox and one job for each letter that leaves at once. @returns how many rows */
async function write(node: Node, tx: Tx, tenant: Id<'tenant'>, moment: Moment, event: CloudEvent, told: Told): Promise<number> {
  if (told.settles !== undefined) await settleAbout(tx, told.object, told.settles, moment.now)
  const users = told.users.slice(0, perEventMax)
  const preferences = await preferencesOf(tx, users)
  const { mail, fixed } = kinds[told.kind]
  const rows = users.map((user): NewNotification => {
    const own = preferences.find(({ user_id, kind }) => user_id === user && kind === told.kind)
    return {
      user,
      id: moment.newId<'notification'>(),
      subject: told.subject ?? null,
      event: event.id,
      kind: told.kind,
      object: told.object,
      mail: fixed === true ? mail : (own?.mail ?? mail),
    }
  })
  const written = await insertNotifications(tx, rows, moment.now)
  await capInboxes(
    tx,
    written.map(({ user_id }) => user_id),
    perUserMax,
  )
  for (const { user_id: user, id, mail: by } of written) if (by === 'at_once') await node.queue.enqueue(tx, mailQueue, { tenant, user, notification: id })
  return written.length
}
