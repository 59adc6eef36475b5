/**
 * Tokens of others: an external authorization server that takes the place of the node's own, or another deployment. Believed is who the
 * institution has named, for the audience that names the institution, and for applications that it has registered with their id there.
 */
import { type Id, parseId } from '@gatehouse/core/id'
import { TtlCache } from '@gatehouse/runtime/base/cache'
import { EgressError } from '@gatehouse/runtime/data/egress'
import type { Node } from '@gatehouse/runtime/door/node'
import { createRemoteJWKSet, customFetch, decodeJwt, errors } from 'jose'
import { z } from 'zod'
import { staffOfIssuer } from '../../identity/index.ts'
import { limits } from '../schema.ts'
import { applicationOfClient, deploymentOfIssuer } from '../store.ts'
import { verified } from './own.ts'
import type { Said } from './said.ts'

/** Signatures by a key of the issuer's own. Neither none, nor one by a secret that both sides hold. */
const algorithms = ['RS256', 'PS256', 'ES256', 'EdDSA', 'Ed25519']

/** The audience that a token has to name to be believed by one institution here. */
export const expectedAudience = ({ addresses }: Pick<Node, 'addresses'>, tenant: string): string => `${addresses.origin}/institutions/${tenant}`

const claimsSchema = z.object({
  sub: z.string().min(1),
  client_id: z.string().min(1).optional(),
  /** What OpenID Connect calls the same, and some say instead. */
  azp: z.string().min(1).optional(),
  jti: z.string().min(1).optional(),
  iat: z.number(),
  exp: z.number(),
  scope: z.string().default(''),
  cnf: z.object({ jkt: z.string() }).optional(),
  // Whoever signed in there is a person: such tokens say when, or in which session.
  auth_time: z.unknown().optional(),
  sid: z.unknown().optional(),
  session_state: z.unknown().optional(),
})

export async function believed(node: Node, token: string): Promise<Said | undefined> {
  const [iss, audiences] = unverified(token)
  const tenant = audiences.map((one) => tenantOf(node, one)).find((one) => one !== undefined)
  if (iss === undefined || tenant === undefined || iss === node.addresses.origin) return undefined
  const deployment = await node.database.transaction(tenant, (tx) => deploymentOfIssuer(tx, tenant, iss))
  if (deployment?.jwks_uri == null) return undefined
  const payload = await verified(node, token, await keysOf(node, deployment.jwks_uri), { issuer: iss, audience: expectedAudience(node, tenant), algorithms })
  const claims = claimsSchema.safeParse(payload).data
  const client = claims?.client_id ?? claims?.azp
  if (claims === undefined || client === undefined) return undefined
  const { sub, exp, scope, cnf, jti, auth_time, sid, session_state } = claims
  const ofPerson = [auth_time, sid, session_state].some((said) => said !== undefined)
  const [application, user] = await node.database.transaction(tenant, (tx) =>
    Promise.all([applicationOfClient(tx, tenant, deployment.id, client), ofPerson ? staffOfIssuer(tx, tenant, iss, sub) : undefined]),
  )
  // The institution answers for its staff, who sign in there. Everybody else connects applications here, where they are asked and can end it.
  if (application === undefined || (ofPerson && user === undefined)) return undefined
  return {
    tenant,
    application: application.id,
    ...(user === undefined ? {} : { user }),
    id: jti ?? token,
    scope,
    ...(cnf === undefined ? {} : { jkt: cnf.jkt }),
    untilMs: exp * 1000,
  }
}

/** What decides whose keys are asked; nothing of it is believed before the signature is. */
function unverified(token: string): [string | undefined, readonly string[]] {
  try {
    const { iss, aud } = decodeJwt(token)
    return [iss, typeof aud === 'string' ? [aud] : (aud ?? [])]
  } catch (error) {
    if (error instanceof errors.JOSEError) return [undefined, []]
    throw error
  }
}

function tenantOf({ addresses }: Node, audience: string): Id<'tenant'> | undefined {
  const before = `${addresses.origin}/institutions/`
  return audience.startsWith(before) ? parseId<'tenant'>(audience.slice(before.length)) : undefined
}

type RemoteKeys = ReturnType<typeof createRemoteJWKSet>
const remote = (node: Node): TtlCache<RemoteKeys> => new TtlCache(() => node.source.nowMs(), { ttlMs: 3_600_000, entriesMax: 200 })

/** The library fetches a set again when a key is not in it, at most every thirty seconds; always by the node's one way out. */
function keysOf(node: Node, uri: string): Promise<RemoteKeys> {
  return node.of(remote).get(uri, async () =>
    createRemoteJWKSet(new URL(uri), {
      async [customFetch](url) {
        try {
          const { status, body } = await node.egress.send(url, { method: 'GET', timeoutMs: limits.jwksTimeoutMs, bytesMax: limits.jwksBytes })
          return new Response(body, { status })
        } catch (error) {
          if (!(error instanceof EgressError)) throw error
          node.log.warn({ error: error.message }, 'the keys of a named issuer cannot be fetched')
          return new Response(null, { status: 503 })
        }
      },
    }),
  )
}
