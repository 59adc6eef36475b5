import { slugSchema } from '@gatehouse/core/schema'
import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { findPerson, userIdSchema } from '../../subjects/index.ts'
import { recordTypes } from '../vault/index.ts'
import { personFacts } from './facts.ts'
import { retentionProblems } from './problems.ts'
import { type Hold, holdSchema, wordsSchema } from './schema.ts'
import { erasureOf, insertHold, lockRetention } from './store.ts'

const matter = wordsSchema.describe('Why, such as the number of a case. It stays in the institution’s own list.')

export const placeHold = operation({
  name: 'retention.hold',
  summary: 'Place a legal hold: nothing it covers is erased until two people lift it',
  description: 'On one person, on everybody with records of one type, or on the whole institution.',
  input: z
    .strictObject({
      user_id: userIdSchema.optional(),
      record_type: slugSchema.optional(),
      everybody: z.literal(true).optional().describe('The whole institution.'),
      matter,
    })
    .refine(
      ({ matter: _, ...covers }) => Object.values(covers).filter((one) => one !== undefined).length === 1,
      'name one of user_id, record_type and everybody',
    ),
  output: holdSchema,
  access: { action: 'create', on: () => ({ type: 'hold' }) },
  audit: (_input, { id, scope, record_type }) => ({
    object: { kind: 'hold', id },
    details: { scope, ...(record_type === null ? {} : { record_type }) },
  }),
  http: { method: 'POST', path: '/v1/holds', status: 201 },
  example: { input: { user_id: 'C000001', matter: 'Case 2026-0815' } },
  problems: [doorProblems.not_found, retentionProblems.being_erased, retentionProblems.record_type_unknown],
  async run(ctx, input) {
    const { tx } = ctx
    await lockRetention(tx)
    const { user_id, record_type } = input
    const subject = user_id === undefined ? undefined : await findPerson(tx, ctx.node, user_id)
    if (user_id !== undefined) {
      if (subject === undefined || subject.status === 'erased') return refuse(doorProblems.not_found)
      const erasure = await erasureOf(tx, subject.id)
      // What is being destroyed cannot be held any more, and nobody shall believe that it is.
      if (erasure?.state === 'destroying' || erasure?.state === 'purged') return refuse(retentionProblems.being_erased, undefined, personFacts(subject))
      ctx.describe(personFacts(subject))
    }
    if (record_type !== undefined && !(await recordTypes(tx)).some(({ slug }) => slug === record_type)) return refuse(retentionProblems.record_type_unknown)
    const hold: Hold = {
      id: ctx.newId<'hold'>(),
      scope: user_id !== undefined ? 'person' : record_type !== undefined ? 'record_type' : 'institution',
      subject_id: subject?.id ?? null,
      record_type: record_type ?? null,
      matter: input.matter,
      placed_by: ctx.principal.id,
      placed_at: ctx.now,
      lifted_by: null,
      lifted_at: null,
    }
    await insertHold(tx, hold)
    ctx.publish({ type: 'retention.held', subject: hold.id, data: { hold: hold.id, scope: hold.scope } })
    return hold
  },
})
