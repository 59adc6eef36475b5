import type { Id } from '@gatehouse/core/id'
import { instantOf } from '@gatehouse/core/instant'
import { Problem } from '@gatehouse/core/problem'
import { utf8 } from '@gatehouse/crypto/bytes'
import { commitment } from '@gatehouse/crypto/hmac'
import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { afterFailure, isLocked, lettersRule } from '../attempts.ts'
import { problems } from '../problems.ts'
import { limits } from '../schema.ts'
import { keepAttempts, lockAttempts, userById } from '../store.ts'
import { factorKey } from './keys.ts'
import { mailSuffices } from './required.ts'
import { codeQueue } from './send-code.ts'
import { factorsOf } from './store.ts'

export const askCode = operation({
  name: 'identity.ask_code',
  summary: 'Ask for a code by mail',
  description:
    'For whoever has no stronger factor, where the institution takes a code by mail as the second one. It goes to the address of the account and serves this session once.',
  input: z.strictObject({}),
  output: z.strictObject({ minutes: z.int() }),
  access: { action: 'use', on: (_input, principal) => ({ type: 'factor', owner: principal.id }) },
  audit: () => ({}),
  http: { method: 'POST', path: '/v1/auth/factor/code', status: 202 },
  example: { input: {} },
  problems: [problems.factor_too_weak, problems.too_many_codes, problems.no_session],
  async run(ctx) {
    const { tx, tenant, principal, node } = ctx
    if (principal.session === undefined) return refuse(problems.no_session)
    const user = await userById(tx, tenant, principal.id as Id<'user'>)
    if (user === undefined) throw new Problem(doorProblems.not_found)
    if (!(await mailSuffices(ctx, user, await factorsOf(tx, tenant, user.id)))) return refuse(problems.factor_too_weak)
    // Letters are counted like failures: a mailbox is not to be flooded, and more codes are more guesses.
    const digest = commitment(node.keys.primitives, await factorKey(node, tenant), 'gatehouse/identity/letters/v1', utf8(user.id))
    const letters = await lockAttempts(tx, tenant, digest, ctx.now)
    if (isLocked(letters, ctx.nowMs)) return refuse(problems.too_many_codes, `wait ${Math.ceil((letters.lockedUntilMs - ctx.nowMs) / 1000)} seconds`)
    const next = afterFailure(letters, ctx.nowMs, lettersRule)
    await keepAttempts(tx, tenant, digest, next.failures, ctx.now, instantOf(next.lockedUntilMs))
    await node.queue.enqueue(tx, codeQueue, { tenant, user: user.id, session: principal.session })
    return { minutes: limits.codeMinutes }
  },
})
