import type { TransactionContext } from '@gatehouse/runtime/door/operation'
import { type Refusal, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { provenLately } from '@gatehouse/runtime/door/step-up'
import { problems } from '../problems.ts'
import { limits } from '../schema.ts'
import { factorsOf } from './store.ts'

/**
 * A further factor is a further key to the account, so it needs a fresh proof of an older one. The first may be set up by whoever
 * has just given the password.
 */
export async function stopsAdding(ctx: TransactionContext): Promise<Refusal | undefined> {
  const { tx, tenant, principal, nowMs } = ctx
  // A key of a program must not become a way in for a person.
  if (principal.session === undefined) return refuse(problems.no_session)
  const known = await factorsOf(tx, tenant, principal.id)
  if (known.length >= limits.factorsPerUser) return refuse(problems.too_many_factors)
  const enrolling = principal.roles.includes('enrolling') && known.length === 0
  return enrolling || provenLately(principal, nowMs) ? undefined : refuse(doorProblems.step_up_required)
}
