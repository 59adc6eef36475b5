/** What must not work: on the page that asks, at the endpoints, and at the door. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Id } from '@gatehouse/core/id'
import type { Problem } from '@gatehouse/core/problem'
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose'
import {
  authorizationCodeGrant,
  buildAuthorizationUrl,
  type Configuration,
  calculatePKCECodeChallenge,
  clientCredentialsGrant,
  refreshTokenGrant,
} from 'openid-client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { updateUser } from '../identity/update-user.ts'
import { ensureTenant } from '../tenancy/index.ts'
import { change } from './change.ts'
import { decide } from './connections/decide.ts'
import { disconnect, mine } from './connections/mine.ts'
import { question } from './connections/question.ts'
import { changeDeployment, dropDeployment, nameDeployment } from './deployments/operations.ts'
import { admit, submit } from './life.ts'
import { list, read } from './list.ts'
import { register } from './register.ts'
import { renewSecret } from './renew-secret.ts'
import type { Application } from './schema.ts'
import { type ApplicationsNode, applicationsNode, origin, redirect } from './testing/applications-node.ts'

let node: ApplicationsNode
let made: { application: Application; secret: string | null }
let client: Configuration
const verifier = 'a'.repeat(43)
let challenge: string

beforeAll(async () => {
  node = await applicationsNode(['127.0.0.1'])
  made = await node.application()
  client = await node.client(made)
  challenge = await calculatePKCECodeChallenge(verifier)
})
afterAll(() => node?.close())

const request = (more: Record<string, string> = {}) => ({
  client_id: made.application.id,
  response_type: 'code',
  redirect_uri: redirect,
  scope: 'openid own_disclosure:read',
  state: 's',
  code_challenge: challenge,
  code_challenge_method: 'S256',
  ...more,
})
const slugOf = async (act: Promise<unknown>) => {
  const problem = await act.then(
    (answer) => (answer as { problem?: Problem }).problem,
    (thrown: unknown) => thrown as Problem,
  )
  return problem?.kind.type.split('/').at(-1)
}
const asks = (input: object, who = node.jane, more = {}) => node.done<{ location: string | null }>(question, input, node.as(who, more))
const errorOf = async (input: object) => new URL((await asks(input)).location ?? 'none:').searchParams.get('error')
const call = async (token: string, headers: Record<string, string> = {}, path = '/v1/me/notes') =>
  (await node.fetch(`${origin}${path}`, { headers: { authorization: `Bearer ${token}`, ...headers } })).status
const code = async (more: Record<string, string> = {}) => node.connect(buildAuthorizationUrl(client, { ...request(more) }))
const redeem = (answer: URL, pkceCodeVerifier = verifier) =>
  authorizationCodeGrant(client, answer, { pkceCodeVerifier, expectedState: 's', idTokenExpected: true })

describe('the page that asks', () => {
  it('leads nowhere but to an address that is registered to the letter', async () => {
    for (const uri of [
      'https://evil.example.org/',
      `${redirect}/`,
      `${redirect}?a=1`,
      'https://helper.example.org/',
      'https://HELPER.example.org/connected',
      'javascript:alert(1)',
    ])
      expect(await slugOf(asks(request({ redirect_uri: uri })))).toBe('invalid-request')
  })

  it('takes PKCE with S256 only', async () => {
    const { code_challenge: _, code_challenge_method: __, ...without } = request()
    expect(await errorOf(without)).toBe('invalid_request')
    expect(await errorOf(request({ code_challenge: verifier, code_challenge_method: 'plain' }))).toBe('invalid_request')
    expect(await errorOf({ ...without, code_challenge: challenge })).toBe('invalid_request')
  })

  it('gives no token in an address, asks each time, and takes no request objects', async () => {
    expect((await asks(request({ response_type: 'token' }))).location).toMatch(/^https:\/\/helper\.example\.org\/connected#error=unsupported_response_type&/)
    expect(await errorOf(request({ prompt: 'none' }))).toBe('consent_required')
    expect(await errorOf(request({ request: 'a.b.c' }))).toBe('request_not_supported')
  })

  it('asks for a fresh proof where the application wants one', async () => {
    const earlier = await node.signIn('jane@example.org')
    await node.database.transaction('node', (tx) =>
      tx.query(`UPDATE identity.session SET proven_at = now() - interval '1 hour' WHERE id = $1`, [earlier.session]),
    )
    for (const more of [{ prompt: 'login' }, { max_age: '600' }, { max_age: '0' }])
      expect(await slugOf(asks(request(more as never), earlier))).toBe('step-up-required')
    expect((await asks(request({ max_age: '7200' }), earlier)).location).toBeNull()
  })

  it('another site, a key and an application can neither ask nor decide', async () => {
    expect(await slugOf(asks(request(), node.jane, { origin: 'https://evil.example.org' }))).toBe('not-authenticated')
    const decision = { ...request(), allow: true, revision: made.application.revision }
    expect(await slugOf(node.done(decide, decision, node.as(node.jane, { site: 'cross-site' })))).toBe('not-authenticated')
    const { principal } = await node.ask(mine, {}, node.as(node.jane)).then((answer) => answer as { principal: object })
    const { session: _, ...withoutSession } = principal as { session?: string }
    expect(await slugOf(node.door.enter(decide, decision, withoutSession as never))).toBe('browser-only')
  })

  it('an application that has changed since is asked about anew, and a scope that is not registered is not given', async () => {
    expect(await slugOf(node.done(decide, { ...request(), allow: true, revision: 99 }, node.as(node.jane)))).toBe('asked-otherwise')
    const { scopes } = (await asks(request({ scope: 'openid own_disclosure:read own_disclosure:write policy:read' }))) as unknown as { scopes: object[] }
    expect(scopes).toEqual([{ area: 'own_disclosure', level: 'read' }])
    const tokens = await redeem(await code({ scope: 'openid own_disclosure:read own_disclosure:write policy:read' }))
    expect(tokens.scope).toBe('own_disclosure:read')
  })

  it('one that is not admitted, or of another institution, is not there', async () => {
    const other = await node.application({}, false)
    expect(await slugOf(asks(request({ client_id: other.application.id })))).toBe('not-found')
    expect(await slugOf(asks(request({ client_id: '01980000-0000-7000-8000-0000000000ff' })))).toBe('not-found')
    const { id: tenant } = await ensureTenant(node.door.node, 'elsewhere', 'Elsewhere')
    const stranger = node.principal({ tenant, roles: ['administrator'] })
    for (const [operation, input] of [
      [read, { application: made.application.id }],
      [change, { application: made.application.id, name: 'Ours' }],
      [renewSecret, { application: made.application.id }],
      [question, request()],
      [disconnect, { connection: made.application.id }],
    ] as const)
      expect(await slugOf(node.door.enter(operation as never, input as never, { ...stranger, session: 'one', provenAtMs: node.clock.nowMs() }))).toBe(
        'not-found',
      )
  })
})

describe('the token endpoint', () => {
  it('takes a code once; the second time the connection ends with all its tokens', async () => {
    const answer = await code()
    const tokens = await redeem(answer)
    expect(await call(tokens.access_token)).toBe(200)
    await expect(redeem(answer)).rejects.toMatchObject({ error: 'invalid_grant' })
    await expect(refreshTokenGrant(client, tokens.refresh_token as string)).rejects.toMatchObject({ error: 'invalid_grant' })
    node.clock.advance(1_000)
    expect(await call(tokens.access_token)).toBe(401)
  })

  it('of two who redeem one code at the same moment not more than one is let in, and nobody stays', async () => {
    const answer = await code()
    const both = await Promise.allSettled([redeem(answer), redeem(answer)])
    expect(both.filter(({ status }) => status === 'fulfilled').length).toBeLessThanOrEqual(1)
    node.clock.advance(1_000)
    for (const one of both) if (one.status === 'fulfilled') expect(await call(one.value.access_token)).toBe(401)
  })

  it('gives nothing for a code with another verifier, application, or address', async () => {
    await expect(redeem(await code(), 'b'.repeat(43))).rejects.toMatchObject({ error: 'invalid_grant' })
    const other = await node.client(await node.application())
    await expect(authorizationCodeGrant(other, await code(), { pkceCodeVerifier: verifier, expectedState: 's' })).rejects.toMatchObject({
      error: 'invalid_grant',
    })
    const answer = await code()
    const form = new URLSearchParams({
      grant_type: 'authorization_code',
      code: answer.searchParams.get('code') ?? '',
      code_verifier: verifier,
      redirect_uri: `${redirect}/`,
    })
    expect(await asClient(form)).toMatchObject({ error: 'invalid_grant' })
  })

  it('an answer of another issuer is not taken for this one’s', async () => {
    const answer = await code()
    answer.searchParams.set('iss', 'https://evil.example.org')
    await expect(redeem(answer)).rejects.toMatchObject({ code: 'OAUTH_INVALID_RESPONSE', cause: { message: expect.stringContaining('iss') } })
  })

  it('a wrong secret, none, an old one and an unknown application get one answer', async () => {
    const form = new URLSearchParams({ grant_type: 'client_credentials' })
    const answers = [
      await asClient(form, 'gha_wrong'),
      await asClient(form, `gha_${'A'.repeat(43)}`),
      await asClient(form, made.secret ?? '', '01980000-0000-7000-8000-0000000000ff'),
    ]
    expect(new Set(answers.map(({ status, error, error_description: text }) => `${status} ${error} ${text}`)).size).toBe(1)
    expect(answers[0]).toMatchObject({ status: 401, error: 'invalid_client' })
    const fresh = await node.application({ acts_by_itself: true })
    const { secret } = await node.done<{ secret: string }>(renewSecret, { application: fresh.application.id }, node.as(node.admin1))
    await expect(clientCredentialsGrant(await node.client(fresh))).rejects.toMatchObject({ status: 401 })
    expect(await clientCredentialsGrant(await node.client({ ...fresh, secret }))).toMatchObject({ token_type: 'bearer' })
  })

  it('whoever is somebody already is no application', async () => {
    const { access_token: token } = await redeem(await code())
    const response = await node.fetch(`${origin}/oauth/token`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ grant_type: 'client_credentials', client_id: made.application.id, client_secret: made.secret ?? '' }).toString(),
    })
    expect(response.status).toBe(401)
  })

  it('an application that does not act by itself gets no token without a person', async () => {
    await expect(clientCredentialsGrant(client)).rejects.toMatchObject({ error: 'invalid_request' })
  })

  it('makes no token for a deployment that the institution has not named', async () => {
    expect(await errorOf(request({ resource: 'https://elsewhere.example.org' }))).toBe('invalid_target')
  })

  it('secrets, codes and refresh tokens stand in no table, entry or line of the log', async () => {
    const answer = await code()
    const tokens = await redeem(answer)
    const rows = await node.database.transaction('node', (tx) =>
      Promise.all(['application', 'connection', 'artifact'].map((table) => tx.query(`SELECT t::text FROM applications.${table} t`))),
    )
    const all = JSON.stringify([rows, node.entries, node.logLines])
    for (const secret of [made.secret, answer.searchParams.get('code'), tokens.refresh_token, tokens.access_token, 'jane@example.org'])
      expect(all).not.toContain(secret)
  })
})

const asClient = async (form: URLSearchParams, secret = made.secret ?? '', id: string = made.application.id) => {
  const response = await node.fetch(`${origin}/oauth/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`, 'content-type': 'application/x-www-form-urlencoded' },
    body: form.toString(),
  })
  return { status: response.status, ...((await response.json()) as { error: string; error_description: string }) }
}

describe('the door', () => {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const claims = async () => {
    const { access_token: token } = await redeem(await code())
    return { token, payload: JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as JWTPayload }
  }

  it('takes no token without a signature, by a shared secret, of another key, type or time', async () => {
    const { token, payload } = await claims()
    const [header = '', body = '', signature = ''] = token.split('.')
    const jwks = await (await node.fetch(`${origin}/oauth/jwks`)).text()
    const { kid } = JSON.parse(Buffer.from(header, 'base64url').toString()) as { kid: string }
    const other = await generateKeyPair('ES256')
    const sign = (head: object, key = other.privateKey as never) =>
      new SignJWT(payload).setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid, ...head } as never).sign(key)
    expect(await call(token)).toBe(200)
    for (const bad of [
      `${part({ alg: 'none', typ: 'at+jwt' })}.${body}.`,
      `${part({ alg: 'none', typ: 'at+jwt' })}.${body}.${signature}`,
      await sign({ alg: 'HS256' }, Buffer.from(jwks) as never),
      await sign({}),
      `${header}.${part({ ...payload, scope: 'own_disclosure:write policy:write' })}.${signature}`,
      `${header}.${body}.${'A'.repeat(signature.length)}`,
    ])
      expect(await call(bad)).toBe(401)
    // The token has the machine's time, and the clock stands still meanwhile.
    node.clock.set(Date.now() + 301_000)
    expect(await call(token)).toBe(401)
    node.clock.set(Date.now())
  })

  it('takes no ID token, and no token that was made for another deployment', async () => {
    const tokens = await redeem(await code())
    expect(await call(tokens.id_token as string)).toBe(401)
    await node.done(nameDeployment, { name: 'Lakeside', audience: 'https://lakeside.example.org' }, node.as(node.admin1))
    const answer = await code({ resource: 'https://lakeside.example.org' })
    const away = await authorizationCodeGrant(client, answer, { pkceCodeVerifier: verifier, expectedState: 's' }, { resource: 'https://lakeside.example.org' })
    expect(JSON.parse(Buffer.from(away.access_token.split('.')[1] ?? '', 'base64url').toString())).toMatchObject({ aud: 'https://lakeside.example.org' })
    expect(await call(away.access_token)).toBe(401)
  })

  it('lets a token do what its scopes name, of what the person may, and nothing that asks for a fresh proof', async () => {
    const { token } = await claims()
    expect([await call(token), await call(token, {}, '/v1/notes/policies'), await call(token, {}, '/v1/me/applications')]).toEqual([200, 403, 403])
    const wide = await node.application({
      scopes: [
        { area: 'own_disclosure', level: 'write' },
        { area: 'policy', level: 'read' },
      ],
    })
    const config = await node.client(wide)
    const url = buildAuthorizationUrl(config, request({ scope: 'own_disclosure:write policy:read', client_id: wide.application.id }))
    const tokens = await authorizationCodeGrant(config, await node.connect(url), { pkceCodeVerifier: verifier, expectedState: 's' })
    // Jane has no right to policies, whatever an application was registered for.
    expect([await call(tokens.access_token), await call(tokens.access_token, {}, '/v1/notes/policies')]).toEqual([200, 403])
    const exported = await node.fetch(`${origin}/v1/me/notes/export`, {
      method: 'POST',
      headers: { authorization: `Bearer ${tokens.access_token}`, 'content-type': 'application/json' },
      body: '{}',
    })
    expect([exported.status, await exported.json()]).toEqual([403, expect.objectContaining({ type: '/problems/door/step-up-required' })])
  })

  it('keeps no stream open for a token that has ended', async () => {
    const { token, payload } = await claims()
    const answer = await node.door.knock(mine, {}, { channel: 'http', authorization: `Bearer ${token}` }).catch(() => undefined)
    expect(answer).toBeUndefined()
    const own = await node.door.knock({ ...mine, access: { public: 'a test' } } as never, {}, { channel: 'http', authorization: `Bearer ${token}`, safe: true })
    const { principal } = own as unknown as { principal: never }
    expect(await node.door.stillHold(node.home, [principal])).toEqual([true])
    await node.done(disconnect, { connection: payload.connection }, node.as(node.jane))
    expect(await node.door.stillHold(node.home, [principal])).toEqual([false])
  })
})

describe('registering', () => {
  const registered = (more: object) => node.done(register, { name: 'x', purpose: 'x', ...more }, node.as(node.admin1))

  it.each([
    ['http elsewhere', { redirect_uris: ['http://helper.example.org/'] }, 'redirect-refused'],
    ['a name of this machine that others may answer to', { redirect_uris: ['http://localhost:1/'] }, 'redirect-refused'],
    ['a fragment', { redirect_uris: ['https://helper.example.org/#x'] }, 'redirect-refused'],
    ['a scheme that runs', { redirect_uris: ['javascript:alert(1)'] }, 'redirect-refused'],
    ['a wildcard', { redirect_uris: ['https://*.example.org/'] }, 'redirect-refused'],
    ['keys', { scopes: [{ area: 'api_key', level: 'write' }] }, 'area-refused'],
    ['connections', { scopes: [{ area: 'own_connection', level: 'write' }] }, 'area-refused'],
  ])('is refused with %s', async (_, more, slug) => {
    expect(await slugOf(registered(more))).toBe(slug)
  })

  it('nobody admits their own, what nobody submitted, or what was not judged; and a change has to be judged again', async () => {
    const { application } = await node.application({}, false)
    const id = application.id
    const admits = (who = node.admin2, revision = 1) => slugOf(node.done(admit, { application: id, revision }, node.as(who)))
    expect(await admits()).toBe('wrong-state')
    await node.done(submit, { application: id }, node.as(node.admin1))
    expect([await admits(node.admin1), await admits(node.admin2, 2)]).toEqual(['own-application', 'asked-otherwise'])
    expect(await admits()).toBeUndefined()
    expect(await node.done(change, { application: id, redirect_uris: ['https://evil.example.org/'] }, node.as(node.admin1))).toMatchObject({
      state: 'sandbox',
      revision: 2,
    })
  })

  it('a developer sees and changes own applications only', async () => {
    const developer = node.principal({ id: '01980000-0000-7000-8000-0000000000d1', tenant: node.home, roles: ['application_developer'] })
    const other = node.principal({ id: '01980000-0000-7000-8000-0000000000d2', tenant: node.home, roles: ['application_developer'] })
    const mineOnly = await node.door.enter(register, { name: 'y', purpose: 'y' }, developer)
    if (mineOnly.outcome !== 'done') throw new Error(mineOnly.outcome)
    const { id } = mineOnly.output.application
    expect(await node.door.enter(list, {}, developer)).toMatchObject({ output: { data: [{ id }] } })
    expect(await node.door.enter(list, {}, other)).toMatchObject({ output: { data: [] } })
    for (const operation of [read, submit, renewSecret])
      expect(await slugOf(node.door.enter(operation as never, { application: id } as never, other))).toBe('not-found')
    expect(await slugOf(node.door.enter(admit, { application: id, revision: 1 }, developer))).toBe('not-allowed')
  })
})

describe('an external authorization server, by configuration', () => {
  const path = { jwks: '' }
  const server = createServer((_request, response) => response.writeHead(200, { 'content-type': 'application/json' }).end(path.jwks))
  let issuer = ''
  let token: (claims?: JWTPayload, head?: object) => Promise<string>
  let deployment: { id: Id<'deployment'>; expects: string }

  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
    const pair = await generateKeyPair('RS256', { extractable: true })
    path.jwks = JSON.stringify({ keys: [{ ...(await exportJWK(pair.publicKey)), kid: 'k', alg: 'RS256', use: 'sig' }] })
    deployment = await node.done(nameDeployment, { name: 'Keycloak', issuer, jwks_uri: `${issuer}certs` }, node.as(node.admin1))
    token = (claims = {}, head = {}) => {
      const seconds = Math.floor(node.clock.nowMs() / 1000)
      return new SignJWT({
        iss: issuer,
        aud: deployment.expects,
        azp: 'batch',
        sub: 'service-account',
        iat: seconds,
        exp: seconds + 60,
        scope: 'policy:read',
        ...claims,
      })
        .setProtectedHeader({ alg: 'RS256', kid: 'k', ...head })
        .sign(pair.privateKey)
    }
    await node.application({
      redirect_uris: [],
      acts_by_itself: true,
      claims: [],
      scopes: [{ area: 'policy', level: 'read' }],
      elsewhere: { deployment: deployment.id, client_id: 'batch' },
    })
  })
  afterAll(() => new Promise<void>((resolve) => server.close(() => resolve())))

  const opens = async (claims?: JWTPayload, head?: object) => call(await token(claims, head), {}, '/v1/notes/policies')

  it('its tokens are believed for registered applications, within what was registered', async () => {
    expect([await opens(), await call(await token({ scope: 'policy:read own_disclosure:read' })), await opens({ scope: 'policy:write' })]).toEqual([
      200, 403, 403,
    ])
  })

  it('whoever signed in there is somebody of the staff whom a provider with that issuer knows, and nobody else', async () => {
    const staff = { sid: 'a session', sub: 'grace-there' }
    const person = { sid: 'a session', sub: 'jane-there' }
    expect(await opens({ ...staff, jti: 'too early' })).toBe(401)
    const tenant = node.home
    await node.database.transaction(tenant, async (tx) => {
      const id = '01980000-0000-7000-8000-0000000000f1'
      await tx.change(
        `INSERT INTO identity.provider (tenant_id, id, name, issuer, client_id, groups_claim, teams, creates_accounts, roles, required, trusts_email, factors, revision, created_at)
           VALUES ($1, $2, 'Keycloak', $3, 'portal', NULL, '{}', false, '{}', false, false, '{}', 1, now())`,
        [tenant, id, issuer],
      )
      for (const [user, sub] of [
        [node.admin2.user.id, staff.sub],
        [node.jane.user.id, person.sub],
      ])
        await tx.change(
          `INSERT INTO identity.account (tenant_id, id, user_id, provider_id, account_id, created_at, updated_at) VALUES ($1, gen_random_uuid(), $2, $3, $4, now(), now())`,
          [tenant, user, id, sub],
        )
    })
    expect([await opens(staff), await opens({ ...staff, scope: 'policy:write' }), await opens({ ...staff, auth_time: 1 })]).toEqual([200, 403, 200])
    expect([await opens(person), await opens({ ...staff, sub: 'nobody-there' })]).toEqual([401, 401])
  })

  it('nobody else is believed, nor is it for anybody else, for people whom nobody knows, or with another client', async () => {
    const { id: tenant } = await ensureTenant(node.door.node, 'elsewhere', 'Elsewhere')
    for (const claims of [
      { iss: 'https://evil.example.org/' },
      { aud: origin },
      { aud: deployment.expects.replace(/[^/]+$/, tenant) },
      { azp: 'unknown' },
      { exp: 1 },
      { sid: 'a session' },
    ])
      expect(await opens(claims)).toBe(401)
    expect(
      await slugOf(node.done(nameDeployment, { name: 'x', issuer: 'https://evil.example.org/', jwks_uri: 'https://169.254.169.254/' }, node.as(node.admin1))),
    ).toBe('issuer-refused')
    expect(await slugOf(node.done(dropDeployment, { deployment: deployment.id }, node.as(node.admin1)))).toBe('deployment-in-use')
  })

  it('what is changed of it leads neither to what the node may not reach, to the node itself or to another’s audience, nor to nothing', async () => {
    const changed = (more: object, id: string = deployment.id) => node.done(changeDeployment, { deployment: id, ...more }, node.as(node.admin1))
    const { id } = await node.done<{ id: string }>(nameDeployment, { name: 'Hillside', audience: 'https://hillside.example.org' }, node.as(node.admin1))
    for (const [more, slug] of [
      [{ jwks_uri: 'https://169.254.169.254/' }, 'issuer-refused'],
      [{ audience: `${origin}/institutions/x` }, 'deployment-taken'],
      [{ audience: 'https://hillside.example.org' }, 'deployment-taken'],
    ] as const)
      expect(await slugOf(changed(more))).toBe(slug)
    for (const more of [{ audience: null }, { jwks_uri: `${issuer}certs` }]) expect(await slugOf(changed(more, id))).toBe('deployment-empty')
    expect(await slugOf(changed({ issuer: 'https://evil.example.org/' }))).toBe('input-invalid')
    expect(await slugOf(changed({ name: 'x' }, '01980000-0000-7000-8000-000000000009'))).toBe('not-found')
  })

  it('with another address of its keys, the keys there count and those before no longer', async () => {
    const before = path.jwks
    const away = (jwks_uri: string) => node.done(changeDeployment, { deployment: deployment.id, jwks_uri }, node.as(node.admin1))
    path.jwks = '{"keys":[]}'
    await away(`${issuer}others`)
    // What a token was found to be is remembered for a second.
    node.clock.advance(1_000)
    expect(await opens()).toBe(401)
    path.jwks = before
    await away(`${issuer}certs`)
    node.clock.advance(1_000)
    expect(await opens()).toBe(200)
  })
})

describe('last, for somebody goes', () => {
  it('forgets a closed account within a second', async () => {
    const own = await node.application({ scopes: [{ area: 'policy', level: 'read' }] })
    const config = await node.client(own)
    const url = buildAuthorizationUrl(config, request({ scope: 'policy:read', client_id: own.application.id }))
    const tokens = await authorizationCodeGrant(config, await node.connect(url, node.admin2), { pkceCodeVerifier: verifier, expectedState: 's' })
    expect(await call(tokens.access_token, {}, '/v1/notes/policies')).toBe(200)
    await node.done(updateUser, { user: node.admin2.user.id, disabled: true }, node.as(node.admin1))
    node.clock.advance(1_000)
    expect(await call(tokens.access_token, {}, '/v1/notes/policies')).toBe(401)
    await expect(refreshTokenGrant(config, tokens.refresh_token as string)).rejects.toMatchObject({ error: 'invalid_grant' })
  })
})
