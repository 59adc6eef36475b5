import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { findPerson, moveSubject } from '../../subjects/index.ts'
import { personFacts } from './facts.ts'
import { archiveReasonSchema, personInput } from './schema.ts'

export const archive = operation({
  name: 'retention.archive',
  summary: 'Archive a person: hide everything about them, and lose nothing',
  description:
    'Reads, releases and searches answer as if nobody had ever known the person; tokens that are out are refused. What is sent about the person is rejected until they are restored.',
  input: personInput.extend({ reason: archiveReasonSchema }),
  output: z.strictObject({ status: z.literal('archived') }),
  access: { action: 'update', on: () => ({ type: 'person' }) },
  audit: ({ reason }) => ({ details: { reason } }),
  http: { method: 'POST', path: '/v1/people/archivals' },
  example: { input: { user_id: 'C000001', reason: 'inactive' } },
  problems: [doorProblems.not_found],
  async run(ctx, { user_id }) {
    const subject = await findPerson(ctx.tx, ctx.node, user_id)
    if (subject === undefined || subject.status === 'erased') return refuse(doorProblems.not_found)
    ctx.describe(personFacts(subject))
    await moveSubject(ctx.tx, subject.id, 'archived')
    ctx.publish({ type: 'retention.archived', data: {} })
    return { status: 'archived' as const }
  },
})
