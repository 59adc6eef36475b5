/**
 * The certified library `oidc-provider`, spoken to in process: it judges what an application sends and makes codes and tokens. Nothing
 * of it listens to anybody; each of its endpoints is an operation of ours, entered through the door.
 */
import { fromHex } from '@gatehouse/crypto/bytes'
import { parseToken, tokenHash } from '@gatehouse/crypto/token'
import type { Node } from '@gatehouse/runtime/door/node'
import inject from 'light-my-request'
import type { Configuration, Provider as Server } from 'oidc-provider'
import { scopeWord } from '../../access/index.ts'
import { claimNames, limits } from '../schema.ts'
import { accountOf } from './account.ts'
import { ActAdapter, type Serving, served, serving, sessionName } from './adapter.ts'
import { signingKeys } from './keys.ts'
import { library, type Parts } from './library.ts'

export const paths = {
  authorization: '/oauth/authorize',
  token: '/oauth/token',
  introspection: '/oauth/introspect',
  revocation: '/oauth/revoke',
  jwks: '/oauth/jwks',
} as const

export interface Asked {
  readonly path: string
  readonly query?: Readonly<Record<string, string>>
  readonly form?: Readonly<Record<string, string>>
  readonly authorization?: string | undefined
  readonly proof?: string | undefined
}

export interface Told {
  readonly status: number
  readonly location: string | undefined
  readonly body: Readonly<Record<string, unknown>>
}

/** Asks the library within an act. A fault of its own is thrown, so that the act rolls back; what it refuses is an answer, and commits. */
export async function ask(act: Serving, { path, query, form, authorization, proof }: Asked): Promise<Told> {
  const { node } = act.ctx
  const respond = providerOf(node, await library()).callback()
  // Awaited inside: the request is made when somebody waits for it.
  const answer = await serving.run(
    act,
    async () =>
      await inject((request, response) => void respond(request, response), {
        method: form === undefined ? 'GET' : 'POST',
        url: path,
        ...(query === undefined ? {} : { query: { ...query } }),
        headers: {
          host: new URL(node.addresses.origin).host,
          accept: 'application/json',
          ...(form === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
          ...(authorization === undefined ? {} : { authorization }),
          ...(proof === undefined ? {} : { dpop: proof }),
          ...(act.person === undefined ? {} : { cookie: `_session=${sessionName}` }),
        },
        ...(form === undefined ? {} : { payload: new URLSearchParams(form).toString() }),
      }),
  )
  if (answer.statusCode >= 500) throw new Error(`the authorization server failed at ${path}`, { cause: node.of(faults).get(act) })
  const { location } = answer.headers
  return { status: answer.statusCode, location: typeof location === 'string' ? location : undefined, body: answer.payload.startsWith('{') ? answer.json() : {} }
}

/** What went wrong inside of the library, by the act that it served. */
const faults = (_: Node) => new WeakMap<Serving, Error>()

interface Made {
  name: string
  provider: Server
}
const made = (_: Node): { now?: Made } => ({})

/** One for each set of keys. */
function providerOf(node: Node, parts: Parts): Server {
  const held = node.of(made)
  const { name } = signingKeys(node)
  if (held.now?.name !== name) held.now = { name, provider: newProvider(node, parts) }
  return held.now.provider
}

function newProvider(node: Node, { Provider, ...parts }: Parts): Server {
  const provider = new Provider(node.addresses.origin, configurationOf(node, parts))
  const { primitives } = node.keys
  // The library knows the hash of a secret only, and compares hashes.
  provider.Client.prototype.compareClientSecret = function compare(this: { clientSecret?: string }, presented: string) {
    const token = parseToken(presented, 'gha_')
    const own = fromHex(this.clientSecret ?? '')
    return token !== undefined && own !== undefined && primitives.equal(own, tokenHash(primitives, token))
  }
  provider.on('server_error', (_ctx, error) => void node.of(faults).set(served(), error))
  return provider
}

function configurationOf(node: Node, { errors, interactionPolicy }: Omit<Parts, 'Provider'>): Configuration {
  const { origin } = node.addresses
  const [login] = interactionPolicy.base()
  const consent = new interactionPolicy.Prompt(
    { name: 'consent', requestable: true },
    // Asked each time: whoever once allowed something sees what is asked for today.
    new interactionPolicy.Check('undecided', 'the person has to be asked', () => served().decision === undefined),
  )
  return {
    adapter: ActAdapter,
    jwks: { keys: signingKeys(node).keys.map((key) => ({ ...key })) as never },
    routes: paths,
    scopes: ['openid', ...claimNames],
    claims: { openid: ['sub'], profile: ['name'], email: ['email'] },
    // What was asked for stands in the token: there is no further address to fetch it from.
    conformIdTokenClaims: false,
    responseTypes: ['code'],
    subjectTypes: ['public'],
    clientAuthMethods: ['client_secret_basic', 'client_secret_post', 'none'],
    enabledJWA: { idTokenSigningAlgValues: ['ES256'], dPoPSigningAlgValues: ['ES256', 'EdDSA', 'Ed25519'] },
    pkce: { required: () => true },
    cookies: { keys: [], names: { session: '_session', interaction: '_interaction', resume: '_resume' } },
    ttl: {
      AccessToken: limits.accessTokenSeconds,
      ClientCredentials: limits.accessTokenSeconds,
      AuthorizationCode: limits.codeSeconds,
      IdToken: limits.idTokenSeconds,
      RefreshToken: limits.refreshTokenSeconds,
      Interaction: 60,
      Session: 60,
      Grant: limits.refreshTokenSeconds,
    },
    rotateRefreshToken: true,
    issueRefreshToken: async (_ctx, client) => client.grantTypeAllowed('refresh_token'),
    expiresWithSession: async () => false,
    renderError: async (ctx, out) => {
      ctx.body = out
    },
    findAccount: (_ctx, id) => accountOf(served(), id),
    extraTokenClaims: async (_ctx, token) => ({ tenant: served().ctx.tenant, ...('grantId' in token ? { connection: token.grantId } : {}) }),
    async loadExistingGrant(ctx) {
      const { decision } = served()
      if (decision === undefined) return undefined
      if (decision === 'deny') throw new errors.AccessDenied('the person said no')
      return ctx.oidc.provider.Grant.find(decision.allow)
    },
    interactions: { policy: [login as NonNullable<typeof login>, consent], url: (_ctx, { prompt }) => `/${prompt.name}` },
    features: {
      devInteractions: { enabled: false },
      userinfo: { enabled: false },
      rpInitiatedLogout: { enabled: false },
      pushedAuthorizationRequests: { enabled: false },
      clientCredentials: { enabled: true },
      dPoP: { enabled: true },
      introspection: { enabled: true, allowedPolicy: async (_ctx, client, token) => token.clientId === client.clientId },
      revocation: { enabled: true, allowedPolicy: async (_ctx, client, token) => token.clientId === client.clientId },
      resourceIndicators: {
        enabled: true,
        defaultResource: async (_ctx, _client, oneOf) => (Array.isArray(oneOf) ? (oneOf[0] ?? origin) : origin),
        useGrantedResource: async () => true,
        async getResourceServerInfo(_ctx, resource) {
          const { application, audiences } = served()
          if (resource !== origin && !audiences.includes(resource)) throw new errors.InvalidTarget()
          return {
            audience: resource,
            scope: application.scopes.map(scopeWord).join(' '),
            accessTokenTTL: limits.accessTokenSeconds,
            accessTokenFormat: 'jwt',
            jwt: { sign: { alg: 'ES256' } },
          }
        },
      },
    },
  }
}
