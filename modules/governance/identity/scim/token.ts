/** The token by which a directory keeps people and teams: shown once, kept as a hash, one for each provider. */
import { Problem } from '@gatehouse/core/problem'
import { issueToken } from '@gatehouse/crypto/token'
import { operation } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { providerId } from '../providers/schema.ts'
import { providerById } from '../providers/store.ts'
import { scimBase } from './directory.ts'
import { keepTokenHash } from './store.ts'

export const issueProvisioningToken = operation({
  name: 'identity.issue_provisioning_token',
  summary: 'Let the provider’s directory keep people and teams (SCIM 2.0)',
  description: 'The token is shown once. An earlier one ends with it.',
  input: z.strictObject({ provider: providerId }),
  output: z.strictObject({ token: z.string(), base_uri: z.string() }),
  access: { action: 'update', on: ({ provider }) => ({ type: 'identity_provider', id: provider }) },
  audit: ({ provider }) => ({ object: { kind: 'identity_provider', id: provider } }),
  secretOutput: true,
  stepUp: true,
  http: { method: 'POST', path: '/v1/identity-providers/:provider/provisioning-token', status: 201 },
  example: { input: { provider: '01980000-0000-7000-8000-000000000001' } },
  problems: [doorProblems.not_found],
  async run(ctx, { provider }) {
    // Whoever hands a directory the token lets it invite.
    if (!(await ctx.may('create', { type: 'user' }))) throw new Problem(doorProblems.not_allowed)
    if ((await providerById(ctx.tx, ctx.tenant, provider)) === undefined) throw new Problem(doorProblems.not_found)
    const { token, hash } = issueToken(ctx.node.keys.primitives, 'ghp_')
    await keepTokenHash(ctx.tx, ctx.tenant, provider, hash)
    return { token, base_uri: `${ctx.node.addresses.origin}${scimBase}` }
  },
})

export const endProvisioningToken = operation({
  name: 'identity.end_provisioning_token',
  summary: 'Let the provider’s directory keep nothing any more',
  description: 'People and teams stay as they are.',
  input: z.strictObject({ provider: providerId }),
  output: z.strictObject({ provider: providerId }),
  access: { action: 'update', on: ({ provider }) => ({ type: 'identity_provider', id: provider }) },
  audit: ({ provider }) => ({ object: { kind: 'identity_provider', id: provider } }),
  stepUp: true,
  http: { method: 'DELETE', path: '/v1/identity-providers/:provider/provisioning-token' },
  example: { input: { provider: '01980000-0000-7000-8000-000000000001' } },
  problems: [doorProblems.not_found],
  async run(ctx, { provider }) {
    if (!(await keepTokenHash(ctx.tx, ctx.tenant, provider, null))) throw new Problem(doorProblems.not_found)
    return { provider }
  },
})
