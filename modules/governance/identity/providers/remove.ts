import { Problem } from '@gatehouse/core/problem'
import { operation } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { secretName } from './provider.ts'
import { providerId } from './schema.ts'
import { deleteProviderRow, lockProvider } from './store.ts'

export const removeProvider = operation({
  name: 'identity.remove_provider',
  kind: 'steps',
  summary: 'Let nobody sign in at an identity provider any more',
  description: 'Accounts stay, their links to the provider end, and so does every session of those who are linked.',
  input: z.strictObject({ provider: providerId }),
  output: z.strictObject({ provider: providerId, sessions_ended: z.int().min(0) }),
  access: { action: 'delete', on: ({ provider }) => ({ type: 'identity_provider', id: provider }) },
  audit: ({ provider }, { sessions_ended }) => ({ object: { kind: 'identity_provider', id: provider }, details: { sessions_ended } }),
  stepUp: true,
  http: { method: 'DELETE', path: '/v1/identity-providers/:provider' },
  example: { input: { provider: '01980000-0000-7000-8000-000000000001' } },
  problems: [doorProblems.not_found],
  async run(ctx, { provider }) {
    const ended = await ctx.step(async (tx) => {
      if ((await lockProvider(tx, ctx.tenant, provider)) === undefined) throw new Problem(doorProblems.not_found)
      return deleteProviderRow(tx, ctx.tenant, provider)
    })
    await ctx.node.secrets.delete(ctx.tenant, secretName(provider))
    return { provider, sessions_ended: ended }
  },
})
