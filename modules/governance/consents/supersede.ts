/** A consent whose place a newer one takes. */
import type { Id } from '@gatehouse/core/id'
import { Problem } from '@gatehouse/core/problem'
import { type Refusal, refuse, type TransactionContext } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import type { Subject } from '../../subjects/index.ts'
import { lifeOf } from './document.ts'
import { comingOfAgeOf } from './guardians/age-rule.ts'
import { consentsProblems } from './problems.ts'
import type { Giving } from './record.ts'
import { consentFacts, type Terms } from './schema.ts'
import { consentLife } from './states.ts'
import { lockConsent } from './store.ts'

/** @returns the consent before, held until the act ends */
export async function lockPredecessor(
  ctx: TransactionContext,
  subject: Subject,
  id: Id<'consent'>,
  { from }: Terms,
): Promise<NonNullable<Giving['before']> | Refusal> {
  // Between the end of the one and the beginning of the other the person would have agreed to nothing.
  if (from !== undefined && from > ctx.now)
    throw new Problem(consentsProblems.terms_refused, undefined, { errors: [{ pointer: '/from', detail: 'a new version begins at once' }] })
  const kept = await lockConsent(ctx.tx, subject.id, id)
  if (kept === undefined) return refuse(doorProblems.not_found)
  const state = lifeOf(kept, ctx.now, await comingOfAgeOf(ctx.tx, [kept]))
  if (consentLife.can(state, 'supersede')) return kept
  const problem =
    state === 'superseded' ? consentsProblems.superseded : state === 'withdrawn' ? consentsProblems.already_withdrawn : consentsProblems.not_in_life
  return refuse(problem, undefined, consentFacts(subject, { id, digest: kept.digest }))
}
