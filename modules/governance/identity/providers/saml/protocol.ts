/** SAML 2.0, web browser single sign-on: the request goes by redirect, the response comes by POST and waits for the browser that asked. */
import { AnswerError, type Protocol, ProviderError } from '../protocol.ts'
import { saidBy } from './claims.ts'
import { takeHeld } from './held.ts'
import { logoutUrl, type SamlStay } from './leave.ts'
import { placesOf } from './places.ts'
import { ownKey, samlProvider, signsRequests } from './service-provider.ts'
import { standing } from './settings.ts'
import { library } from './verify.ts'

export const saml: Protocol = {
  async entrance(node, row, ticket) {
    const provider = samlProvider(row)
    const { entity_id: issuer, acs_uri: callbackUrl } = placesOf(node, provider.id)
    const { entry_point: entryPoint, certificates } = provider.saml
    const messages = await library({
      issuer,
      callbackUrl,
      entryPoint,
      idpCert: [...certificates],
      generateUniqueId: () => ticket.request,
      // Its word stands in for a factor of the node, so it has to be a fresh one.
      forceAuthn: provider.factors.length > 0,
      ...(signsRequests(provider) ? { privateKey: await ownKey(node, provider) } : {}),
    })
    return messages.getAuthorizeUrlAsync(ticket.state, undefined, {})
  },

  async told(node, row, ticket, { answer }) {
    const provider = samlProvider(row)
    const assertion = answer === undefined ? undefined : await takeHeld(node, provider, answer)
    if (assertion === undefined) throw new AnswerError('no_answer')
    // The response was to another request than this browser's.
    if (assertion.request !== ticket.request) throw new AnswerError('in_response_to')
    const { nameId, sessionIndex } = assertion
    return {
      said: saidBy(assertion, { ...provider, ...provider.saml }, node.source.nowMs()),
      stay: { name: nameId.value, session: sessionIndex, word: JSON.stringify({ nameId, sessionIndex } satisfies SamlStay) },
    }
  },

  exit: (node, row, word) => logoutUrl(node, samlProvider(row), JSON.parse(word) as SamlStay),

  async tried(node, row) {
    const { saml: settings } = samlProvider(row)
    await ownKey(node, row)
    if (standing(settings.certificates, node.source.nowMs()).length === 0) throw new ProviderError('every certificate of it has ended')
    return {
      authorization_endpoint: settings.entry_point,
      token_endpoint: null,
      algorithms: ['rsa-sha256', 'rsa-sha512', 'rsa-pss'],
      pkce: false,
      names_itself: true,
    }
  },
}
