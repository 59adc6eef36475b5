import { errorFields } from '@gatehouse/runtime/base/log'
import type { Loop } from '@gatehouse/runtime/door/module'
import { tenantsInMesh } from '../identity/store.ts'
import { pollSeconds, turn } from './turn.ts'

/** Every institution of the node at its mailboxes. Each mailbox has its own time, so that this looks often and asks seldom. */
export const mailboxLoop: Loop = {
  name: 'federation.mailboxes',
  idleMs: pollSeconds.busy * 1_000,
  async run(node) {
    for (const tenant of await node.database.transaction('node', tenantsInMesh)) {
      await turn(node, tenant).catch((error: unknown) =>
        node.log.warn({ tenant, error: errorFields(error) }, 'the mailboxes of an institution could not be visited'),
      )
    }
    return false
  },
}
