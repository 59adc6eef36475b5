import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { findSubject, userIdSchema } from '../../../subjects/index.ts'
import { reasonSchema } from '../schema.ts'
import { guardianshipKeySchema, guardianshipSchema } from './schema.ts'
import { revokeGuardianship } from './store.ts'
import { guardianViews } from './ward.ts'

export const revokeGuardian = operation({
  name: 'consents.revoke_guardian',
  summary: 'End what a guardian may do',
  description: 'At once. What the guardian agreed to before stays until it is withdrawn. The reason is kept and not logged.',
  input: z.strictObject({ guardianship: guardianshipKeySchema, user_id: userIdSchema, reason: reasonSchema.optional() }),
  output: guardianshipSchema,
  access: { action: 'update', on: () => ({ type: 'consent' }) },
  audit: ({ guardianship }) => ({ object: { kind: 'guardianship', id: guardianship } }),
  http: { method: 'POST', path: '/v1/guardians/:guardianship/revoke' },
  example: { input: { guardianship: '0198c1de-7b3a-7c4d-8e5f-000000000001', user_id: 'EMP-0001' } },
  problems: [doorProblems.not_found],
  async run(ctx, { guardianship, user_id, reason }) {
    const subject = await findSubject(ctx.tx, ctx.node, user_id)
    const revoked = subject && (await revokeGuardianship(ctx.tx, subject.id, guardianship, ctx.now, reason))
    if (subject === undefined || revoked === undefined) return refuse(doorProblems.not_found)
    ctx.describe({ subject: { id: subject.id, commitment: subject.commitment } })
    ctx.publish({ type: 'consents.guardian_revoked', subject: guardianship, data: { guardianship, subject: subject.id } })
    const [view] = await guardianViews(ctx.tx, [revoked], ctx.now)
    if (view === undefined) throw new TypeError('one guardianship has one view')
    return view
  },
})
