/**
 * OpenID Connect, by the certified library `openid-client` and through the node's one way out: the list of allowed hosts, bounds and
 * certificates hold for whatever a provider's own description points to as well.
 */
import { utf8Text } from '@gatehouse/crypto/bytes'
import { TtlCache } from '@gatehouse/runtime/base/cache'
import { EgressError } from '@gatehouse/runtime/data/egress'
import type { Node } from '@gatehouse/runtime/door/node'
import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  buildEndSessionUrl,
  type ClientAuth,
  ClientError,
  ClientSecretBasic,
  ClientSecretPost,
  Configuration,
  calculatePKCECodeChallenge,
  customFetch,
  discovery,
  type ExportedJWKSCache,
  enableNonRepudiationChecks,
  fetchUserInfo,
  getJwksCache,
  type ServerMetadata,
  setJwksCache,
} from 'openid-client'
import { AnswerError, ProviderError } from '../protocol.ts'
import { redirectUri, secretName, signedOutUri } from '../provider.ts'
import { providerLimits } from '../schema.ts'
import type { Ticket } from '../ticket.ts'
import type { OidcProvider } from './provider.ts'

/** Signatures by a key of the provider's own. Neither none, nor one by a secret that both sides hold. */
export const algorithms = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519']

interface Known {
  readonly metadata: ServerMetadata
  jwks?: ExportedJWKSCache
}

const described = (node: Node): TtlCache<Known> => new TtlCache(() => node.source.nowMs(), { ttlMs: providerLimits.metadataMinutes * 60_000, entriesMax: 200 })

type Place = Pick<OidcProvider, 'issuer' | 'client_id'>

function knownOf(node: Node, { issuer, client_id: client }: Place): Promise<Known> {
  return node.of(described).get(issuer, () => describe(node, issuer, client))
}

/** What the provider publishes about itself, remembered for some minutes. @throws ProviderError */
export async function metadataOf(node: Node, provider: Place, fresh = false): Promise<ServerMetadata> {
  if (fresh) node.of(described).forget(provider.issuer)
  return (await knownOf(node, provider)).metadata
}

async function describe(node: Node, issuer: string, client: string): Promise<Known> {
  const found = await discovery(new URL(issuer), client, undefined, undefined, {
    [customFetch]: fetchThrough(node),
    execute: insecure(issuer),
  }).catch((error: unknown) => {
    throw new ProviderError(causeOf(error))
  })
  const { supportsPKCE: _, ...metadata } = found.serverMetadata()
  // Letter by letter: a description for all tenants of a cloud speaks for whoever asks.
  if (metadata.issuer !== issuer) throw new ProviderError(`it calls itself ${metadata.issuer}`)
  const own = (metadata.id_token_signing_alg_values_supported ?? ['RS256']).filter((name) => algorithms.includes(name))
  if (own.length === 0) throw new ProviderError('it signs by no algorithm that is taken')
  if (metadata.authorization_endpoint === undefined || metadata.token_endpoint === undefined || metadata.jwks_uri === undefined)
    throw new ProviderError('its description names no authorization_endpoint, token_endpoint or jwks_uri')
  const place = new URL(metadata.authorization_endpoint)
  if (place.protocol !== 'https:' && place.protocol !== new URL(issuer).protocol) throw new ProviderError('its authorization_endpoint is not https')
  return { metadata: { ...metadata, id_token_signing_alg_values_supported: own } }
}

/** Where the browser is sent. */
export async function authorizationUrl(node: Node, provider: OidcProvider, ticket: Ticket): Promise<string> {
  const metadata = await metadataOf(node, provider)
  const scopes = ['openid', 'email', 'profile', ...(provider.groups_claim !== null && metadata.scopes_supported?.includes('groups') ? ['groups'] : [])]
  return buildAuthorizationUrl(configured(node, provider, metadata), {
    redirect_uri: redirectUri(node, provider.id),
    scope: scopes.join(' '),
    state: ticket.state,
    nonce: ticket.nonce,
    code_challenge: await calculatePKCECodeChallenge(ticket.verifier),
    code_challenge_method: 'S256',
    // Its word stands in for a factor of the node, so it has to be a fresh one.
    ...(provider.factors.length === 0 ? {} : { max_age: String(providerLimits.proofSeconds) }),
  }).href
}

export interface AuthorizationAnswer {
  readonly code: string
  readonly state: string
  readonly iss?: string | undefined
}

interface Told {
  readonly claims: Readonly<Record<string, unknown>>
  readonly idToken: string
}

