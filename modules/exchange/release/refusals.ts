import { Problem } from '@gatehouse/core/problem'
import { idSchema, instantSchema, pageQuery, pageSchema } from '@gatehouse/core/schema'
import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { findPartner } from '../../governance/partners/index.ts'
import { refusedActs } from '../../ledger/index.ts'
import { answeredReasons } from './answered.ts'
import { authorize } from './authorize.ts'

const refusal = z.strictObject({
  /** The entry of the decision. */
  id: idSchema('entry'),
  at: instantSchema,
  partner: idSchema('partner'),
  purpose: z.string().nullable(),
  reasons: z.array(z.string()).describe('The codes that the partner was answered'),
  fields_requested: z.number().int().nullable(),
})

export const refusals = operation({
  name: 'release.refusals',
  summary: 'List refused requests with what was answered',
  description:
    'Newest first, for whoever connects a partner’s system. It tells what the partner was told and no more: a person without consent, an unknown one and an erased one stay alike. Staff finds the full reasons in the log.',
  input: z.strictObject({
    ...pageQuery,
    cursor: idSchema('entry').optional(),
    partner: z.string().min(1).max(64).optional().describe('Id or reference; needed unless the caller belongs to a partner'),
  }),
  output: pageSchema(refusal),
  access: { action: 'read', on: (_input, principal) => ({ type: 'release', ...(principal.partner === undefined ? {} : { owner: principal.partner }) }) },
  audit: { none: 'shows times, purposes and reason codes, and nothing of a person' },
  http: { method: 'GET', path: '/v1/refusals' },
  example: { input: { partner: 'northwind-bank', limit: 20 } },
  problems: [doorProblems.not_found],
  async run({ tx, principal }, { partner: named, cursor, limit }) {
    const found = named === undefined ? undefined : await findPartner(tx, named)
    if (named !== undefined && (found === undefined || (principal.partner ?? found.id) !== found.id)) return refuse(doorProblems.not_found)
    const partner = principal.partner ?? found?.id
    if (partner === undefined) throw new Problem(doorProblems.input_invalid, undefined, { errors: [{ pointer: '/partner', detail: 'name the partner' }] })
    const acts = await refusedActs(tx, { type: authorize.name, partner, before: cursor, limit: limit + 1 })
    const data = acts.slice(0, limit).map(({ id, at, purpose, details }) => ({
      id,
      at,
      partner,
      purpose: purpose ?? null,
      reasons: answeredReasons(details),
      fields_requested: typeof details?.requested === 'number' ? details.requested : null,
    }))
    return { data, next: acts.length > limit ? (data.at(-1)?.id ?? null) : null }
  },
})
