import type { Eraser } from '@gatehouse/runtime/door/node'
import { forgetPerson } from './store.ts'

/** The inbox of the person's own account. */
export const notificationsEraser: Eraser = {
  name: 'notifications',
  tables: ['notifications.notification', 'notifications.preference'],
  async eraseSubject(tx, _node, { subject }) {
    const gone = await forgetPerson(tx, subject)
    return { 'notifications.notification': gone.notifications, 'notifications.preference': gone.preferences }
  },
}
