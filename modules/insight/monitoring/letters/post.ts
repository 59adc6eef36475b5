/** Puts letters on their way, within the transaction of what they tell: one row and one job for each who is told. */
import type { Id } from '@gatehouse/core/id'
import type { Moment } from '@gatehouse/runtime/base/context'
import type { Tx } from '@gatehouse/runtime/data/db'
import type { Letter } from '@gatehouse/runtime/data/mail/mail'
import type { Node } from '@gatehouse/runtime/door/node'
import { letterQueue } from '../schema.ts'
import { insertLetter } from './store.ts'

export async function post(node: Node, tx: Tx, moment: Moment, to: readonly string[], { subject, text }: Pick<Letter, 'subject' | 'text'>): Promise<void> {
  await Promise.all(
    to.map(async (address) => {
      const id = moment.newId<'letter'>()
      await insertLetter(tx, { id, address, subject, text }, moment.now)
      await node.queue.enqueue(tx, letterQueue, { tenant: tx.tenant as Id<'tenant'>, letter: id })
    }),
  )
}
