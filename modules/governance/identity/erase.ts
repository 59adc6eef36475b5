import type { Eraser } from '@gatehouse/runtime/door/node'
import { deleteUser, userBySubject } from './store.ts'

/** The person's own account with its address, password, sessions and invitations; what a process remembers of it ends within a second. */
export const identityEraser: Eraser = {
  name: 'identity',
  tables: ['identity.user', 'identity.phone'],
  async eraseSubject(tx, _node, { tenant, subject }) {
    const user = await userBySubject(tx, tenant, subject)
    if (user === undefined) return { 'identity.user': 0 }
    await deleteUser(tx, tenant, user.id)
    return { 'identity.user': 1 }
  },
}
