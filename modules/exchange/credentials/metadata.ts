/** What an institution says openly of itself, so that wallets and verifiers of others find their way. */
import { Problem } from '@gatehouse/core/problem'
import { idSchema, slugSchema } from '@gatehouse/core/schema'
import { credentialType } from '@gatehouse/credentials/sd-jwt/issue'
import { operation } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { documentOf, institutionOf, openly, vctOf } from './institution.ts'
import { preAuthorised } from './offering/offer.ts'
import { typesMax } from './schema.ts'
import { listTypes, type TypeRow, typeBySlug } from './store.ts'

const open = {
  kind: 'steps',
  access: { public: 'what an institution issues, and with which keys, is for everybody who is to trust it' },
  audit: { none: 'says of the institution what it says openly, and nothing of a person' },
  problems: [doorProblems.not_found],
} as const
const input = z.object({ tenant: idSchema('tenant') })
const document = z.record(z.string(), z.unknown())

export const didJson = operation({
  ...open,
  name: 'credentials.did',
  summary: 'Read the DID document of an institution',
  description: 'did:web: the keys that its credentials are signed with, the newest first; status lists and requests are signed with that one.',
  input,
  output: document,
  http: { method: 'GET', path: '/institutions/:tenant/did.json' },
  run: ({ node }, { tenant }) => documentOf(node, tenant),
})

const claimsOf = ({ claim, name }: TypeRow) => [{ path: [claim], display: [{ name, locale: 'en' }] }]

export const issuerMetadata = operation({
  ...open,
  name: 'credentials.issuer',
  summary: 'Read the metadata of a credential issuer',
  description: 'OpenID4VCI 1.0 section 12.2.',
  input,
  output: document,
  http: { method: 'GET', path: '/.well-known/openid-credential-issuer/institutions/:tenant' },
  run: ({ node }, { tenant }) =>
    openly(node, tenant, async (tx, own) => {
      const { base } = institutionOf(node, tenant)
      const types = (await listTypes(tx, typesMax)).filter(({ retired_at }) => retired_at === null)
      return {
        credential_issuer: base,
        credential_endpoint: `${base}/credential`,
        nonce_endpoint: `${base}/nonce`,
        display: [{ name: own.name }],
        credential_configurations_supported: Object.fromEntries(
          types.map((type) => [
            type.slug,
            {
              format: credentialType,
              vct: vctOf(base, type.slug),
              cryptographic_binding_methods_supported: ['jwk', 'did:key'],
              credential_signing_alg_values_supported: ['EdDSA'],
              proof_types_supported: { jwt: { proof_signing_alg_values_supported: ['ES256', 'EdDSA'] } },
              credential_metadata: { display: [{ name: type.name }], claims: claimsOf(type) },
            },
          ]),
        ),
      }
    }),
})

export const authorizationServer = operation({
  ...open,
  name: 'credentials.authorization_server',
  summary: 'Read the metadata of an issuer’s authorization server',
  description: 'RFC 8414. The issuer is its own: it redeems the codes of its offers.',
  input,
  output: document,
  http: { method: 'GET', path: '/.well-known/oauth-authorization-server/institutions/:tenant' },
  run: ({ node }, { tenant }) =>
    openly(node, tenant, async () => {
      const { base } = institutionOf(node, tenant)
      return {
        issuer: base,
        token_endpoint: `${base}/token`,
        grant_types_supported: [preAuthorised],
        response_types_supported: [],
        token_endpoint_auth_methods_supported: ['none'],
        'pre-authorized_grant_anonymous_access_supported': true,
      }
    }),
})

export const typeMetadata = operation({
  ...open,
  name: 'credentials.type_metadata',
  summary: 'Read what a type of credential means',
  description: 'SD-JWT VC Type Metadata, at the address that is the name of the type. A retired type keeps it.',
  input: z.object({ tenant: idSchema('tenant'), type: slugSchema }),
  output: document,
  http: { method: 'GET', path: '/institutions/:tenant/types/:type' },
  run: ({ node }, { tenant, type }) =>
    openly(node, tenant, async (tx) => {
      const row = await typeBySlug(tx, type)
      if (row === undefined) throw new Problem(doorProblems.not_found)
      const { base } = institutionOf(node, tenant)
      return { vct: vctOf(base, row.slug), name: row.name, display: [{ name: row.name, locale: 'en' }], claims: claimsOf(row) }
    }),
})
