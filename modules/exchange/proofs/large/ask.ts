import { fromHex } from '@gatehouse/crypto/bytes'
import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import { findSubject, userIdSchema } from '../../../subjects/index.ts'
import { findO1js, O1jsMissing } from '../kimchi/o1js.ts'
import { problems } from '../problems.ts'
import { claim, claimExample } from '../prove.ts'
import { largeQueue } from './prove-queued.ts'
import { openRequestsMax, requestView } from './schema.ts'
import { insertRequest, type NewRequest } from './store.ts'
import { viewOf } from './view.ts'

export const proveLarge = operation({
  name: 'proofs.prove_large',
  summary: 'Ask for a proof over all consents of a grantee and a scope, however many',
  description:
    'As `proofs.prove`, but the person hides among all of them and not among at most 1,024, whenever the consents end. It takes a quarter of a minute of computing and is made by a job; it needs the optional package o1js.',
  input: z.strictObject({ user_id: userIdSchema, ...claim }),
  output: requestView,
  access: { action: 'create', on: () => ({ type: 'proof' }) },
  // Not the person: the answer to the request would tell of them.
  audit: (_input, { id }) => ({ object: { kind: 'proof_request', id } }),
  http: { method: 'POST', path: '/v1/proofs/requests', status: 202 },
  example: { input: { user_id: 'C000001', ...claimExample } },
  problems: [problems.o1js_missing, problems.not_in_set, problems.too_many_requests],
  async run(ctx, { user_id, grantee, purpose, data_class, request_hash, verifier }) {
    try {
      findO1js(ctx.node.o1jsFolder)
    } catch (error) {
      if (error instanceof O1jsMissing) return refuse(problems.o1js_missing, error.message)
      throw error
    }
    const subject = await findSubject(ctx.tx, ctx.node, user_id)
    if (subject?.status !== 'active') return refuse(problems.not_in_set)
    const row: NewRequest = {
      id: ctx.newId<'proof_request'>(),
      grantee,
      purpose,
      data_class,
      request_hash: fromHex(request_hash) ?? new Uint8Array(0),
      verifier,
      state: 'queued',
      asked_at: ctx.now,
    }
    if (!(await insertRequest(ctx.tx, row, subject.id, openRequestsMax))) return refuse(problems.too_many_requests)
    await ctx.enqueue(largeQueue, { request: row.id })
    return viewOf({ ...row, stage: null, members: null, proof_id: null, reason: null, finished_at: null })
  },
})
