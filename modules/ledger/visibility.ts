import type { Id } from '@gatehouse/core/id'
import type { Principal } from '@gatehouse/runtime/base/context'
import type { Resource } from '@gatehouse/runtime/door/operation'

/** A partner sees the entries that concern itself, except refusals; everybody else whom the access table lets in sees the tenant's whole log. */
export function visibleTo(principal: Principal): Id<'partner'> | undefined {
  if (principal.kind === 'partner' && principal.partner === undefined) throw new TypeError('a principal of kind partner names its partner')
  return principal.partner
}

/** What a read of the ledger acts on. */
export function ledgerEntries(_input: unknown, principal: Principal): Resource {
  const owner = visibleTo(principal)
  return owner === undefined ? { type: 'ledger_entry' } : { type: 'ledger_entry', owner }
}

/** What concerns the log as a whole belongs to no partner. */
export const wholeLog = (): Resource => ({ type: 'ledger' })

/** What concerns the log over all institutions belongs to none of them: only operators may. */
export const nodeLog = (): Resource => ({ type: 'node_log' })

/** Why most reads leave no entry. */
export const opaque = 'entries hold opaque ids, digests and counts, and a log of every look at the log would have no end'
