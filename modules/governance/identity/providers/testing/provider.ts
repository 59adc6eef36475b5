/** Identity providers on loopback: a real one, and one that can be told to lie. */
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { Provider } from 'oidc-provider'

/** What is said of somebody who is asked for. */
export interface Account {
  readonly sub: string
  readonly email: string
  readonly email_verified?: boolean
  readonly name?: string
  readonly groups?: readonly string[]
  readonly amr?: readonly string[]
}

export interface TestProvider {
  readonly issuer: string
  /** Whoever is sent to sign in is this one. */
  as(account: Account): void
  close(): Promise<void>
}

export const client = { id: 'gatehouse', secret: 'a secret of the client, long enough to be one' }

export async function listening(handler: { now: RequestListener }): Promise<{ server: Server; origin: string }> {
  const server = createServer((request, response) => handler.now(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { server, origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}

export const closed = (server: Server) =>
  new Promise<void>((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })

const away: RequestListener = (_request, response) => response.writeHead(503).end()

/** A provider whose clients are registered once the node has said where answers go. */
export async function realProvider(): Promise<TestProvider & { register(redirectUri: string): void }> {
  const handler = { now: away }
  const { server, origin: issuer } = await listening(handler)
  let account: Account = { sub: 'nobody', email: 'nobody@example.org' }
  return {
    issuer,
    as: (next) => {
      account = next
    },
    register(redirectUri) {
      const provider = new Provider(issuer, {
        clients: [
          {
            client_id: client.id,
            client_secret: client.secret,
            redirect_uris: [redirectUri],
            post_logout_redirect_uris: [new URL('/sign-in', redirectUri).href],
            grant_types: ['authorization_code'],
            response_types: ['code'],
          },
        ],
        cookies: { keys: ['a key of cookies'] },
        // As most providers do: what is asked for stands in the token.
        conformIdTokenClaims: false,
        claims: { openid: ['sub', 'groups'], email: ['email', 'email_verified'], profile: ['name'] },
        findAccount: async (_ctx, id) => ({ accountId: id, claims: async () => ({ ...account, sub: id }) as never }),
        features: { devInteractions: { enabled: false } },
        interactions: { url: (_ctx, { uid }) => `/interaction/${uid}` },
        async loadExistingGrant(ctx) {
          const grant = new ctx.oidc.provider.Grant({ clientId: ctx.oidc.client?.clientId as string, accountId: ctx.oidc.session?.accountId as string })
          grant.addOIDCScope('openid email profile')
          await grant.save()
          return grant
        },
      })
      const answers = provider.callback()
      handler.now = (request: IncomingMessage, response: ServerResponse) => {
        if (!request.url?.startsWith('/interaction/')) {
          void answers(request, response)
          return
        }
        const login = { accountId: account.sub }
        void provider.interactionFinished(request, response, { login }, { mergeWithLastSubmission: false })
      }
    },
    close: () => closed(server),
  }
}

/** Walks from the address that the node gave through the provider's pages to where the answer goes. */
export async function throughProvider(location: string): Promise<URL> {
  const jar = new Map<string, string>()
  let next = location
  for (let hops = 0; hops < 8; hops += 1) {
    const response = await fetch(next, { redirect: 'manual', headers: { cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; ') } })
    for (const cookie of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? []
      jar.set(name, value)
    }
    const to = response.headers.get('location')
    if (to === null) throw new Error(`the provider answered ${response.status}: ${(await response.text()).slice(0, 300)}`)
    next = new URL(to, next).href
    if (next.includes('/sign-in/return/')) return new URL(next)
  }
  throw new Error('the provider leads in circles')
}

/** What the lying provider says; whatever is not named is true. */
export interface Lies {
  readonly alg?: 'none' | 'HS256' | 'other key'
  readonly issuer?: string
  readonly jwks?: string
  readonly claims?: Readonly<Record<string, unknown>>
  readonly redirects?: boolean
}

export interface LyingProvider extends TestProvider {
  lie(lies: Lies): void
  /** What it tells over the back channel. */
  logoutToken(payload: object): Promise<string>
  /** Who was sent here: the nonce that the node's request carried. */
  asked(location: string): void
}

export async function lyingProvider(): Promise<LyingProvider> {
  const handler = { now: away }
  const { server, origin: issuer } = await listening(handler)
  const [own, other] = await Promise.all([generateKeyPair('RS256', { extractable: true }), generateKeyPair('RS256', { extractable: true })])
  const jwk = { ...(await exportJWK(own.publicKey)), kid: 'own', alg: 'RS256', use: 'sig' }
  let account: Account = { sub: 'nobody', email: 'nobody@example.org' }
  let lies: Lies = {}
  let nonce = ''
  const token = async () => {
    const seconds = Math.floor(Date.now() / 1000)
    return sign({
      iss: issuer,
      aud: client.id,
      iat: seconds,
      exp: seconds + 60,
      auth_time: seconds,
      nonce,
      email_verified: true,
      ...account,
      ...lies.claims,
    })
  }
  const sign = async (payload: object) => {
    if (lies.alg === 'none') return `${b64({ alg: 'none' })}.${b64(payload)}.`
    const signing = new SignJWT(payload as never)
    if (lies.alg === 'HS256') return signing.setProtectedHeader({ alg: 'HS256' }).sign(new TextEncoder().encode(client.secret))
    return signing.setProtectedHeader({ alg: 'RS256', kid: 'own' }).sign(lies.alg === 'other key' ? other.privateKey : own.privateKey)
  }
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<unknown> => {
    const path = request.url?.split('?')[0]
    const json = (value: unknown) => response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value))
    if (path === '/.well-known/openid-configuration') {
      if (lies.redirects) return response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end()
      return json({
        issuer: lies.issuer ?? issuer,
        authorization_endpoint: `${issuer}/authorize`,
        token_endpoint: `${issuer}/token`,
        end_session_endpoint: `${issuer}/leave`,
        jwks_uri: lies.jwks ?? `${issuer}/jwks`,
        id_token_signing_alg_values_supported: ['RS256', 'HS256', 'none'],
        authorization_response_iss_parameter_supported: true,
      })
    }
    if (path === '/jwks') return json({ keys: [jwk] })
    if (path === '/token') return json({ access_token: 'a', token_type: 'Bearer', id_token: await token() })
    return response.writeHead(404).end()
  }
  handler.now = (request, response) => void answer(request, response)
  return {
    issuer,
    as: (next) => {
      account = next
    },
    logoutToken: (payload) => sign({ iss: issuer, aud: client.id, ...payload }),
    lie: (next) => {
      lies = next
    },
    asked: (location) => {
      nonce = new URL(location).searchParams.get('nonce') ?? ''
    },
    close: () => closed(server),
  }
}

const b64 = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
