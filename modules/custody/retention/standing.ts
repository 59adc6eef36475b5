import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { findPerson } from '../../subjects/index.ts'
import { personFacts } from './facts.ts'
import { holdsOver } from './holds.ts'
import { erasureSchema, holdSchema, personInput } from './schema.ts'
import { erasureOf } from './store.ts'
import { viewOf } from './view.ts'

export const standing = operation({
  name: 'retention.standing',
  summary: 'Tell whether a person is archived, held, or being erased',
  input: personInput,
  output: z.strictObject({ status: z.enum(['active', 'archived', 'erased']), holds: z.array(holdSchema), erasure: erasureSchema.nullable() }),
  access: { action: 'read', on: () => ({ type: 'person' }) },
  audit: (_input, { status, holds }) => ({ details: { status, holds: holds.length } }),
  http: { method: 'POST', path: '/v1/people/standing' },
  example: { input: { user_id: 'C000001' } },
  problems: [doorProblems.not_found],
  async run(ctx, { user_id }) {
    const subject = await findPerson(ctx.tx, ctx.node, user_id)
    if (subject === undefined) return refuse(doorProblems.not_found)
    ctx.describe(personFacts(subject))
    const [holds, erasure] = await Promise.all([holdsOver(ctx.tx, subject.id), erasureOf(ctx.tx, subject.id)])
    return { status: subject.status, holds, erasure: erasure === undefined ? null : viewOf(erasure) }
  },
})
