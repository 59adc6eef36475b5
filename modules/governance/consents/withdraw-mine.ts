import { operation, Refusal, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { ownSubject } from '../../subjects/index.ts'
import { ownView } from './own-view.ts'
import { consentsProblems } from './problems.ts'
import { consentKeySchema, ownConsent, ownConsentSchema, reasonSchema } from './schema.ts'
import { withdraw } from './withdrawal.ts'

export const withdrawMyConsent = operation({
  name: 'consents.withdraw_mine',
  summary: 'Withdraw one’s own consent',
  description:
    'As when staff withdraws it: at once, and a token that rests on it is refused when it is redeemed. The consent of anybody else is not found. The reason is kept with the consent and not logged.',
  input: z.strictObject({ consent: consentKeySchema, reason: reasonSchema.optional() }),
  output: ownConsentSchema,
  access: { action: 'update', on: ownConsent },
  audit: (_input, consent) => ({ object: { kind: 'consent', id: consent.id } }),
  http: { method: 'POST', path: '/v1/me/consents/:consent/withdraw' },
  example: { input: { consent: '0198c1de-7b3a-7c4d-8e5f-000000000001' } },
  problems: [doorProblems.not_found, consentsProblems.already_withdrawn, consentsProblems.superseded],
  async run(ctx, { consent, reason }) {
    const subject = await ownSubject(ctx.tx, ctx.principal)
    if (subject === undefined) return refuse(doorProblems.not_found)
    const withdrawn = await withdraw(ctx, subject, consent, reason)
    if (withdrawn instanceof Refusal) return withdrawn
    return ownView(ctx.tx, ctx.node, ctx.now, withdrawn)
  },
})
