/** The steps of the staff. What has to be told to the person is told with the step, or the step is not taken. */
import type { Instant } from '@gatehouse/core/instant'
import { Problem } from '@gatehouse/core/problem'
import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { personById } from '../../subjects/index.ts'
import { type Clock, monthsAfter, usualClock } from './clock.ts'
import { requestsProblems } from './problems.ts'
import { answerSchema, requestFacts, requestKeySchema, requestSchema, stepSchema } from './schema.ts'
import { type RequestStep, requestLife } from './states.ts'
import { lockRequest, type RequestRow, readClock, writeRequest } from './store.ts'
import { viewOf } from './view.ts'

/** These are nothing without words to the person (GDPR article 12(3) and (4)). */
const told: readonly RequestStep[] = ['extend', 'complete', 'refuse']

export const advanceRequest = operation({
  name: 'requests.advance',
  summary: 'Take the next step with what a person has asked for',
  description:
    '`identify`, `begin`, `extend` (once, within the first time, with a reason), `complete` (with an answer) or `refuse` (with a reason). The person reads reason and answer. A restriction that is completed binds at once: the data is only stored.',
  input: z.strictObject({ request: requestKeySchema, step: stepSchema, reason: answerSchema.optional() }),
  output: requestSchema,
  access: { action: 'update', on: () => ({ type: 'rights_request' }) },
  audit: ({ request }) => ({ object: { kind: 'rights_request', id: request } }),
  http: { method: 'POST', path: '/v1/requests/:request/advance' },
  example: { input: { request: '0198c1de-7b3a-7c4d-8e5f-000000000001', step: 'extend', reason: 'The files lie in several archives.' } },
  problems: [doorProblems.not_found, requestsProblems.not_now, requestsProblems.reason_needed, requestsProblems.too_late_to_extend],
  async run(ctx, { request, step, reason }) {
    if (told.includes(step) && reason === undefined) throw new Problem(requestsProblems.reason_needed)
    const row = await lockRequest(ctx.tx, request)
    const subject = row && (await personById(ctx.tx, row.subject_id))
    if (row === undefined || subject === undefined) return refuse(doorProblems.not_found)
    const state = requestLife.next(row.state, step)
    if (state === undefined) return refuse(requestsProblems.not_now, `the request is ${row.state}`, requestFacts(subject, row))
    if (step === 'extend' && row.due_at <= ctx.now) return refuse(requestsProblems.too_late_to_extend, undefined, requestFacts(subject, row))
    const next: RequestRow = { ...row, state, ...changeOf(step, row, reason ?? null, (await readClock(ctx.tx)) ?? usualClock, ctx.now) }
    await writeRequest(ctx.tx, next)
    ctx.describe(requestFacts(subject, next))
    ctx.publish({ type: 'requests.advanced', subject: request, data: { request, subject: subject.id, kind: row.kind, state, due_at: next.due_at } })
    return viewOf(next, ctx.now)
  },
})

function changeOf(step: RequestStep, row: RequestRow, reason: string | null, clock: Clock, now: Instant): Partial<RequestRow> {
  switch (step) {
    case 'extend':
      return { extension_reason: reason, due_at: monthsAfter(row.received_at, clock.answer_months + clock.extension_months) }
    case 'complete':
    case 'refuse':
      return { answer: reason, closed_at: now }
    default:
      return {}
  }
}

export const liftRestriction = operation({
  name: 'requests.lift',
  summary: 'Lift a restriction that was granted',
  description: 'What policies and consents permit is permitted again. The law wants the person told before (GDPR article 18(3)).',
  input: z.strictObject({ request: requestKeySchema, reason: answerSchema }),
  output: requestSchema,
  access: { action: 'update', on: () => ({ type: 'rights_request' }) },
  audit: ({ request }) => ({ object: { kind: 'rights_request', id: request } }),
  http: { method: 'POST', path: '/v1/requests/:request/lift' },
  example: { input: { request: '0198c1de-7b3a-7c4d-8e5f-000000000001', reason: 'The correction has been made.' } },
  problems: [doorProblems.not_found, requestsProblems.not_restricted],
  async run(ctx, { request, reason }) {
    const row = await lockRequest(ctx.tx, request)
    const subject = row && (await personById(ctx.tx, row.subject_id))
    if (row === undefined || subject === undefined) return refuse(doorProblems.not_found)
    if (!viewOf(row, ctx.now).restricts) return refuse(requestsProblems.not_restricted, undefined, requestFacts(subject, row))
    const lifted = { ...row, answer: reason, lifted_at: ctx.now }
    await writeRequest(ctx.tx, lifted)
    ctx.describe(requestFacts(subject, lifted))
    ctx.publish({ type: 'requests.restriction_lifted', subject: request, data: { request, subject: subject.id } })
    return viewOf(lifted, ctx.now)
  },
})
