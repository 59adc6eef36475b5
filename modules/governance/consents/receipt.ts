import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { findSubject, userIdSchema } from '../../subjects/index.ts'
import { receiptOf, receiptSchema } from './receipt-document.ts'
import { consentFacts, consentKeySchema } from './schema.ts'
import { findConsent } from './store.ts'

export const readReceipt = operation({
  name: 'consents.receipt',
  summary: 'Get the receipt of a consent',
  description: 'In the field names of ISO/IEC TS 27560, with the document and the digest that stands in the ledger.',
  input: z.strictObject({ consent: consentKeySchema, user_id: userIdSchema }),
  output: receiptSchema,
  access: { action: 'read', on: () => ({ type: 'consent' }) },
  audit: (_input, receipt) => ({ object: { kind: 'consent', id: receipt.record_id } }),
  http: { method: 'POST', path: '/v1/consents/:consent/receipt' },
  example: { input: { consent: '0198c1de-7b3a-7c4d-8e5f-000000000001', user_id: 'EMP-0001' } },
  problems: [doorProblems.not_found],
  async run(ctx, input) {
    const subject = await findSubject(ctx.tx, ctx.node, input.user_id)
    const consent = subject && (await findConsent(ctx.tx, subject.id, input.consent))
    if (subject === undefined || consent === undefined) return refuse(doorProblems.not_found)
    ctx.describe(consentFacts(subject, { id: input.consent, digest: consent.digest }))
    return receiptOf(consent, input.user_id, ctx.tenant)
  },
})
