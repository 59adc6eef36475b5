import { operation, Refusal, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { ownView } from '../own-view.ts'
import { consentsProblems } from '../problems.ts'
import { consentFacts, consentKeySchema, ownConsent, ownConsentSchema, reasonSchema } from '../schema.ts'
import { withdraw } from '../withdrawal.ts'
import { guardianshipKeySchema } from './schema.ts'
import { wardOf } from './ward.ts'

export const withdrawForWard = operation({
  name: 'consents.withdraw_for_ward',
  summary: 'Withdraw the consent of somebody one may act for',
  description: 'As when the person withdraws it. Each guardian may do it alone, also where two have to agree.',
  input: z.strictObject({ guardianship: guardianshipKeySchema, consent: consentKeySchema, reason: reasonSchema.optional() }),
  output: ownConsentSchema,
  access: { action: 'update', on: ownConsent },
  audit: (_input, consent) => ({ object: { kind: 'consent', id: consent.id } }),
  http: { method: 'POST', path: '/v1/me/wards/:guardianship/consents/:consent/withdraw' },
  example: { input: { guardianship: '0198c1de-7b3a-7c4d-8e5f-000000000001', consent: '0198c1de-7b3a-7c4d-8e5f-000000000002' } },
  problems: [doorProblems.not_found, consentsProblems.already_withdrawn, consentsProblems.superseded],
  async run(ctx, { guardianship, consent, reason }) {
    const ward = await wardOf(ctx.tx, ctx.principal, guardianship, ctx.now)
    if (ward === undefined) return refuse(doorProblems.not_found)
    const withdrawn = await withdraw(ctx, ward.subject, consent, reason)
    if (withdrawn instanceof Refusal) return withdrawn
    const facts = consentFacts(ward.subject, { id: consent, digest: withdrawn.digest })
    ctx.describe({ ...facts, details: { ...facts.details, guardianship } })
    return ownView(ctx.tx, ctx.node, ctx.now, withdrawn)
  },
})
