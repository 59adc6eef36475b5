import { Problem } from '@gatehouse/core/problem'
import { utf8 } from '@gatehouse/crypto/bytes'
import { type ActContext, operation, refuse } from '@gatehouse/runtime/door/operation'
import type { z } from 'zod'
import { problems } from '../problems.ts'
import { checkIssuer, checkMaking, keepDomains } from './checked.ts'
import { providerOf, secretLeaseSeconds, secretName } from './provider.ts'
import { newKey } from './saml/service-provider.ts'
import { checkedCertificate } from './saml/settings.ts'
import { addProviderInput, providerLimits, providerSchema } from './schema.ts'
import { domainRows, insertProvider, type ProviderRow } from './store.ts'

export const addProvider = operation({
  name: 'identity.add_provider',
  kind: 'steps',
  summary: 'Let people sign in at an identity provider (OpenID Connect or SAML 2.0)',
  description:
    'With OpenID Connect, register the `redirect_uri` of the answer with the provider, letter by letter; with SAML, hand it the metadata at `metadata_uri`. The secret is kept in the store of secrets and told to nobody. Addresses lead there once their domain is proven; the `sign_in_uri` works at once, for whoever is linked.',
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
  problems: [problems.provider_refused, problems.provider_unfit, problems.too_many_providers, problems.domain_taken, problems.sso_locks_out],
  async run(ctx, { client_id, client_secret, saml, domains, ...settings }) {
    await checkMaking(ctx, settings)
    const { secret, ...spoken } = await speaking(ctx, settings.issuer, { client_id, client_secret, saml })
    const row: ProviderRow = {
      ...settings,
      ...spoken,
      tenant_id: ctx.tenant,
      id: ctx.newId<'identity_provider'>(),
      provisioned: false,
      revision: 1,
      created_at: ctx.now,
    }
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

type Entered = Pick<z.output<typeof addProviderInput>, 'client_id' | 'client_secret' | 'saml'>
type Spoken = Pick<ProviderRow, 'client_id' | 'saml'> & { readonly secret: string }

/** Which protocol it is to be, and the node's secret in it. @throws Problem */
async function speaking(ctx: ActContext, issuer: string, { client_id: client, client_secret: secret, saml }: Entered): Promise<Spoken> {
  if (saml === undefined && client !== undefined && secret !== undefined) {
    checkIssuer(ctx, issuer)
    return { client_id: client, saml: null, secret }
  }
  if (saml === undefined || client !== undefined || secret !== undefined) throw new Problem(problems.provider_unfit, 'client_id and client_secret, or saml')
  const certificates = saml.certificates.map(checkedCertificate)
  const { cert, key } = await newKey(ctx.node)
  return { client_id: null, saml: { ...saml, certificates, own_certificate: cert }, secret: key }
}
