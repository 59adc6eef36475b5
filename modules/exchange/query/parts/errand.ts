/** Whether what this node does for another is still to be done. Asked as often as whether its run may go on. */
import type { Instant } from '@gatehouse/core/instant'
import type { Tx } from '@gatehouse/runtime/data/db'
import { actsHere } from '../../federation/index.ts'
import type { RunRow } from '../runs/store.ts'
import { isPeer } from './peer.ts'
import { errandOf } from './store.ts'

/** The person was approved here for that one project of the peer: the account may be a member, and the approval be taken back all the same. */
export async function unwantedErrand(
  tx: Tx,
  { id, project_id: project, asked_by: user, asked_from: peer }: Pick<RunRow, 'id' | 'project_id' | 'asked_by' | 'asked_from'>,
  now: Instant,
): Promise<'not_wanted' | 'not_member' | undefined> {
  const errand = peer === null ? undefined : await errandOf(tx, id)
  if (peer === null || errand === undefined) return undefined
  if (errand.deadline_at <= now || !(await isPeer(tx, peer))) return 'not_wanted'
  return (await actsHere(tx, { peer, user, project })) ? undefined : 'not_member'
}
