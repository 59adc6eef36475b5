import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { ownSubject } from '../../subjects/index.ts'
import { ownViews } from './own-view.ts'
import { consentKeySchema, ownConsent, ownConsentSchema, versionsMax } from './schema.ts'
import { consentVersions } from './store.ts'

export const myConsentHistory = operation({
  name: 'consents.versions_mine',
  summary: 'List the versions of one’s own consent',
  description: 'Newest first, in plain words. The consent of anybody else is not found.',
  input: z.strictObject({ consent: consentKeySchema }),
  output: z.strictObject({ versions: z.array(ownConsentSchema) }),
  access: { action: 'read', on: ownConsent },
  audit: ({ consent }, { versions }) => ({ object: { kind: 'consent', id: consent }, details: { versions: versions.length } }),
  http: { method: 'GET', path: '/v1/me/consents/:consent/versions' },
  example: { input: { consent: '0198c1de-7b3a-7c4d-8e5f-000000000001' } },
  problems: [doorProblems.not_found],
  async run(ctx, { consent }) {
    const subject = await ownSubject(ctx.tx, ctx.principal)
    const kept = subject && (await consentVersions(ctx.tx, subject.id, consent, versionsMax))
    if (subject === undefined || kept === undefined || kept.length === 0) return refuse(doorProblems.not_found)
    ctx.describe({ subject: { id: subject.id, commitment: subject.commitment } })
    return { versions: await ownViews(ctx.tx, ctx.node, ctx.now, kept) }
  },
})
