import { anonymous } from '@gatehouse/runtime/base/context'
import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { problems } from '../../problems.ts'
import { endNamed } from '../end-named.ts'
import { AnswerError, ProviderError } from '../protocol.ts'
import { providerId } from '../schema.ts'
import { anyProvider } from '../store.ts'
import { leavingBy } from './logout-token.ts'
import { oidcProvider } from './provider.ts'

export const takeLogoutToken = operation({
  name: 'identity.take_logout_token',
  kind: 'steps',
  summary: 'Take the word of an OpenID provider that somebody has signed out (back-channel logout)',
  description:
    'OpenID Connect Back-Channel Logout 1.0: ends the sessions that began there, of the session or the person that the token names. A token serves once.',
  input: z.object({ provider: providerId, logout_token: z.string().min(1).max(16_000) }),
  output: z.strictObject({ sessions_ended: z.int().min(0) }),
  access: { public: 'The provider’s signature is checked.' },
  audit: ({ provider }, { sessions_ended }) => ({ object: { kind: 'identity_provider', id: provider }, details: { sessions_ended } }),
  http: { method: 'POST', path: '/v1/auth/oidc/:provider/logout', form: true },
  example: { input: { provider: '01980000-0000-7000-8000-000000000001', logout_token: 'eyJhbGciOi…' } },
  problems: [doorProblems.not_found, problems.logout_refused],
  async run(ctx, { provider: id, logout_token: token }) {
    const { node } = ctx
    const row = await node.database.transaction('node', (tx) => anyProvider(tx, id))
    if (row === undefined || row.saml !== null) return refuse(doorProblems.not_found)
    await ctx.actAs({ ...anonymous, tenant: row.tenant_id })
    const object = { kind: 'identity_provider', id }
    try {
      return { sessions_ended: await endNamed(node, row, await leavingBy(node, oidcProvider(row), token)) }
    } catch (error) {
      if (!(error instanceof AnswerError || error instanceof ProviderError)) throw error
      return refuse(problems.logout_refused, undefined, { object, details: { reason: error instanceof AnswerError ? error.code : 'away' } })
    }
  },
})
