/** Single logout (SAML profiles, section 4.4): by redirect from here, by POST from the provider. */
import type { Node } from '@gatehouse/runtime/door/node'
import type { Leaving } from '../end-named.ts'
import { AnswerError } from '../protocol.ts'
import { providerLimits } from '../schema.ts'
import { type NameId, nameIdOf, timeOf } from './judge.ts'
import { placesOf } from './places.ts'
import { ownKey, type SamlProvider } from './service-provider.ts'
import { samlLimits, standing } from './settings.ts'
import { library, xmlOf } from './verify.ts'
import { attributeOf, checkAlgorithms, children, ns, only, parsed, textOf } from './xml.ts'

/** What a logout request names. */
export interface SamlStay {
  readonly nameId: NameId
  readonly sessionIndex?: string | undefined
}

/** @returns where the browser goes to sign out at the provider as well. @throws ProviderError */
export async function logoutUrl(node: Node, provider: SamlProvider, { nameId, sessionIndex }: SamlStay): Promise<string | undefined> {
  const { logout_url: target } = provider.saml
  if (target === null) return undefined
  const { format, nameQualifier, spNameQualifier } = nameId
  return (await messages(node, provider, target)).getLogoutUrlAsync(
    {
      issuer: provider.issuer,
      nameID: nameId.value,
      nameIDFormat: format ?? 'urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified',
      ...(nameQualifier === undefined ? {} : { nameQualifier }),
      ...(spNameQualifier === undefined ? {} : { spNameQualifier }),
      ...(sessionIndex === undefined ? {} : { sessionIndex }),
    },
    '',
    {},
  )
}

/** @returns where the provider hears that it was done, or that it was not */
export async function answerUrl(node: Node, provider: SamlProvider, request: string, relayState: string, done: boolean): Promise<string | undefined> {
  const { logout_url: target } = provider.saml
  if (target === null) return undefined
  const asked = { ID: request, issuer: provider.issuer, nameID: '', nameIDFormat: '' }
  return (await messages(node, provider, target)).getLogoutResponseUrlAsync(asked, relayState, {}, done)
}

async function messages(node: Node, provider: SamlProvider, target: string) {
  const { entity_id: issuer, acs_uri: callbackUrl } = placesOf(node, provider.id)
  const { entry_point: entryPoint, certificates } = provider.saml
  return library({ issuer, callbackUrl, entryPoint, logoutUrl: target, idpCert: [...certificates], privateKey: await ownKey(node, provider) })
}

/** Whom a logout request names, which has to be signed as a whole. @throws AnswerError */
export async function leavingBy(node: Node, provider: SamlProvider, base64: string): Promise<Leaving> {
  const root = parsed(xmlOf(base64))
  checkAlgorithms(root)
  if (root.namespaceURI !== ns.protocol || root.localName !== 'LogoutRequest' || root.getAttribute('Version') !== '2.0')
    throw new AnswerError('no_logout_request')
  const nowMs = node.source.nowMs()
  const idpCert = standing(provider.saml.certificates, nowMs)
  if (idpCert.length === 0) throw new AnswerError('certificates_ended')
  const saml = await library({ idpCert, issuer: 'unused', callbackUrl: 'unused' })
  await saml.validatePostRequestAsync({ SAMLRequest: base64.replace(/\s/g, '') }).catch(() => {
    throw new AnswerError('signature')
  })
  if (textOf(only(root, ns.assertion, 'Issuer', 'issuer')) !== provider.issuer) throw new AnswerError('issuer')
  if (attributeOf(root, 'Destination') !== placesOf(node, provider.id).logout_uri) throw new AnswerError('destination')
  const skewMs = samlLimits.skewSeconds * 1000
  const issuedMs = timeOf(root, 'IssueInstant')
  if (issuedMs === undefined || issuedMs > nowMs + skewMs || issuedMs < nowMs - providerLimits.awayMinutes * 60_000 - skewMs)
    throw new AnswerError('issue_instant')
  if ((timeOf(root, 'NotOnOrAfter') ?? Number.POSITIVE_INFINITY) <= nowMs - skewMs) throw new AnswerError('ended')
  return {
    once: attributeOf(root, 'ID') ?? '',
    name: nameIdOf(only(root, ns.assertion, 'NameID', 'subject')).value,
    sessions: children(root, ns.protocol, 'SessionIndex').map(textOf),
  }
}
