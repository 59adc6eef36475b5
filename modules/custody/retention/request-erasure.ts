import { operation, Refusal, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { findPerson } from '../../subjects/index.ts'
import { retentionProblems } from './problems.ts'
import { requestErasure as request } from './request.ts'
import { erasureSchema, groundSchema, personInput, wordsSchema } from './schema.ts'
import { viewOf } from './view.ts'

export const requestErasure = operation({
  name: 'retention.request_erasure',
  summary: 'Request that a person is erased',
  description: 'Nothing is destroyed yet: two different people approve the erasure by its id.',
  input: personInput.extend({
    ground: groundSchema,
    reference: wordsSchema.optional().describe('What the request is filed under. It is forgotten with the person.'),
  }),
  output: erasureSchema,
  access: { action: 'create', on: () => ({ type: 'erasure' }) },
  audit: () => ({}),
  http: { method: 'POST', path: '/v1/erasures', status: 201 },
  example: { input: { user_id: 'C000001', ground: 'request_of_the_person' } },
  problems: [doorProblems.not_found, retentionProblems.being_erased],
  async run(ctx, { user_id, ground, reference }) {
    const subject = await findPerson(ctx.tx, ctx.node, user_id)
    if (subject === undefined) return refuse(doorProblems.not_found)
    const row = await request(ctx, subject, { ground, reference })
    return row instanceof Refusal ? row : viewOf(row)
  },
})
