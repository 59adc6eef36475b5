import { addSeconds } from '@gatehouse/core/instant'
import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { findPerson, moveSubject } from '../../subjects/index.ts'
import { personFacts } from './facts.ts'
import { retentionProblems } from './problems.ts'
import { reprieveDays } from './rules/schema.ts'
import { giveReprieve } from './rules/store.ts'
import { personInput } from './schema.ts'

export const restore = operation({
  name: 'retention.restore',
  summary: 'Restore an archived person',
  input: personInput,
  output: z.strictObject({ status: z.literal('active') }),
  access: { action: 'update', on: () => ({ type: 'person' }) },
  audit: () => ({}),
  http: { method: 'POST', path: '/v1/people/restorations' },
  example: { input: { user_id: 'C000001' } },
  problems: [doorProblems.not_found, retentionProblems.not_archived],
  async run(ctx, { user_id }) {
    const subject = await findPerson(ctx.tx, ctx.node, user_id)
    if (subject === undefined || subject.status === 'erased') return refuse(doorProblems.not_found)
    if (!(await moveSubject(ctx.tx, subject.id, 'active'))) return refuse(retentionProblems.not_archived, undefined, personFacts(subject))
    await giveReprieve(ctx.tx, subject.id, addSeconds(ctx.now, reprieveDays * 86_400))
    ctx.describe(personFacts(subject))
    ctx.publish({ type: 'retention.restored', data: {} })
    return { status: 'active' as const }
  },
})
