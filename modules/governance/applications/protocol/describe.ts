/** What the node says of itself as an authorization server. */
import { operation } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import { claimNames } from '../schema.ts'
import { freshSigningKeys, publicKeys } from './keys.ts'
import { paths } from './provider.ts'

const why = 'Whoever is to use the node has to find it, and whoever is to believe its tokens needs its keys.'

export const metadata = operation({
  name: 'applications.metadata',
  summary: 'Describe the node as an authorization server',
  description: 'OpenID Connect Discovery 1.0 and RFC 8414.',
  input: z.strictObject({}),
  output: z.record(z.string(), z.unknown()),
  access: { public: why },
  audit: { none: 'It says the same to everybody.' },
  http: { method: 'GET', path: '/.well-known/openid-configuration', aliases: ['/.well-known/oauth-authorization-server'] },
  example: { input: {} },
  async run({ node }) {
    const { origin } = node.addresses
    const methods = ['client_secret_basic', 'client_secret_post', 'none']
    return {
      issuer: origin,
      authorization_endpoint: origin + paths.authorization,
      token_endpoint: origin + paths.token,
      introspection_endpoint: origin + paths.introspection,
      revocation_endpoint: origin + paths.revocation,
      jwks_uri: origin + paths.jwks,
      response_types_supported: ['code'],
      response_modes_supported: ['query'],
      grant_types_supported: ['authorization_code', 'refresh_token', 'client_credentials'],
      code_challenge_methods_supported: ['S256'],
      scopes_supported: ['openid', ...claimNames],
      claims_supported: ['sub', 'name', 'email'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['ES256'],
      dpop_signing_alg_values_supported: ['ES256', 'EdDSA', 'Ed25519'],
      token_endpoint_auth_methods_supported: methods,
      introspection_endpoint_auth_methods_supported: methods,
      revocation_endpoint_auth_methods_supported: methods,
      authorization_response_iss_parameter_supported: true,
    }
  },
})

export const keySet = operation({
  name: 'applications.jwks',
  kind: 'steps',
  summary: 'Publish the keys that tokens are signed with',
  description: 'The present one first, with the one before and the next, so that a set that was fetched holds over a change of keys.',
  input: z.strictObject({}),
  output: z.strictObject({
    keys: z.array(
      z.strictObject({
        kty: z.literal('EC'),
        crv: z.literal('P-256'),
        x: z.string(),
        y: z.string(),
        kid: z.string(),
        alg: z.literal('ES256'),
        use: z.literal('sig'),
      }),
    ),
  }),
  access: { public: why },
  audit: { none: 'Keys that everybody may have, the same for all.' },
  http: { method: 'GET', path: paths.jwks },
  example: { input: {} },
  run: async ({ node }) => ({ keys: publicKeys(await freshSigningKeys(node)) }),
})
