import type { Node } from '@gatehouse/runtime/door/node'
import { placesOf } from './saml/places.ts'
import { certificateFacts, type SamlSettings } from './saml/settings.ts'
import type { Provider } from './schema.ts'
import type { DomainRow, ProviderRow } from './store.ts'

/** A provider as people see one; its secret is told to nobody. */
export function providerOf(node: Pick<Node, 'addresses'>, row: ProviderRow, domains: readonly DomainRow[]): Provider {
  const { tenant_id: _, saml, ...rest } = row
  return {
    ...rest,
    protocol: saml === null ? 'oidc' : 'saml',
    saml: saml === null ? null : samlOf(node, row.id, saml),
    teams: [...row.teams],
    domains: domains
      .filter(({ provider_id: of }) => of === row.id)
      .map(({ domain, challenge, verified_at }) => ({ domain, record: recordOf(domain), value: proofOf(challenge), verified_at })),
    redirect_uri: redirectUri(node, row.id),
    signed_out_uri: signedOutUri(node),
    backchannel_logout_uri: saml === null ? `${node.addresses.origin}/v1/auth/oidc/${row.id}/logout` : null,
    sign_in_uri: `${node.addresses.origin}/sign-in?provider=${row.id}`,
  }
}

function samlOf(node: Pick<Node, 'addresses'>, id: string, { own_certificate: _, ...settings }: SamlSettings): Provider['saml'] {
  return { ...settings, certificates: settings.certificates.map(certificateFacts), ...placesOf(node, id) }
}

/** One for each provider, so that an answer of one cannot be passed off as another's (RFC 9700 section 4.4.2.2). */
export function redirectUri({ addresses }: Pick<Node, 'addresses'>, provider: string): string {
  return `${addresses.origin}/sign-in/return/${provider}`
}

/** Where a provider leads back to once somebody has signed out there. */
export const signedOutUri = ({ addresses }: Pick<Node, 'addresses'>) => `${addresses.origin}/sign-in`

export const recordOf = (domain: string) => `_gatehouse.${domain}`
export const proofOf = (challenge: string) => `gatehouse-domain=${challenge}`

/** Where the provider's secret lies in the store of secrets. */
export const secretName = (provider: string) => `identity/${provider}`
export const secretLeaseSeconds = 300
