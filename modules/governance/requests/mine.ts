import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { ownSubject } from '../../subjects/index.ts'
import { monthsAfter, usualClock } from './clock.ts'
import { requestsProblems } from './problems.ts'
import { openMax, ownRequest, ownRequestSchema, requestFacts, requestKinds, shownMax, wordsSchema } from './schema.ts'
import { requestLife } from './states.ts'
import { countOpen, insertRequest, type RequestRow, readClock, requestsOf } from './store.ts'
import { ownViewOf } from './view.ts'

export const myRequests = operation({
  name: 'requests.mine',
  summary: 'List what one has asked for, how it stands, and until when it has to be answered',
  input: z.strictObject({}),
  output: z.strictObject({ requests: z.array(ownRequestSchema) }),
  access: { action: 'read', on: ownRequest },
  audit: (_input, { requests }) => ({ details: { requests: requests.length } }),
  http: { method: 'GET', path: '/v1/me/requests' },
  example: { input: {} },
  problems: [doorProblems.not_found],
  async run(ctx) {
    const subject = await ownSubject(ctx.tx, ctx.principal)
    if (subject === undefined) return refuse(doorProblems.not_found)
    ctx.describe({ subject: { id: subject.id, commitment: subject.commitment } })
    return { requests: (await requestsOf(ctx.tx, subject.id, shownMax)).map((row) => ownViewOf(row, ctx.now)) }
  },
})

export const makeRequest = operation({
  name: 'requests.make',
  summary: 'Ask for access, correction, erasure, restriction, portability, or object',
  description: 'The time in which the institution has to answer begins now; it is computed once and shown to both sides.',
  input: z.strictObject({ kind: z.enum(requestKinds), words: wordsSchema.optional() }),
  output: ownRequestSchema,
  access: { action: 'create', on: ownRequest },
  audit: (_input, { id }) => ({ object: { kind: 'rights_request', id } }),
  http: { method: 'POST', path: '/v1/me/requests', status: 201 },
  example: { input: { kind: 'rectification', words: 'My address has changed.' } },
  problems: [doorProblems.not_found, requestsProblems.too_many_open],
  async run(ctx, { kind, words }) {
    const subject = await ownSubject(ctx.tx, ctx.principal)
    if (subject === undefined) return refuse(doorProblems.not_found)
    if ((await countOpen(ctx.tx, subject.id)) >= openMax) return refuse(requestsProblems.too_many_open)
    const clock = (await readClock(ctx.tx)) ?? usualClock
    const row: RequestRow = {
      subject_id: subject.id,
      id: ctx.newId<'rights_request'>(),
      kind,
      state: requestLife.initial,
      words: words ?? null,
      extension_reason: null,
      answer: null,
      received_at: ctx.now,
      due_at: monthsAfter(ctx.now, clock.answer_months),
      closed_at: null,
      lifted_at: null,
    }
    await insertRequest(ctx.tx, row)
    ctx.describe(requestFacts(subject, row))
    ctx.publish({ type: 'requests.received', subject: row.id, data: { request: row.id, subject: subject.id, kind, due_at: row.due_at } })
    return ownViewOf(row, ctx.now)
  },
})
