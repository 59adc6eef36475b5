/** Whom an approval concerns now, for those who tell them. */
import type { Id } from '@gatehouse/core/id'
import { type Asking, hasFor } from '../access/index.ts'
import { staffMember, staffNames } from '../identity/index.ts'
import type { ApprovalState } from './schema.ts'
import { approvalWithRight } from './store.ts'

export interface ApprovalConcerned {
  /** Who has asked, as far as they are of the staff. */
  readonly voters: readonly string[]
  /** Who could be the next: they have the right to the act, and have not asked for it. */
  readonly waitedFor: readonly string[]
  readonly state: ApprovalState
}

export async function approvalConcerned(at: Asking, id: Id<'approval'>): Promise<ApprovalConcerned | undefined> {
  const approval = await approvalWithRight(at.tx, id)
  if (approval === undefined) return undefined
  const { state, asks } = approval
  const voters: string[] = []
  const waitedFor: string[] = []
  for (const { id: user } of await staffNames(at.tx, at.tenant)) {
    if (approval.voters.includes(user)) voters.push(user)
    else if (state === 'open' && asks !== null) {
      const principal = await staffMember(at.tx, at.tenant, user)
      if (principal !== undefined && (await hasFor(at, principal, asks.action, asks.resource))) waitedFor.push(user)
    }
  }
  return { voters, waitedFor, state }
}
