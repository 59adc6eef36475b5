/** A real OAuth client, from discovery to revocation, and what its tokens open at the door. */
import {
  authorizationCodeGrant,
  buildAuthorizationUrl,
  type Configuration,
  calculatePKCECodeChallenge,
  clientCredentialsGrant,
  getDPoPHandle,
  randomDPoPKeyPair,
  randomPKCECodeVerifier,
  refreshTokenGrant,
  tokenIntrospection,
  tokenRevocation,
} from 'openid-client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { change } from './change.ts'
import { disconnect, mine } from './connections/mine.ts'
import { question } from './connections/question.ts'
import { resume, suspend } from './life.ts'
import { renewSigningKeys } from './protocol/renew-keys.ts'
import type { Application } from './schema.ts'
import { type ApplicationsNode, applicationsNode, origin, redirect } from './testing/applications-node.ts'

let node: ApplicationsNode
let made: { application: Application; secret: string | null }
let client: Configuration

beforeAll(async () => {
  node = await applicationsNode()
  made = await node.application()
  client = await node.client(made)
})
afterAll(() => node?.close())

const scope = 'openid email own_disclosure:read'

async function begun(config = client, more: Record<string, string> = {}) {
  const verifier = randomPKCECodeVerifier()
  const url = buildAuthorizationUrl(config, {
    redirect_uri: redirect,
    scope,
    state: 'the state',
    nonce: 'the nonce',
    code_challenge: await calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    ...more,
  })
  return { url, checks: { pkceCodeVerifier: verifier, expectedState: 'the state', expectedNonce: 'the nonce', idTokenExpected: true } }
}

async function connected(config = client) {
  const { url, checks } = await begun(config)
  return authorizationCodeGrant(config, await node.connect(url), checks)
}

const call = async (token: string, path = '/v1/me/notes', method = 'GET') =>
  (await node.fetch(`${origin}${path}`, { method, headers: { authorization: `Bearer ${token}` } })).status

describe('code and PKCE with the person’s consent', () => {
  it('shows who asks for what, and gives an access token for this deployment and an ID token', async () => {
    const { url, checks } = await begun()
    expect(await node.done(question, Object.fromEntries(url.searchParams), node.as(node.jane))).toMatchObject({
      location: null,
      sandbox: false,
      application: { name: 'Budget helper', purpose: 'Shows you who has received your data.', owner: null },
      scopes: [{ area: 'own_disclosure', level: 'read' }],
      claims: ['email'],
      answers_to: 'helper.example.org',
      elsewhere: null,
    })
    const answer = await node.connect(url)
    expect([answer.origin + answer.pathname, answer.searchParams.get('iss')]).toEqual([redirect, origin])
    const tokens = await authorizationCodeGrant(client, answer, checks)
    expect(tokens).toMatchObject({ token_type: 'bearer', expires_in: 300, scope: 'own_disclosure:read' })
    expect(tokens.claims()).toMatchObject({ iss: origin, aud: made.application.id, sub: node.jane.user.id, email: 'jane@example.org' })
    const response = await node.fetch(`${origin}/v1/me/notes`, { headers: { authorization: `Bearer ${tokens.access_token}` } })
    expect([response.status, await response.json()]).toEqual([200, expect.objectContaining({ who: node.jane.user.id, count: 7 })])
    // The ledger tells by which application it was.
    expect(node.entries.at(-1)).toMatchObject({
      type: 'note.read_own',
      actor: { kind: 'user', id: node.jane.user.id },
      facts: { details: { application: made.application.id } },
    })
  })

  it('a refresh token serves once; its second use ends the connection with all its tokens', async () => {
    const first = await connected()
    const second = await refreshTokenGrant(client, first.refresh_token as string)
    expect(await call(second.access_token)).toBe(200)
    await expect(refreshTokenGrant(client, first.refresh_token as string)).rejects.toMatchObject({ error: 'invalid_grant' })
    await expect(refreshTokenGrant(client, second.refresh_token as string)).rejects.toMatchObject({ error: 'invalid_grant' })
    node.clock.advance(1_000)
    expect(await call(second.access_token)).toBe(401)
  })

  it('the person sees the connection and ends it; its tokens open nothing a second later', async () => {
    node.clock.advance(1)
    const tokens = await connected()
    const { connections } = await node.done<{ connections: { id: string; application: { name: string } }[] }>(mine, {}, node.as(node.jane))
    const newest = connections.at(-1)
    expect(newest).toMatchObject({ application: { name: 'Budget helper' } })
    expect(await call(tokens.access_token)).toBe(200)
    await node.done(disconnect, { connection: newest?.id }, node.as(node.jane))
    node.clock.advance(1_000)
    expect(await call(tokens.access_token)).toBe(401)
    await expect(refreshTokenGrant(client, tokens.refresh_token as string)).rejects.toMatchObject({ error: 'invalid_grant' })
  })

  it('a person who says no is believed', async () => {
    const { url } = await begun()
    const answer = await node.connect(url, node.jane, false)
    expect([answer.searchParams.get('error'), answer.searchParams.get('state'), answer.searchParams.get('iss')]).toEqual(['access_denied', 'the state', origin])
  })
})

