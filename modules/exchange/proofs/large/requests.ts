import { Problem } from '@gatehouse/core/problem'
import { idSchema, pageQuery, pageSchema } from '@gatehouse/core/schema'
import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { problems } from '../problems.ts'
import { requestView } from './schema.ts'
import { proofRequestLife } from './states.ts'
import { finishRequest, listRequests, requestById } from './store.ts'
import { viewOf } from './view.ts'

const opaque = 'shows what was asked for and how far it is, and not about whom'

export const requests = operation({
  name: 'proofs.requests',
  summary: 'List the proofs that were asked for over large sets, newest first',
  input: z.strictObject({ ...pageQuery, cursor: idSchema('proof_request').optional() }),
  output: pageSchema(requestView),
  access: { action: 'read', on: () => ({ type: 'proof' }) },
  audit: { none: opaque },
  http: { method: 'GET', path: '/v1/proofs/requests' },
  example: { input: { limit: 20 } },
  async run({ tx }, { cursor, limit }) {
    const rows = await listRequests(tx, cursor, limit + 1)
    const data = rows.slice(0, limit).map(viewOf)
    return { data, next: rows.length > limit ? (data.at(-1)?.id ?? null) : null }
  },
})

export const readRequest = operation({
  name: 'proofs.read_request',
  summary: 'Show how far a proof over a large set is',
  input: z.strictObject({ request: idSchema('proof_request') }),
  output: requestView,
  access: { action: 'read', on: () => ({ type: 'proof' }) },
  audit: { none: opaque },
  http: { method: 'GET', path: '/v1/proofs/requests/:request' },
  example: { input: { request: '0198c1de-7b3a-7c4d-8e5f-000000000001' } },
  problems: [doorProblems.not_found],
  async run({ tx }, { request }) {
    const row = await requestById(tx, request)
    if (row === undefined) throw new Problem(doorProblems.not_found)
    return viewOf(row)
  },
})

export const cancelRequest = operation({
  name: 'proofs.cancel_request',
  summary: 'Cancel a proof over a large set that waits or is under way',
  input: z.strictObject({ request: idSchema('proof_request') }),
  output: requestView,
  access: { action: 'create', on: () => ({ type: 'proof' }) },
  audit: (_input, { id }) => ({ object: { kind: 'proof_request', id } }),
  http: { method: 'DELETE', path: '/v1/proofs/requests/:request' },
  example: { input: { request: '0198c1de-7b3a-7c4d-8e5f-000000000001' } },
  problems: [doorProblems.not_found, problems.request_ended],
  async run(ctx, { request }) {
    const row = await requestById(ctx.tx, request)
    if (row === undefined) return refuse(doorProblems.not_found)
    if (proofRequestLife.next(row.state, 'cancel') === undefined) return refuse(problems.request_ended)
    await finishRequest(ctx.tx, request, { state: 'cancelled', proof: null, reason: null, now: ctx.now })
    const after = await requestById(ctx.tx, request)
    return after?.state === 'cancelled' ? viewOf(after) : refuse(problems.request_ended)
  },
})
