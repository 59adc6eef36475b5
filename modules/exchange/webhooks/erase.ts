import type { Eraser } from '@gatehouse/runtime/door/node'
import { deleteDeliveriesAbout } from './store.ts'

/** Bodies that name the person, sent or waiting. */
export const webhooksEraser: Eraser = {
  name: 'webhooks',
  tables: ['webhooks.delivery'],
  eraseSubject: async (tx, _node, { subject }) => ({ 'webhooks.delivery': await deleteDeliveriesAbout(tx, subject) }),
}
