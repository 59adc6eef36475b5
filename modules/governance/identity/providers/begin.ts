import { anonymous } from '@gatehouse/runtime/base/context'
import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import { stoppedAtEntrance } from '../entrance.ts'
import { problems } from '../problems.ts'
import { email } from '../schema.ts'
import { ProviderError } from './protocol.ts'
import { protocolOf } from './protocols.ts'
import { domainOf } from './said.ts'
import { providerId } from './schema.ts'
import { anyProvider, providerOfDomain } from './store.ts'
import { newTicket } from './ticket.ts'

export const beginSso = operation({
  name: 'identity.begin_sso',
  kind: 'steps',
  summary: 'Be sent to the provider of an institution to sign in',
  description:
    'By an address, whose domain its institution has proven, or by the id of a provider. The answer depends on the domain alone, so it tells nobody who has an account. What comes back is taken from this browser only, once, within ten minutes.',
  input: z
    .strictObject({ email: email.optional(), provider: providerId.optional() })
    .refine(({ email: a, provider: b }) => (a === undefined) !== (b === undefined), {
      error: 'an address or a provider',
    }),
  output: z.strictObject({ location: z.string(), entrance_token: z.string() }),
  access: { public: 'Whoever signs in is not yet anybody.' },
  audit: () => ({}),
  session: 'begins',
  secretOutput: true,
  http: { method: 'POST', path: '/v1/auth/sso' },
  example: { input: { email: 'ada@example.org' } },
  problems: [problems.sso_unknown, problems.sso_away, problems.signed_in, problems.foreign_origin],
  async run(ctx, input) {
    const stopped = stoppedAtEntrance(ctx)
    if (stopped !== undefined) return stopped
    const { node } = ctx
    const provider = await node.database.transaction('node', (tx) =>
      input.provider === undefined ? providerOfDomain(tx, domainOf(input.email ?? '')) : anyProvider(tx, input.provider),
    )
    if (provider === undefined) return refuse(problems.sso_unknown)
    await ctx.actAs({ ...anonymous, tenant: provider.tenant_id })
    ctx.describe({ object: { kind: 'identity_provider', id: provider.id } })
    try {
      const ticket = await newTicket(node, provider.id)
      return { location: await protocolOf(provider).entrance(node, provider, ticket), entrance_token: ticket.token }
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error
      node.log.warn({ provider: provider.id, why: error.message }, 'an identity provider cannot be used')
      return refuse(problems.sso_away, undefined, { object: { kind: 'identity_provider', id: provider.id } })
    }
  },
})
