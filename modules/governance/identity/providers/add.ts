import { utf8 } from '@gatehouse/crypto/bytes'
import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { problems } from '../problems.ts'
import { checkIssuer, checkMaking, keepDomains } from './checked.ts'
import { providerOf, secretLeaseSeconds, secretName } from './provider.ts'
import { addProviderInput, providerLimits, providerSchema } from './schema.ts'
import { domainRows, insertProvider, type ProviderRow } from './store.ts'

export const addProvider = operation({
  name: 'identity.add_provider',
  kind: 'steps',
  summary: 'Let people sign in at an identity provider (OpenID Connect)',
  description:
    'Register the `redirect_uri` of the answer with the provider, letter by letter. Its secret is kept in the store of secrets and told to nobody. Addresses lead there once their domain is proven; the `sign_in_uri` works at once, for whoever is linked.',
  input: addProviderInput,
  output: providerSchema,
  access: { action: 'create', on: () => ({ type: 'identity_provider' }) },
  audit: (_input, { id, creates_accounts, roles, required, factors, domains }) => ({
    object: { kind: 'identity_provider', id },
    details: { creates_accounts, roles, required, factors: factors.length, domains: domains.length },
  }),
  stepUp: true,
  http: { method: 'POST', path: '/v1/identity-providers', status: 201 },
  example: {
    input: {
      name: 'Lakeside directory',
      issuer: 'https://lakeside.okta.com',
      client_id: '0oa1b2c3',
      client_secret: 'the secret',
      domains: ['lakeside.example'],
    },
  },
  problems: [problems.provider_refused, problems.too_many_providers, problems.domain_taken, problems.sso_locks_out],
  async run(ctx, { client_secret: secret, domains, ...settings }) {
    checkIssuer(ctx, settings.issuer)
    await checkMaking(ctx, settings)
    const row: ProviderRow = { ...settings, tenant_id: ctx.tenant, id: ctx.newId<'identity_provider'>(), provisioned: false, revision: 1, created_at: ctx.now }
    const kept = await ctx.step(async (tx) => {
      if (!(await insertProvider(tx, row, providerLimits.providersPerTenant))) return undefined
      await keepDomains(ctx, tx, row, domains)
      return domainRows(tx, ctx.tenant, row.id)
    })
    if (kept === undefined) return refuse(problems.too_many_providers)
    await ctx.node.secrets.put(ctx.tenant, secretName(row.id), utf8(secret), secretLeaseSeconds)
    return providerOf(ctx.node, row, kept)
  },
})
