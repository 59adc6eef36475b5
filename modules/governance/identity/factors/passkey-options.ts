import type { Id } from '@gatehouse/core/id'
import { Problem } from '@gatehouse/core/problem'
import { operation } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { problems } from '../problems.ts'
import { userById } from '../store.ts'
import { stopsAdding } from './may-add.ts'
import { creationOptions, requestOptions } from './passkey.ts'
import { factorsOf } from './store.ts'

/** WebAuthn's own members, handed to `navigator.credentials` as they are. */
export const optionsSchema = z.strictObject({ options: z.record(z.string(), z.unknown()) })

export const passkeyCreation = operation({
  name: 'identity.passkey_creation',
  summary: 'What a browser needs to make a passkey',
  input: z.strictObject({}),
  output: optionsSchema,
  access: { action: 'create', on: (_input, principal) => ({ type: 'factor', owner: principal.id }) },
  audit: () => ({}),
  secretOutput: true,
  http: { method: 'POST', path: '/v1/auth/factors/passkey/options' },
  example: { input: {} },
  problems: [problems.too_many_factors, doorProblems.step_up_required, problems.no_session],
  async run(ctx) {
    const stopped = await stopsAdding(ctx)
    if (stopped !== undefined) return stopped
    const user = await userById(ctx.tx, ctx.tenant, ctx.principal.id as Id<'user'>)
    if (user === undefined) throw new Problem(doorProblems.not_found)
    const known = await factorsOf(ctx.tx, ctx.tenant, user.id)
    return { options: { ...(await creationOptions(ctx.node, user, known)) } }
  },
})

export const passkeyRequest = operation({
  name: 'identity.passkey_request',
  summary: 'What a browser needs to answer with a passkey of the caller',
  input: z.strictObject({}),
  output: optionsSchema,
  access: { action: 'use', on: (_input, principal) => ({ type: 'factor', owner: principal.id }) },
  audit: { none: 'A challenge opens nothing; the answer to it is written.' },
  secretOutput: true,
  http: { method: 'POST', path: '/v1/auth/factor/passkey/options' },
  example: { input: {} },
  async run({ node, tx, tenant, principal }) {
    return { options: { ...(await requestOptions(node, `prove ${principal.id}`, await factorsOf(tx, tenant, principal.id))) } }
  },
})

export const passkeyEntrance = operation({
  name: 'identity.passkey_entrance',
  summary: 'What a browser needs to sign in with a passkey',
  input: z.strictObject({}),
  output: optionsSchema,
  access: { public: 'Whoever signs in is not yet anybody. The challenge names nobody and is kept nowhere.' },
  audit: { none: 'A challenge opens nothing; the answer to it is written.' },
  http: { method: 'POST', path: '/v1/auth/sign-in/passkey/options' },
  example: { input: {} },
  async run({ node }) {
    return { options: { ...(await requestOptions(node, 'enter')) } }
  },
})
