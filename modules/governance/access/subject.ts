/**
 * The roles that an account has stand with the account, and identity writes them here too, in the same transaction: so the question
 * who may do something is answered from one place, whoever gave the right.
 */
import type { Id } from '@gatehouse/core/id'
import type { Tx } from '@gatehouse/runtime/data/db'
import { writeRelations } from './change.ts'
import { staffRoles } from './role-names.ts'
import { dropSubjectTuples } from './store.ts'

/** Sets which roles of the staff an account gives. `before` are those that it gave. */
export async function mirrorRoles(tx: Tx, tenant: Id<'tenant'>, user: Id<'user'>, now: readonly string[], before: readonly string[] = []): Promise<void> {
  const holding = (role: string) => ({ object: { type: 'role', id: role }, relation: 'holder', subject: { type: 'staff', id: user } })
  const known = (role: string) => (staffRoles as readonly string[]).includes(role)
  const touch = now.filter(known).map(holding)
  const gone = before.filter((role) => known(role) && !now.includes(role)).map(holding)
  if (touch.length + gone.length > 0) await writeRelations(tx, tenant, { touch, delete: gone })
}

/** When an account is closed, nothing names it any more. */
export async function dropSubject(tx: Tx, tenant: Id<'tenant'>, user: Id<'user'>): Promise<void> {
  if ((await dropSubjectTuples(tx, tenant, 'staff', user)) > 0) await writeRelations(tx, tenant, {})
}