describe('an application by itself', () => {
  it('gets tokens in its owner’s name, within its scopes', async () => {
    const own = await node.application({ redirect_uris: [], acts_by_itself: true, scopes: [{ area: 'policy', level: 'read' }], claims: [] })
    const config = await node.client(own)
    const { access_token: token } = await clientCredentialsGrant(config, { scope: 'policy:read' })
    expect([await call(token, '/v1/notes/policies'), await call(token)]).toEqual([200, 403])
    // Without a scope it gets a token that opens nothing.
    expect(await call((await clientCredentialsGrant(config)).access_token, '/v1/notes/policies')).toBe(403)
    await node.done(suspend, { application: own.application.id }, node.as(node.admin2))
    node.clock.advance(1_000)
    expect(await call(token, '/v1/notes/policies')).toBe(401)
    await expect(clientCredentialsGrant(config, { scope: 'policy:read' })).rejects.toMatchObject({ status: 401 })
    await node.done(resume, { application: own.application.id }, node.as(node.admin2))
    node.clock.advance(1_000)
    expect(await call(token, '/v1/notes/policies')).toBe(200)
    // What was taken from its registration is taken from its tokens.
    await node.done(change, { application: own.application.id, scopes: [{ area: 'purpose', level: 'read' }] }, node.as(node.admin1))
    node.clock.advance(1_000)
    expect(await call(token, '/v1/notes/policies')).toBe(403)
  })
})

describe('tokens that are bound to a key (RFC 9449)', () => {
  it('hold with a proof of it, each proof once', async () => {
    const bound = await node.application({ proves_key: true })
    const config = await node.client(bound)
    const keys = await randomDPoPKeyPair('ES256', { extractable: true })
    const DPoP = getDPoPHandle(config, keys)
    const { url, checks } = await begun(config)
    const answer = await node.connect(url)
    const tokens = await authorizationCodeGrant(config, answer, checks, undefined, { DPoP })
    expect(tokens.token_type).toBe('dpop')
    const refreshed = await refreshTokenGrant(config, tokens.refresh_token as string, undefined, { DPoP })
    const { SignJWT, exportJWK } = await import('jose')
    const ath = Buffer.from(await crypto.subtle.digest('SHA-256', Buffer.from(refreshed.access_token))).toString('base64url')
    const proof = async (pair: CryptoKeyPair) =>
      new SignJWT({ jti: crypto.randomUUID(), htm: 'GET', htu: `${origin}/v1/me/notes`, ath })
        .setIssuedAt(Math.floor(node.clock.nowMs() / 1000))
        .setProtectedHeader({ typ: 'dpop+jwt', alg: 'ES256', jwk: await exportJWK(pair.publicKey) })
        .sign(pair.privateKey)
    const asked = async (scheme: string, dpop?: string) =>
      (
        await node.fetch(`${origin}/v1/me/notes`, {
          headers: { authorization: `${scheme} ${refreshed.access_token}`, ...(dpop === undefined ? {} : { dpop }) },
        })
      ).status
    const good = await proof(keys)
    expect([
      await asked('DPoP', good),
      await asked('DPoP', good),
      await asked('DPoP'),
      await asked('Bearer'),
      await asked('Bearer', await proof(keys)),
    ]).toEqual([200, 401, 401, 401, 401])
    expect(await asked('DPoP', await proof(await randomDPoPKeyPair('ES256', { extractable: true })))).toBe(401)
    // And the authorization server takes no refresh without the key.
    await expect(refreshTokenGrant(config, refreshed.refresh_token as string)).rejects.toMatchObject({ error: 'invalid_grant' })
  })
})

