import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { ownSubject } from '../../subjects/index.ts'
import { isToConfirm } from './document.ts'
import { comingOfAgeOf } from './guardians/age-rule.ts'
import { ownView } from './own-view.ts'
import { consentsProblems } from './problems.ts'
import { consentFacts, consentKeySchema, ownConsent, ownConsentSchema } from './schema.ts'
import { confirmConsent, lockConsent } from './store.ts'

export const confirmMyConsent = operation({
  name: 'consents.confirm_mine',
  summary: 'Confirm, being of age, what a guardian agreed to',
  description: 'From then on it stands as if one had given it.',
  input: z.strictObject({ consent: consentKeySchema }),
  output: ownConsentSchema,
  access: { action: 'update', on: ownConsent },
  audit: (_input, consent) => ({ object: { kind: 'consent', id: consent.id } }),
  http: { method: 'POST', path: '/v1/me/consents/:consent/confirm' },
  example: { input: { consent: '0198c1de-7b3a-7c4d-8e5f-000000000001' } },
  problems: [doorProblems.not_found, consentsProblems.nothing_to_confirm],
  async run(ctx, { consent }) {
    const subject = await ownSubject(ctx.tx, ctx.principal)
    const kept = subject && (await lockConsent(ctx.tx, subject.id, consent))
    if (subject === undefined || kept === undefined) return refuse(doorProblems.not_found)
    const facts = consentFacts(subject, { id: consent, digest: kept.digest })
    if (!isToConfirm(kept, ctx.now, await comingOfAgeOf(ctx.tx, [kept]))) return refuse(consentsProblems.nothing_to_confirm, undefined, facts)
    await confirmConsent(ctx.tx, subject.id, consent, ctx.now)
    ctx.describe(facts)
    return ownView(ctx.tx, ctx.node, ctx.now, { ...kept, confirmed_at: ctx.now })
  },
})
