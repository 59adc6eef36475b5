/** This node as the service provider of one identity provider: its addresses, its key, and what it says of itself. */
import { utf8Text } from '@gatehouse/crypto/bytes'
import { makeCertificate } from '@gatehouse/runtime/base/certificate'
import type { Node } from '@gatehouse/runtime/door/node'
import { ProviderError } from '../protocol.ts'
import { secretName } from '../provider.ts'
import type { ProviderRow } from '../store.ts'
import { placesOf } from './places.ts'
import { type SamlSettings, samlLimits } from './settings.ts'

export type SamlProvider = ProviderRow & { readonly saml: SamlSettings }

export function samlProvider(row: ProviderRow): SamlProvider {
  const { saml } = row
  if (saml === null) throw new Error('this provider does not speak SAML')
  return { ...row, saml }
}

/** A key of RSA, which every provider can check and encrypt to, and its certificate. */
export function newKey(node: Node): Promise<{ readonly cert: string; readonly key: string }> {
  const { hostname } = new URL(node.addresses.origin)
  return makeCertificate([hostname], node.source.nowMs(), 'gatehouse', { kind: 'rsa', days: samlLimits.ownKeyDays })
}

/** PEM. @throws ProviderError */
export async function ownKey(node: Node, { tenant_id: tenant, id }: Pick<ProviderRow, 'tenant_id' | 'id'>): Promise<string> {
  const secret = await node.secrets.read(tenant, secretName(id))
  const key = secret === undefined ? undefined : utf8Text(secret.value)
  if (key === undefined) throw new ProviderError('the key of this node is not in the store of secrets')
  return key
}

/** Requests to sign out are always signed, and the metadata knows no half of it. */
export const signsRequests = ({ saml, signs_out: out }: SamlProvider) => saml.signs_requests || out

/** What the identity provider is told (SAML metadata, section 2.4.4). The key itself is not needed to name its certificate. */
export async function metadataOf(node: Node, row: SamlProvider): Promise<string> {
  const { generateServiceProviderMetadata } = await import('@node-saml/node-saml')
  const { id, saml } = row
  const { entity_id: issuer, acs_uri: callbackUrl, logout_uri: logoutCallbackUrl } = placesOf(node, id)
  return generateServiceProviderMetadata({
    issuer,
    callbackUrl,
    logoutCallbackUrl,
    identifierFormat: 'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent',
    wantAssertionsSigned: saml.signed === 'assertion' || saml.signed === 'both',
    decryptionPvk: 'named, not used',
    decryptionCert: saml.own_certificate,
    // Names the certificate of its signatures; nothing is signed here.
    ...(signsRequests(row) ? { privateKey: 'named, not used', publicCerts: saml.own_certificate } : {}),
    generateUniqueId: () => `_${id}`,
  })
}
