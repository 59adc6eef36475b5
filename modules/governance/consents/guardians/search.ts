import { operation } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import { findSubject, userIdSchema } from '../../../subjects/index.ts'
import { guardianshipSchema, guardiansMax } from './schema.ts'
import { guardiansOf } from './store.ts'
import { guardianViews } from './ward.ts'

export const listGuardians = operation({
  name: 'consents.guardians',
  summary: 'List who may act for a person, and who might once',
  description: 'Newest first. A person nobody knows has none.',
  input: z.strictObject({ user_id: userIdSchema }),
  output: z.strictObject({ guardians: z.array(guardianshipSchema) }),
  access: { action: 'read', on: () => ({ type: 'consent' }) },
  audit: (_input, { guardians }) => ({ details: { guardians: guardians.length } }),
  http: { method: 'POST', path: '/v1/guardians/search' },
  example: { input: { user_id: 'EMP-0001' } },
  async run(ctx, { user_id }) {
    const subject = await findSubject(ctx.tx, ctx.node, user_id)
    if (subject === undefined) return { guardians: [] }
    ctx.describe({ subject: { id: subject.id, commitment: subject.commitment } })
    return { guardians: await guardianViews(ctx.tx, await guardiansOf(ctx.tx, subject.id, guardiansMax), ctx.now) }
  },
})
