import type { Id } from '@gatehouse/core/id'
import { instantMs } from '@gatehouse/core/instant'
import { Problem } from '@gatehouse/core/problem'
import { idSchema } from '@gatehouse/core/schema'
import { dcqlQuery } from '@gatehouse/credentials/presentation/dcql'
import { credentialType } from '@gatehouse/credentials/sd-jwt/issue'
import { signJws } from '@gatehouse/credentials/sd-jwt/jws'
import { type FileAnswer, operation } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { type Institution, institutionOf, openly, signingKey } from '../institution.ts'
import { presentationById } from '../store.ts'

const mediaType = 'application/oauth-authz-req+jwt'
const algorithms = ['EdDSA', 'ES256']

/** The verifier by its DID (OpenID4VP 1.0 section 5.9.3); a wallet takes the request only with that DID's signature, and signs for this name. */
export const clientIdOf = ({ did }: Institution): string => `decentralized_identifier:${did}`
export const requestAddress = ({ base }: Institution, id: Id<'presentation'>): string => `${base}/requests/${id}`

export const requestObject = operation({
  name: 'credentials.request_object',
  summary: 'Read the signed request to a wallet',
  description: 'OpenID4VP 1.0 section 5.10 and RFC 9101. It is there until somebody has answered, or the time is over.',
  kind: 'steps',
  answers: 'file',
  mediaTypes: [mediaType],
  input: z.object({ tenant: idSchema('tenant'), presentation: idSchema('presentation') }),
  output: z.custom<FileAnswer>(),
  access: { public: 'the wallet that is asked has to read the question, and nobody knows who it is' },
  audit: { none: 'asking is in the ledger; reading the question changes nothing' },
  http: { method: 'GET', path: '/institutions/:tenant/requests/:presentation' },
  problems: [doorProblems.not_found],
  async run({ node, now, nowMs }, { tenant, presentation }) {
    const { row, key } = await openly(node, tenant, async (tx) => ({ row: await presentationById(tx, presentation), key: await signingKey(tx, node, tenant) }))
    if (row?.status !== 'waiting' || row.expires_at <= now) throw new Problem(doorProblems.not_found)
    const institution = institutionOf(node, tenant)
    const payload = {
      iss: clientIdOf(institution),
      client_id: clientIdOf(institution),
      // Section 5.8: no particular wallet is meant.
      aud: 'https://self-issued.me/v2',
      response_type: 'vp_token',
      response_mode: 'direct_post',
      response_uri: `${institution.base}/responses/${row.id}`,
      nonce: row.nonce,
      state: row.state,
      dcql_query: dcqlQuery(row.vct, row.claims),
      client_metadata: { vp_formats_supported: { [credentialType]: { 'sd-jwt_alg_values': algorithms, 'kb-jwt_alg_values': algorithms } } },
      iat: Math.floor(nowMs / 1000),
      exp: Math.floor(instantMs(row.expires_at) / 1000),
    }
    const text = signJws({ typ: 'oauth-authz-req+jwt', kid: key.id }, payload, key.sign)
    return {
      mediaType,
      chunks: (async function* () {
        yield text
      })(),
    }
  },
})
