import { Problem } from '@gatehouse/core/problem'
import { utf8 } from '@gatehouse/crypto/bytes'
import { operation } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import type { z } from 'zod'
import { problems } from '../problems.ts'
import { checkMaking, keepDomains } from './checked.ts'
import { providerOf, secretLeaseSeconds, secretName } from './provider.ts'
import { checkedCertificate, type samlInput } from './saml/settings.ts'
import { changeProviderInput, providerSchema } from './schema.ts'
import { domainRows, lockProvider, type ProviderRow, updateProvider } from './store.ts'

export const changeProvider = operation({
  name: 'identity.change_provider',
  kind: 'steps',
  summary: 'Change an identity provider, or give it another secret',
  description: 'What is not sent stays as it is. The issuer never changes: whoever is known by one is nobody at another.',
  input: changeProviderInput,
  output: providerSchema,
  access: { action: 'update', on: ({ provider }) => ({ type: 'identity_provider', id: provider }) },
  audit: ({ provider, ...changed }, { revision }) => ({
    object: { kind: 'identity_provider', id: provider },
    details: { changed: Object.keys(changed).sort(), revision },
  }),
  stepUp: true,
  http: { method: 'PATCH', path: '/v1/identity-providers/:provider' },
  example: { input: { provider: '01980000-0000-7000-8000-000000000001', creates_accounts: true } },
  problems: [problems.provider_unfit, problems.domain_taken, problems.sso_locks_out, doorProblems.not_found],
  async run(ctx, { provider, client_id: client, client_secret: secret, saml, domains, ...changed }) {
    const [row, kept] = await ctx.step(async (tx) => {
      const before = await lockProvider(tx, ctx.tenant, provider)
      if (before === undefined) throw new Problem(doorProblems.not_found)
      const given = Object.fromEntries(Object.entries(changed).filter(([, value]) => value !== undefined))
      const after: ProviderRow = { ...before, ...given, ...spoken(before, client, secret, saml), revision: before.revision + 1 }
      await checkMaking(ctx, after)
      await updateProvider(tx, after)
      await keepDomains(ctx, tx, after, domains ?? (await domainRows(tx, ctx.tenant, provider)).map(({ domain }) => domain))
      return [after, await domainRows(tx, ctx.tenant, provider)] as const
    })
    if (secret !== undefined) await ctx.node.secrets.put(ctx.tenant, secretName(provider), utf8(secret), secretLeaseSeconds)
    return providerOf(ctx.node, row, kept)
  },
})

/** What it is told in its protocol stays in it. @throws Problem */
function spoken(
  before: ProviderRow,
  client: string | undefined,
  secret: string | undefined,
  entered: z.output<typeof samlInput> | undefined,
): Pick<ProviderRow, 'client_id' | 'saml'> {
  const { client_id, saml } = before
  if (saml === null ? entered !== undefined : client !== undefined || secret !== undefined)
    throw new Problem(problems.provider_unfit, 'a provider keeps the protocol that it was added with')
  if (saml === null || entered === undefined) return { client_id: client ?? client_id, saml }
  return { client_id, saml: { ...entered, certificates: entered.certificates.map(checkedCertificate), own_certificate: saml.own_certificate } }
}
