import type { Id } from '@gatehouse/core/id'
import { Problem } from '@gatehouse/core/problem'
import { operation, Refusal, refuse, type TransactionContext } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { registerSubjects, type Subject } from '../../subjects/index.ts'
import { checkTerms } from './check-terms.ts'
import { type KeptConsent, viewOf } from './document.ts'
import { comingOfAgeOf } from './guardians/age-rule.ts'
import { consentsProblems } from './problems.ts'
import { receiptFor } from './receipt.ts'
import { receiptSchema } from './receipt-document.ts'
import { type OnBehalf, recordConsents } from './record.ts'
import { consentFacts, consentSchema, givenSchema, type Terms } from './schema.ts'
import { lockPredecessor } from './supersede.ts'

export const giveConsent = operation({
  name: 'consents.give',
  summary: 'Record the consent of a person',
  description:
    'A person who is not known yet is registered. With `supersedes` it becomes the next version of an earlier consent of the same person, which ends at that moment. The answer holds the receipt to hand to the person.',
  input: givenSchema,
  output: z.strictObject({ consent: consentSchema, receipt: receiptSchema }),
  access: { action: 'create', on: () => ({ type: 'consent' }) },
  audit: (_input, { consent }) => ({ object: { kind: 'consent', id: consent.id } }),
  http: { method: 'POST', path: '/v1/consents', status: 201 },
  example: {
    input: {
      user_id: 'EMP-0001',
      purposes: ['dpv:DirectMarketing'],
      recipients: ['harbour-bank'],
      data_classes: ['employee'],
      until: '2027-11-22T00:00:00Z',
      method: 'electronic_form',
      evidence_reference: 'form 2026-4711',
      notice_version: '2026-09',
      language: 'en',
    },
  },
  problems: [
    doorProblems.not_found,
    consentsProblems.terms_refused,
    consentsProblems.already_given,
    consentsProblems.person_erased,
    consentsProblems.superseded,
    consentsProblems.already_withdrawn,
    consentsProblems.not_in_life,
  ],
  async run(ctx, { user_id, supersedes, ...terms }) {
    const { tx, node, now } = ctx
    await checkTerms(tx, node, now, [terms], [''])
    const subject = (await registerSubjects(tx, node, [user_id])).get(user_id)
    if (subject === undefined) throw new Error('a person was registered but is not in the answer')
    const person = { subject: { id: subject.id, commitment: subject.commitment } }
    if (subject.status !== 'active') return refuse(consentsProblems.person_erased, undefined, person)
    const consent = await give(ctx, subject, terms, supersedes)
    if (consent instanceof Refusal) return consent
    return { consent: viewOf(consent, now, await comingOfAgeOf(tx, [consent])), receipt: await receiptFor(ctx, consent) }
  },
})

/** Records it for a person who is known and active, whoever gives it; the terms have been checked. */
export async function give(
  ctx: TransactionContext,
  subject: Subject,
  terms: Terms,
  supersedes: Id<'consent'> | undefined,
  onBehalf?: OnBehalf,
): Promise<KeptConsent | Refusal> {
  const before = supersedes === undefined ? undefined : await lockPredecessor(ctx, subject, supersedes, terms)
  if (before instanceof Refusal) return before
  const [recorded] = await recordConsents(ctx, ctx.tx, [{ subject, terms, onBehalf, ...(before === undefined ? {} : { before }) }])
  if (recorded === undefined) {
    // The predecessor has ended in this transaction, and must not have.
    if (before !== undefined) throw new Problem(consentsProblems.already_given)
    return refuse(consentsProblems.already_given, undefined, { subject: { id: subject.id, commitment: subject.commitment } })
  }
  const { consent } = recorded
  const { id } = consent.document
  const facts = consentFacts(subject, { id, digest: consent.digest })
  const more = {
    ...(before === undefined ? {} : { supersedes: before.document.id }),
    ...(onBehalf === undefined ? {} : { capacity: onBehalf.givenBy.capacity, guardianships: onBehalf.givenBy.guardianships }),
  }
  ctx.describe({ ...facts, details: { ...facts.details, ...more } })
  ctx.publish({ type: 'consents.given', subject: id, data: { consent: id, subject: subject.id } })
  return consent
}
