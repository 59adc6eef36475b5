import { instantSchema } from '@gatehouse/core/schema'
import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import { problems } from '../problems.ts'
import { proofInput } from '../schema.ts'
import { prove, refusedProof } from './prove.ts'
import { renew } from './renew.ts'

/** The edge moves both tokens into cookies. */
export const provenSchema = z.strictObject({ session_token: z.string(), device_token: z.string().optional(), expires_at: instantSchema })

export const proveFactor = operation({
  name: 'identity.prove_factor',
  summary: 'Prove a factor: to finish signing in, or before a dangerous act',
  description: 'A code serves once. The session goes on under another token; dangerous acts are open for five minutes.',
  input: proofInput,
  output: provenSchema,
  access: { action: 'use', on: (_input, principal) => ({ type: 'factor', owner: principal.id }) },
  audit: () => ({}),
  session: 'begins',
  secretOutput: true,
  http: { method: 'POST', path: '/v1/auth/factor' },
  example: { input: { code: '123456' } },
  problems: [problems.factor_refused, problems.factor_too_weak, problems.no_session],
  async run(ctx, input) {
    if (ctx.principal.session === undefined) return refuse(problems.no_session)
    const proven = await prove(ctx, input)
    if ('reason' in proven) return refusedProof(proven)
    ctx.describe({ object: { kind: 'user', id: ctx.principal.id }, details: { by: proven.by, remembered: input.remember === true } })
    const renewed = await renew(ctx, input.remember === true && proven.by !== 'password')
    if (renewed === undefined) return refuse(problems.no_session)
    const { session_token, device_token, session } = renewed
    return { session_token, ...(device_token === undefined ? {} : { device_token }), expires_at: session.expires_at }
  },
})
