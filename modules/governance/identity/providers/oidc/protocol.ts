import { AnswerError, type Protocol } from '../protocol.ts'
import { said } from './claims.ts'
import { authorizationUrl, claimsBy, metadataOf } from './client.ts'
import { oidcProvider } from './provider.ts'

export const oidc: Protocol = {
  entrance: (node, row, ticket) => authorizationUrl(node, oidcProvider(row), ticket),

  async told(node, row, ticket, { code, state, iss }) {
    if (code === undefined) throw new AnswerError('no_code')
    return said(await claimsBy(node, oidcProvider(row), ticket, { code, state, iss }), row)
  },

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
