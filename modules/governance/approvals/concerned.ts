/** Whom an approval concerns now, for those who tell them. */
import type { Id } from '@gatehouse/core/id'
import type { Asking } from '../access/index.ts'
import { staffNames, staffWhoMay } from '../identity/index.ts'
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
  const voters = (await staffNames(at.tx, at.tenant)).map(({ id: user }) => user).filter((user) => approval.voters.includes(user))
  const able = state === 'open' && asks !== null ? await staffWhoMay(at, asks) : []
  return { voters, waitedFor: able.filter((user) => !approval.voters.includes(user)), state }
}
