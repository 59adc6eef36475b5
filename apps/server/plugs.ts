/** Where the door's questions are answered: identity, access, approvals and ledger are plugged in here and nowhere else. */
import { authorize, readRevision } from '@gatehouse/modules/governance/access/index'
import { authenticate, stillHold } from '@gatehouse/modules/governance/applications/index'
import { approve } from '@gatehouse/modules/governance/approvals/index'
import { countFailure } from '@gatehouse/modules/governance/identity/index'
import { listTenants, within } from '@gatehouse/modules/governance/tenancy/index'
import { appendEntry, logSizes, sequencedEntries } from '@gatehouse/modules/ledger/index'
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
  // The node's own log is nobody's news.
  sizes: async (tx) => {
    const [tenants, sizes] = await Promise.all([listTenants(tx), logSizes(tx)])
    const institutions = new Set(tenants.map(({ id }) => id))
    return sizes.filter(({ tenant }) => institutions.has(tenant))
  },
  sequenced: sequencedEntries,
}