describe('introspection and revocation', () => {
  it('tell an application of its own tokens and of no others, and end them', async () => {
    const tokens = await connected()
    const own = await tokenIntrospection(client, tokens.access_token)
    expect(own).toMatchObject({ active: true, client_id: made.application.id, sub: node.jane.user.id, scope: 'own_disclosure:read', aud: origin, iss: origin })
    expect(await tokenIntrospection(client, tokens.refresh_token as string)).toMatchObject({ active: true, client_id: made.application.id })
    const other = await node.client(await node.application())
    expect(await tokenIntrospection(other, tokens.access_token)).toEqual({ active: false })
    expect(await tokenIntrospection(other, tokens.refresh_token as string)).toEqual({ active: false })
    await tokenRevocation(other, tokens.access_token)
    node.clock.advance(1_000)
    expect(await call(tokens.access_token)).toBe(200)

    await tokenRevocation(client, tokens.access_token)
    node.clock.advance(1_000)
    expect(await call(tokens.access_token)).toBe(401)
    expect(await tokenIntrospection(client, tokens.access_token)).toEqual({ active: false })
    // The connection stays until its refresh token is revoked.
    const next = await refreshTokenGrant(client, tokens.refresh_token as string)
    expect(await call(next.access_token)).toBe(200)
    await tokenRevocation(client, next.refresh_token as string)
    node.clock.advance(1_000)
    expect(await call(next.access_token)).toBe(401)
  })
})

describe('the sandbox', () => {
  it('is told what is made up, checks what will be checked, and does nothing', async () => {
    const own = await node.application({ acts_by_itself: true, scopes: [{ area: 'policy', level: 'read' }] }, false)
    const { access_token: token } = await clientCredentialsGrant(await node.client(own), { scope: 'policy:read' })
    const response = await node.fetch(`${origin}/v1/notes/policies`, { headers: { authorization: `Bearer ${token}` } })
    const { who } = (await response.json()) as { who: string }
    expect([response.status, typeof who, who === node.admin1.user.id]).toEqual([200, 'string', false])
    expect(await call(token)).toBe(403)
  })

  it('is for the application’s own developers alone', async () => {
    const own = await node.application({ scopes: [{ area: 'own_disclosure', level: 'read' }] }, false)
    const { url } = await begun(await node.client(own))
    await expect(node.connect(url, node.admin2)).rejects.toMatchObject({ kind: { status: 404 } })
    expect((await node.connect(url, node.admin1)).searchParams.has('code')).toBe(true)
  })
})

describe('the signing keys', () => {
  it('are published with the one before and the next, and can all be replaced at once', async () => {
    const keys = async () => ((await (await node.fetch(`${origin}/oauth/jwks`)).json()) as { keys: { kid: string; d?: string }[] }).keys
    const before = await keys()
    expect([before.length, before.some((key) => 'd' in key)]).toEqual([3, false])
    const [now, , next] = before.map(({ kid }) => kid)
    const tokens = await connected()
    node.clock.advance(30 * 86_400_000)
    const later = (await keys()).map(({ kid }) => kid)
    expect([later[0], later[1]]).toEqual([next, now])
    node.clock.set(Date.now())
    expect(await call(tokens.access_token)).toBe(200)
    await node.door.enter(renewSigningKeys, {}, node.principal({ roles: ['operator'], tenant: node.home }))
    node.clock.advance(1_000)
    expect(await call(tokens.access_token)).toBe(401)
    expect(before.map(({ kid }) => kid)).not.toContain((await keys())[0]?.kid)
  })
})
