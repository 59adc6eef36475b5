import { AnswerError, type Protocol } from '../protocol.ts'
import { said } from './claims.ts'
import { authorizationUrl, claimsBy, endSessionUrl, metadataOf } from './client.ts'
import { oidcProvider } from './provider.ts'

export const oidc: Protocol = {
  entrance: (node, row, ticket) => authorizationUrl(node, oidcProvider(row), ticket),

  async told(node, row, ticket, { code, state, iss }) {
    if (code === undefined) throw new AnswerError('no_code')
    const { claims, idToken } = await claimsBy(node, oidcProvider(row), ticket, { code, state, iss })
    const { sid } = claims
    return { said: said(claims, row), stay: { name: String(claims.sub), session: typeof sid === 'string' ? sid : undefined, word: idToken } }
  },

  exit: (node, row, idToken) => endSessionUrl(node, oidcProvider(row), idToken),

  async tried(node, row) {
    const found = await metadataOf(node, oidcProvider(row), true)
    return {
      authorization_endpoint: found.authorization_endpoint ?? null,
      token_endpoint: found.token_endpoint ?? null,
      algorithms: found.id_token_signing_alg_values_supported ?? [],
      pkce: found.code_challenge_methods_supported?.includes('S256') ?? false,
      names_itself: found.authorization_response_iss_parameter_supported ?? false,
    }
  },
}
