import type { Session } from '../../../api.ts'
import { isOpenTo, type Needed } from '../../../rights.ts'
import type { Approval } from './queries.ts'

/** The right that an act needs of everybody who asks for it. */
const rights: Readonly<Record<string, Needed>> = {
  'approvals.set_review_rule': { action: 'update', on: 'review_rule' },
  'policies.publish': { action: 'publish', on: 'policy' },
  'projects.dismiss_holder': { action: 'delete', on: 'data_holder' },
  'projects.name_holder': { action: 'update', on: 'data_holder' },
  'retention.approve_erasure': { action: 'publish', on: 'erasure' },
  'retention.erase_institution': { action: 'delete', on: 'institution' },
  'retention.lift': { action: 'delete', on: 'hold' },
}

/** Whether it waits for whoever is inside: they may do the act, and have not asked for it yet. */
export function isMyTurn({ operation, voters }: Pick<Approval, 'operation' | 'voters'>, session: Session): boolean {
  const needed = rights[operation]
  const user = session.user?.id
  return needed !== undefined && user !== undefined && isOpenTo(session, needed) && !voters.includes(user)
}
