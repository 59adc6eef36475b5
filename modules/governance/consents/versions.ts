import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { findSubject, userIdSchema } from '../../subjects/index.ts'
import { viewOf } from './document.ts'
import { comingOfAgeOf } from './guardians/age-rule.ts'
import { consentKeySchema, consentSchema, versionsMax } from './schema.ts'
import { consentVersions } from './store.ts'

export const consentHistory = operation({
  name: 'consents.versions',
  summary: 'List the versions of a consent',
  description: 'Newest first, whichever of them is named. A version is never changed; the next one takes its place.',
  input: z.strictObject({ consent: consentKeySchema, user_id: userIdSchema }),
  output: z.strictObject({ versions: z.array(consentSchema) }),
  access: { action: 'read', on: () => ({ type: 'consent' }) },
  audit: ({ consent }, { versions }) => ({ object: { kind: 'consent', id: consent }, details: { versions: versions.length } }),
  http: { method: 'POST', path: '/v1/consents/:consent/versions' },
  example: { input: { consent: '0198c1de-7b3a-7c4d-8e5f-000000000001', user_id: 'EMP-0001' } },
  problems: [doorProblems.not_found],
  async run(ctx, { consent, user_id }) {
    const subject = await findSubject(ctx.tx, ctx.node, user_id)
    const kept = subject === undefined ? [] : await consentVersions(ctx.tx, subject.id, consent, versionsMax)
    if (subject === undefined || kept.length === 0) return refuse(doorProblems.not_found)
    ctx.describe({ subject: { id: subject.id, commitment: subject.commitment } })
    const age = await comingOfAgeOf(ctx.tx, kept)
    return { versions: kept.map((row) => viewOf(row, ctx.now, age)) }
  },
})