/** @returns the verified claims. @throws AnswerError, ProviderError */
export async function claimsBy(node: Node, provider: OidcProvider, ticket: Ticket, answer: AuthorizationAnswer): Promise<Told> {
  const known = await knownOf(node, provider)
  const { metadata } = known
  const secret = await node.secrets.read(provider.tenant_id, secretName(provider.id))
  const text = secret === undefined ? undefined : utf8Text(secret.value)
  if (text === undefined) throw new ProviderError('its secret is not in the store of secrets')
  const methods = metadata.token_endpoint_auth_methods_supported
  const proof = methods === undefined || methods.includes('client_secret_basic') ? ClientSecretBasic(text) : ClientSecretPost(text)
  const config = configured(node, provider, metadata, proof)
  enableNonRepudiationChecks(config)
  if (known.jwks !== undefined) setJwksCache(config, known.jwks)

  const url = new URL(redirectUri(node, provider.id))
  for (const [name, value] of Object.entries(answer)) if (value !== undefined) url.searchParams.set(name, value)
  try {
    const tokens = await authorizationCodeGrant(config, url, {
      expectedState: ticket.state,
      expectedNonce: ticket.nonce,
      pkceCodeVerifier: ticket.verifier,
      idTokenExpected: true,
      ...(provider.factors.length === 0 ? {} : { maxAge: providerLimits.proofSeconds }),
    })
    known.jwks = getJwksCache(config) ?? known.jwks
    const claims: Record<string, unknown> = { ...tokens.claims() }
    const idToken = tokens.id_token ?? ''
    const lacking = claims.email === undefined || (provider.groups_claim !== null && claims[provider.groups_claim] === undefined)
    if (!lacking || metadata.userinfo_endpoint === undefined) return { claims, idToken }
    // Some keep the token short and tell the rest here. What was signed is not talked over.
    return { claims: { ...(await fetchUserInfo(config, tokens.access_token, String(claims.sub))), ...claims }, idToken }
  } catch (error) {
    if (reached(error)) throw new ProviderError(causeOf(error))
    throw new AnswerError(codeOf(error))
  }
}

/** Where the browser signs out there (OpenID Connect RP-Initiated Logout 1.0). @throws ProviderError */
export async function endSessionUrl(node: Node, provider: OidcProvider, idToken: string): Promise<string | undefined> {
  const metadata = await metadataOf(node, provider)
  if (metadata.end_session_endpoint === undefined) return undefined
  const { protocol } = new URL(metadata.end_session_endpoint)
  if (protocol !== 'https:' && protocol !== new URL(provider.issuer).protocol) throw new ProviderError('its end_session_endpoint is not https')
  return buildEndSessionUrl(configured(node, provider, metadata), { id_token_hint: idToken, post_logout_redirect_uri: signedOutUri(node) }).href
}

/** The keys by which it signs. @throws ProviderError */
export async function keysOf(node: Node, provider: OidcProvider): Promise<ExportedJWKSCache['jwks']> {
  const known = await knownOf(node, provider)
  if (known.jwks === undefined) {
    try {
      const answer = await fetchThrough(node)(known.metadata.jwks_uri ?? '', { method: 'GET', headers: {}, body: null, redirect: 'manual' })
      known.jwks = { jwks: (await answer.json()) as ExportedJWKSCache['jwks'], uat: Math.floor(node.source.nowMs() / 1000) }
    } catch (error) {
      throw new ProviderError(error instanceof EgressError ? error.message : 'its keys could not be read')
    }
  }
  return known.jwks.jwks
}

function configured(node: Node, { issuer, client_id: client }: OidcProvider, metadata: ServerMetadata, proof?: ClientAuth): Configuration {
  const config = new Configuration(metadata, client, undefined, proof)
  config[customFetch] = fetchThrough(node)
  for (const apply of insecure(issuer)) apply(config)
  return config
}

/** Plain HTTP only where the provider's own address, which the operator listed, is on this machine. */
const insecure = (issuer: string) => (new URL(issuer).protocol === 'http:' ? [allowInsecureRequests] : [])

function fetchThrough(node: Node): NonNullable<Configuration[typeof customFetch]> {
  return async (url, { method, headers, body }) => {
    const sent = body instanceof URLSearchParams ? body.toString() : body
    if (sent !== undefined && sent !== null && typeof sent !== 'string') throw new TypeError('only forms are sent to a provider')
    const answer = await node.egress.send(url, {
      method: method === 'POST' ? 'POST' : 'GET',
      headers,
      ...(sent === undefined || sent === null ? {} : { body: sent }),
      timeoutMs: providerLimits.fetchTimeoutMs,
      bytesMax: providerLimits.answerBytesMax,
    })
    const type: Record<string, string> = answer.mediaType === undefined ? {} : { 'content-type': answer.mediaType }
    return new Response([204, 304].includes(answer.status) ? null : answer.body, { status: answer.status, headers: type })
  }
}

/** Whether the fault is that somebody could not be reached. */
function reached(error: unknown): boolean {
  return error instanceof EgressError || (error instanceof Error && error.cause instanceof EgressError)
}

function causeOf(error: unknown): string {
  if (error instanceof EgressError) return error.message
  if (error instanceof Error && error.cause instanceof EgressError) return error.cause.message
  if (error instanceof ClientError || error instanceof Error) return `${codeOf(error)}: its description could not be read`
  throw error
}

function codeOf(error: unknown): string {
  const { error: said, code } = error as { error?: unknown; code?: unknown }
  // What a provider says is shown only where it has the form of the standard's own words.
  if (typeof said === 'string' && /^[a-z_]{1,60}$/.test(said)) return said
  if (typeof code === 'string') return code
  throw error
}
