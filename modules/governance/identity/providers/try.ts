import { Problem } from '@gatehouse/core/problem'
import { operation } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { ProviderError } from './protocol.ts'
import { protocolOf } from './protocols.ts'
import { providerId } from './schema.ts'
import { providerById } from './store.ts'

export const tryProvider = operation({
  name: 'identity.try_provider',
  kind: 'steps',
  summary: 'Ask an identity provider what it says of itself',
  description:
    'Whether it can be reached, calls itself by the address that was given, and can do what is asked of it. Of SAML, which needs no request from here, whether its certificates still hold. Nobody is signed in.',
  input: z.strictObject({ provider: providerId }),
  output: z.strictObject({
    usable: z.boolean(),
    /** Why not, in words for whoever administers. */
    fault: z.string().nullable(),
    authorization_endpoint: z.string().nullable(),
    token_endpoint: z.string().nullable(),
    algorithms: z.array(z.string()),
    /** Whether it says so; it is asked for PKCE in any case. */
    pkce: z.boolean(),
    /** Whether its answers name it (RFC 9207). */
    names_itself: z.boolean(),
  }),
  access: { action: 'update', on: ({ provider }) => ({ type: 'identity_provider', id: provider }) },
  audit: ({ provider }, { usable }) => ({ object: { kind: 'identity_provider', id: provider }, details: { usable } }),
  http: { method: 'POST', path: '/v1/identity-providers/:provider/trial' },
  example: { input: { provider: '01980000-0000-7000-8000-000000000001' } },
  problems: [doorProblems.not_found],
  async run(ctx, { provider }) {
    const row = await ctx.step((tx) => providerById(tx, ctx.tenant, provider))
    if (row === undefined) throw new Problem(doorProblems.not_found)
    try {
      const { algorithms, ...found } = await protocolOf(row).tried(ctx.node, row)
      return { usable: true, fault: null, ...found, algorithms: [...algorithms] }
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error
      return { usable: false, fault: error.message, authorization_endpoint: null, token_endpoint: null, algorithms: [], pkce: false, names_itself: false }
    }
  },
})
