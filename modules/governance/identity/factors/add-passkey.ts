import type { Id } from '@gatehouse/core/id'
import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { problems } from '../problems.ts'
import { factorLabel, passkeyAnswer } from '../schema.ts'
import { enrolled, enrolledSchema } from './enrolled.ts'
import { stopsAdding } from './may-add.ts'
import { madeBy } from './passkey.ts'
import { insertFactor } from './store.ts'

export const addPasskey = operation({
  name: 'identity.add_passkey',
  summary: 'Keep a passkey that the browser has made',
  input: z.strictObject({ label: factorLabel, passkey: passkeyAnswer }),
  output: enrolledSchema,
  access: { action: 'create', on: (_input, principal) => ({ type: 'factor', owner: principal.id }) },
  audit: (_input, { factor }) => ({ object: { kind: 'factor', id: factor.id }, details: { kind: factor.kind } }),
  session: 'begins',
  secretOutput: true,
  http: { method: 'POST', path: '/v1/auth/factors/passkey', status: 201 },
  example: { input: { label: 'Laptop', passkey: { id: '…', rawId: '…', type: 'public-key', response: {}, clientExtensionResults: {} } } },
  problems: [problems.factor_refused, problems.factor_known, problems.too_many_factors, doorProblems.step_up_required, problems.no_session],
  async run(ctx, { label, passkey }) {
    const stopped = await stopsAdding(ctx)
    if (stopped !== undefined) return stopped
    const { tx, tenant, principal, now } = ctx
    const user = principal.id as Id<'user'>
    const made = await madeBy(ctx, user, passkey)
    if (made === undefined)
      return refuse(problems.factor_refused, 'the passkey was made for another site, another account or another moment', { details: { reason: 'refused' } })
    const factor = {
      ...{ tenant_id: tenant, id: ctx.newId<'factor'>(), user_id: user, kind: 'passkey' as const, label, created_at: now, confirmed_at: now, sealed: null },
      ...{ credential_id: made.credentialId, public_key: made.publicKey, counter: made.counter, transports: made.transports },
    }
    if (!(await insertFactor(tx, factor))) return refuse(problems.factor_known)
    return enrolled(ctx, { ...factor, last_used_at: null, last_step: 0 })
  },
})
