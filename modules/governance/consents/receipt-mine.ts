import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { ownSubject } from '../../subjects/index.ts'
import { receiptFor } from './receipt.ts'
import { receiptSchema } from './receipt-document.ts'
import { consentFacts, consentKeySchema, ownConsent } from './schema.ts'
import { findConsent } from './store.ts'

export const readMyReceipt = operation({
  name: 'consents.receipt_mine',
  summary: 'Get the receipt of one’s own consent',
  description: 'The same file that staff hands out. The consent of anybody else is not found.',
  input: z.strictObject({ consent: consentKeySchema }),
  output: receiptSchema,
  access: { action: 'read', on: ownConsent },
  audit: (_input, receipt) => ({ object: { kind: 'consent', id: receipt.record_id } }),
  http: { method: 'GET', path: '/v1/me/consents/:consent/receipt' },
  example: { input: { consent: '0198c1de-7b3a-7c4d-8e5f-000000000001' } },
  problems: [doorProblems.not_found],
  async run(ctx, { consent }) {
    const subject = await ownSubject(ctx.tx, ctx.principal)
    const kept = subject && (await findConsent(ctx.tx, subject.id, consent))
    if (subject === undefined || kept === undefined) return refuse(doorProblems.not_found)
    ctx.describe(consentFacts(subject, { id: consent, digest: kept.digest }))
    return receiptFor(ctx, kept)
  },
})
