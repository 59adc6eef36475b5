import type { Id } from '@gatehouse/core/id'
import { Problem } from '@gatehouse/core/problem'
import type { Tx } from '@gatehouse/runtime/data/db'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { type UserRow, userById } from './store.ts'

/**
 * One of the users that administration keeps. The accounts of persons concerned are not among them.
 * @throws Problem `not_found`
 */
export async function managedUser(tx: Tx, tenant: Id<'tenant'>, id: Id<'user'>): Promise<UserRow> {
  const user = await userById(tx, tenant, id)
  if (user === undefined || user.subject_id !== null) throw new Problem(doorProblems.not_found)
  return user
}
