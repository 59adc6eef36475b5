/** An invitation that is accepted by making a passkey: there is never a password that could be guessed, told or lost. */
import { Problem } from '@gatehouse/core/problem'
import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import { beginSession } from '../begin-session.ts'
import { stoppedAtEntrance } from '../entrance.ts'
import { invited } from '../invited.ts'
import { problems } from '../problems.ts'
import { factorLabel, oneTimeToken, passkeyAnswer, signedInSchema } from '../schema.ts'
import { settle } from '../settle.ts'
import { stands } from '../standing.ts'
import { insertAccount, spendInvitation } from '../store.ts'
import { principalOf, signedInFacts } from '../user.ts'
import { creationOptions, madeBy } from './passkey.ts'
import { optionsSchema } from './passkey-options.ts'
import { insertFactor } from './store.ts'

const refusals = [problems.token_refused, problems.signed_in, problems.foreign_origin]

export const invitedPasskey = operation({
  name: 'identity.invited_passkey',
  summary: 'What a browser needs to accept an invitation by a passkey',
  input: z.strictObject({ token: oneTimeToken }),
  output: optionsSchema,
  access: { public: 'Whoever was invited cannot sign in yet; the token is the permission, and it stays unspent.' },
  audit: () => ({}),
  secretOutput: true,
  http: { method: 'POST', path: '/v1/auth/accept-invitation/passkey/options' },
  example: { input: { token: 'ghi_…' } },
  problems: refusals,
  async run(ctx, { token }) {
    const stopped = stoppedAtEntrance(ctx)
    if (stopped !== undefined) return stopped
    const found = await invited(ctx, token)
    if (found === undefined) return refuse(problems.token_refused)
    return { options: { ...(await creationOptions(ctx.node, found.user, [])) } }
  },
})

export const acceptByPasskey = operation({
  name: 'identity.accept_by_passkey',
  summary: 'Accept an invitation by a passkey, without a password, and sign in',
  description: 'The passkey is two factors in one. Where it is lost, "password forgotten" leads back in by mail, and an administrator removes the lost factor.',
  input: z.strictObject({ token: oneTimeToken, label: factorLabel, passkey: passkeyAnswer }),
  output: signedInSchema,
  access: { public: 'Whoever was invited cannot sign in yet; the token is the permission.' },
  audit: (_input, output) => signedInFacts(output),
  session: 'begins',
  secretOutput: true,
  http: { method: 'POST', path: '/v1/auth/accept-invitation/passkey' },
  example: { input: { token: 'ghi_…', label: 'Laptop', passkey: { id: '…', rawId: '…', type: 'public-key', response: {}, clientExtensionResults: {} } } },
  problems: [...refusals, problems.factor_refused, problems.factor_known, problems.account_closed, problems.sso_required],
  async run(ctx, { token, label, passkey }) {
    const stopped = stoppedAtEntrance(ctx)
    if (stopped !== undefined) return stopped
    const found = await invited(ctx, token)
    if (found === undefined) return refuse(problems.token_refused)
    const { user, invitation } = found
    const { tx, now } = ctx
    const made = await madeBy(ctx, user.id, passkey)
    if (made === undefined) return refuse(problems.factor_refused, undefined, { details: { reason: 'refused' } })
    const factor = {
      ...{ tenant_id: user.tenant_id, id: ctx.newId<'factor'>(), user_id: user.id, kind: 'passkey' as const, label, created_at: now, confirmed_at: now },
      ...{ sealed: null, credential_id: made.credentialId, public_key: made.publicKey, counter: made.counter, transports: made.transports },
    }
    if (!(await insertFactor(tx, factor))) return refuse(problems.factor_known)
    await spendInvitation(tx, invitation)
    await insertAccount(tx, user.tenant_id, { id: ctx.newId<'user'>(), userId: user.id, providerId: 'passkey', accountId: user.id, password: null }, now)
    const session = await beginSession(ctx.node, { tx, tenant: user.tenant_id, now, newId: ctx.newId }, user.id)
    await ctx.actAs(principalOf(user.tenant_id, user.id, user, { session: session.id }))
    if (!(await stands(tx, user, ctx.now))) throw new Problem(problems.account_closed)
    return settle(ctx, user, session, 'passkey')
  },
})
