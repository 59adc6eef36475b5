import type { Instant } from '@gatehouse/core/instant'
import type { Tx } from '@gatehouse/runtime/data/db'
import { subjectById } from '../../subjects/index.ts'
import { inGoodStanding, partnerById } from '../partners/index.ts'
import type { UserRow } from './store.ts'

/**
 * Whether whoever an account stands for is still there: an engineer goes with a partner that is not in good standing, a person's account with the
 * person's erasure. In the transaction of the account's institution.
 */
export async function stands(tx: Tx, { partner_id, subject_id }: Pick<UserRow, 'partner_id' | 'subject_id'>, now: Instant): Promise<boolean> {
  const [partner, subject] = await Promise.all([
    partner_id === null ? undefined : partnerById(tx, partner_id),
    subject_id === null ? undefined : subjectById(tx, subject_id),
  ])
  return (partner_id === null || inGoodStanding(partner, now)) && (subject_id === null || subject?.status === 'active')
}
