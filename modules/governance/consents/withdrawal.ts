/** Withdrawing a consent, whoever does it: the person, or staff on the person's word. */
import type { Id } from '@gatehouse/core/id'
import { type Refusal, refuse, type TransactionContext } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import type { Subject } from '../../subjects/index.ts'
import { findPartner } from '../partners/index.ts'
import type { KeptConsent } from './document.ts'
import { consentsProblems } from './problems.ts'
import { consentFacts } from './schema.ts'
import { findConsent, withdrawConsent } from './store.ts'

/** Another person's consent is not found. The reason is kept with the consent and stands in no log. */
export async function withdraw(
  ctx: TransactionContext,
  subject: Pick<Subject, 'id' | 'commitment'>,
  id: Id<'consent'>,
  reason: string | undefined,
): Promise<KeptConsent | Refusal> {
  const withdrawn = await withdrawConsent(ctx.tx, subject.id, id, ctx.now, reason)
  if (withdrawn === undefined) {
    const known = await findConsent(ctx.tx, subject.id, id)
    if (known === undefined) return refuse(doorProblems.not_found)
    const problem = known.superseded_by !== null ? consentsProblems.superseded : consentsProblems.already_withdrawn
    return refuse(problem, undefined, consentFacts(subject, { id, digest: known.digest }))
  }
  ctx.describe(consentFacts(subject, { id, digest: withdrawn.digest }))
  ctx.publish({ type: 'consents.withdrawn', subject: id, data: { consent: id, subject: subject.id, recipients: await recipientIds(ctx, withdrawn) } })
  return withdrawn
}

/** Partners by their opaque ids, and `*` as it is. Whoever has really received something is told by the exchange. */
async function recipientIds({ tx }: TransactionContext, { document }: KeptConsent): Promise<string[]> {
  const found = await Promise.all(document.recipients.map((reference) => (reference === '*' ? reference : findPartner(tx, reference))))
  return found.flatMap((partner) => (partner === undefined ? [] : typeof partner === 'string' ? partner : partner.id))
}
