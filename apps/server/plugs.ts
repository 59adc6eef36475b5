/** Where the door's questions are answered: identity, access, approvals and ledger are plugged in here and nowhere else. */
import { authorize, readRevision } from '@gatehouse/modules/governance/access/index'
import { authenticate, stillHold } from '@gatehouse/modules/governance/applications/index'
import { approve } from '@gatehouse/modules/governance/approvals/index'
import { countFailure } from '@gatehouse/modules/governance/identity/index'
import { listTenants, within } from '@gatehouse/modules/governance/tenancy/index'
import { appendEntry, sequencedEntries } from '@gatehouse/modules/ledger/index'
import type { DoorPlugs } from '@gatehouse/runtime/door/plugs'
import type { DispatcherPlugs } from '@gatehouse/runtime/edge/dispatcher'

export const doorPlugs: DoorPlugs = {
  authenticate,
  stillHold,
  within,
  allowed: authorize,
  revision: readRevision,
  approve,
  append: appendEntry,
  countUnknown: countFailure,
}

export const dispatcherPlugs: DispatcherPlugs = {
  tenants: async (node) => (await node.database.transaction('node', listTenants)).map((tenant) => tenant.id),
  sequenced: sequencedEntries,
}
