import { operation, Refusal, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { findSubject, userIdSchema } from '../../subjects/index.ts'
import { viewOf } from './document.ts'
import { comingOfAgeOf } from './guardians/age-rule.ts'
import { consentsProblems } from './problems.ts'
import { consentKeySchema, consentSchema, reasonSchema } from './schema.ts'
import { withdraw } from './withdrawal.ts'

export const withdrawConsent = operation({
  name: 'consents.withdraw',
  summary: 'Withdraw a consent',
  description: 'It takes effect at once: a token that rests on the consent is refused when it is redeemed. The reason is kept with the consent and not logged.',
  input: z.strictObject({ consent: consentKeySchema, user_id: userIdSchema, reason: reasonSchema.optional() }),
  output: consentSchema,
  access: { action: 'update', on: () => ({ type: 'consent' }) },
  audit: (_input, consent) => ({ object: { kind: 'consent', id: consent.id } }),
  http: { method: 'POST', path: '/v1/consents/:consent/withdraw' },
  example: { input: { consent: '0198c1de-7b3a-7c4d-8e5f-000000000001', user_id: 'EMP-0001' } },
  problems: [doorProblems.not_found, consentsProblems.already_withdrawn, consentsProblems.superseded],
  async run(ctx, { consent, user_id, reason }) {
    const subject = await findSubject(ctx.tx, ctx.node, user_id)
    if (subject === undefined) return refuse(doorProblems.not_found)
    const withdrawn = await withdraw(ctx, subject, consent, reason)
    return withdrawn instanceof Refusal ? withdrawn : viewOf(withdrawn, ctx.now, await comingOfAgeOf(ctx.tx, [withdrawn]))
  },
})
