import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import { registerSubjects } from '../../subjects/index.ts'
import { checkTerms } from './check-terms.ts'
import { viewOf } from './document.ts'
import { consentsProblems } from './problems.ts'
import { receiptOf, receiptSchema } from './receipt-document.ts'
import { recordConsents } from './record.ts'
import { consentFacts, consentInputSchema, consentSchema } from './schema.ts'

export const giveConsent = operation({
  name: 'consents.give',
  summary: 'Record the consent of a person',
  description: 'A person who is not known yet is registered. The answer holds the receipt to hand to the person.',
  input: consentInputSchema,
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
  problems: [consentsProblems.terms_refused, consentsProblems.already_given, consentsProblems.person_erased],
  async run(ctx, { user_id, ...terms }) {
    const { tx, node, now } = ctx
    await checkTerms(tx, node, now, [terms], [''])
    const subject = (await registerSubjects(tx, node, [user_id])).get(user_id)
    if (subject === undefined) throw new Error('a person was registered but is not in the answer')
    const person = { subject: { id: subject.id, commitment: subject.commitment } }
    if (subject.status !== 'active') return refuse(consentsProblems.person_erased, undefined, person)
    const [recorded] = await recordConsents(ctx, tx, [{ subject, terms }])
    if (recorded === undefined) return refuse(consentsProblems.already_given, undefined, person)
    const { consent } = recorded
    ctx.describe(consentFacts(subject, { id: consent.document.id, digest: consent.digest }))
    ctx.publish({ type: 'consents.given', subject: consent.document.id, data: { consent: consent.document.id, subject: subject.id } })
    return { consent: viewOf(consent, now), receipt: receiptOf(consent, user_id, ctx.tenant) }
  },
})
