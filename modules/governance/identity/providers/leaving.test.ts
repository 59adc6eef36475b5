/** Signing out at the provider as well: from here, and from there. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Problem } from '@gatehouse/core/problem'
import { ServiceProvider } from 'samlify'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { authenticate } from '../authenticate.ts'
import type { SignedIn } from '../schema.ts'
import { signOut } from '../sign-out.ts'
import { browser, type IdentityNode, identityNode } from '../testing/identity.ts'
import { addProvider } from './add.ts'
import { beginSso } from './begin.ts'
import { changeProvider } from './change.ts'
import { takeLogoutToken } from './oidc/take-logout.ts'
import { proveDomain } from './prove-domain.ts'
import { returnFromSso } from './return.ts'
import { readSamlMetadata } from './saml/read-metadata.ts'
import { showSamlMetadata } from './saml/show-metadata.ts'
import { samlSignedOut, takeSamlLogout } from './saml/take-logout.ts'
import { takeSamlResponse } from './saml/take-response.ts'
import { base64, logoutRequestOf, type SigningKey, samlifyProvider, signed, signingKey } from './saml/testing/provider.ts'
import type { Provider } from './schema.ts'
import { client, type LyingProvider, lyingProvider } from './testing/provider.ts'

interface Begun {
  readonly location: string
  readonly entrance_token: string
}

const texts: Record<string, string[]> = {}
let node: IdentityNode
let admin: SignedIn
let elsewhere: LyingProvider
let key: SigningKey
let oidc: Provider
let saml: Provider

const nowMs = () => node.clock.nowMs()
const as = (signedIn: Pick<SignedIn, 'session_token'>, more = {}) => browser({ sessionToken: signedIn.session_token, ...more })
const begin = (provider: Provider) => node.done<Begun>(beginSso, { provider: provider.id })
const isIn = async (signedIn: SignedIn) => (await authenticate(node.door.node, as(signedIn, { safe: true }))) !== undefined
const leave = (signedIn: SignedIn) => node.done<{ location: string | null }>(signOut, {}, as(signedIn))

async function add(settings: object, domain: string): Promise<Provider> {
  const added = await node.done<Provider>(
    addProvider,
    { ...settings, domains: [domain], creates_accounts: true, trusts_email: true, signs_out: true },
    as(admin),
  )
  texts[added.domains[0]?.record ?? ''] = [added.domains[0]?.value ?? '']
  await node.done(proveDomain, { provider: added.id, domain }, as(admin))
  return added
}

beforeAll(async () => {
  node = await identityNode({ egressAllow: ['127.0.0.1'], texts })
  ;[admin, elsewhere, key] = await Promise.all([node.firstAdministrator(), lyingProvider(), signingKey(nowMs())])
  oidc = await add({ name: 'Liar', issuer: elsewhere.issuer, client_id: client.id, client_secret: client.secret }, 'liar.example')
  const { metadata } = samlifyProvider(key, nowMs)
  const { issuer, ...read } = await node.done<{ issuer: string }>(readSamlMetadata, { metadata }, as(admin))
  saml = await add({ name: 'Hill', issuer, saml: read }, 'hill.example')
})
afterAll(async () => {
  await elsewhere?.close()
  await node?.close()
})

describe('OpenID Connect', () => {
  const event = { 'http://schemas.openid.net/event/backchannel-logout': {} }
  const enter = async (sub: string, sid: string): Promise<SignedIn> => {
    elsewhere.as({ sub, email: `${sub}@liar.example` })
    elsewhere.lie({ claims: { sid } })
    const begun = await begin(oidc)
    elsewhere.asked(begun.location)
    const state = new URL(begun.location).searchParams.get('state')
    return node.done(returnFromSso, { provider: oidc.id, code: 'c', state, iss: elsewhere.issuer }, browser({ entranceToken: begun.entrance_token }))
  }
  const tell = (token: string) =>
    node.done<{ sessions_ended: number }>(takeLogoutToken, { provider: oidc.id, logout_token: token }, { channel: 'http' } as never)
  const refused = (token: string) =>
    tell(token).then(
      () => 'taken',
      (problem: Problem) => `${problem.kind.status} ${node.entries.at(-1)?.facts.details?.reason}`,
    )
  const said = (more: object = {}) => elsewhere.logoutToken({ sub: 'mary', jti: `j-${Math.random()}`, iat: Math.floor(nowMs() / 1000), events: event, ...more })

  it('leads from here to the provider, with what it needs to know whom', async () => {
    const mary = await enter('mary', 's-1')
    const rows = await node.database.transaction('node', (tx) => tx.query('SELECT * FROM identity.session'))
    expect(JSON.stringify(rows)).not.toMatch(/eyJ|mary|s-1/)
    const url = new URL((await leave(mary)).location ?? '')
    expect(`${url.origin}${url.pathname}`).toBe(`${elsewhere.issuer}/leave`)
    expect(url.searchParams.get('id_token_hint')).toMatch(/^eyJ/)
    expect(url.searchParams.get('post_logout_redirect_uri')).toBe(oidc.signed_out_uri)
    node.clock.advance(1_000)
    expect(await isIn(mary)).toBe(false)
  })

  it('leads nowhere where the institution does not want it, and for whoever came in otherwise', async () => {
    const mary = await enter('mary', 's-2')
    await node.done(changeProvider, { provider: oidc.id, signs_out: false }, as(admin))
    expect((await leave(mary)).location).toBeNull()
    await node.done(changeProvider, { provider: oidc.id, signs_out: true }, as(admin))
    expect((await leave(await node.signIn())).location).toBeNull()
  })

  it('ends from there the session that is named, or all of the person, and nobody else’s', async () => {
    const [first, second, rosa] = [await enter('mary', 's-3'), await enter('mary', 's-4'), await enter('rosa', 's-5')]
    expect(await tell(await said({ sub: undefined, sid: 's-3' }))).toEqual({ sessions_ended: 1 })
    node.clock.advance(1_000)
    expect([await isIn(first), await isIn(second)]).toEqual([false, true])
    expect(await tell(await said({ sid: 's-5' }))).toEqual({ sessions_ended: 0 })
    expect(await tell(await said())).toEqual({ sessions_ended: 1 })
    node.clock.advance(1_000)
    expect([await isIn(second), await isIn(rosa), await isIn(admin)]).toEqual([false, true, true])
  })

  it.each([
    ['for another client', { aud: 'another' }],
    ['of another issuer', { iss: 'https://login.example.net' }],
    ['an hour old', { iat: 1_700_000_000 }],
    ['with a nonce: it is an ID token', { nonce: 'n' }],
    ['that says nothing of an end', { events: {} }],
    ['that names nobody', { sub: undefined }],
    ['that could be used twice', { jti: undefined }],
  ])('takes no token %s', async (_, more) => {
    expect(await refused(await said(more))).toMatch(/^400 \w+$/)
  })

  it('takes no token twice, none that is unsigned, and none of another key', async () => {
    const token = await said()
    await tell(token)
    expect(await refused(token)).toBe('400 replayed')
    for (const alg of ['none', 'HS256', 'other key'] as const) {
      elsewhere.lie({ alg })
      expect(await refused(await said())).toMatch(/^400 \w+$/)
    }
    elsewhere.lie({})
    expect(JSON.stringify([node.entries, node.logLines])).not.toMatch(/mary|rosa/)
  })
})

describe('SAML', () => {
  let provider: ReturnType<typeof samlifyProvider>
  let metadata = ''
  let sp: ReturnType<typeof ServiceProvider>

  beforeAll(async () => {
    provider = samlifyProvider(key, nowMs, { wantsSigned: true })
    const { chunks } = await node.done<{ chunks: AsyncIterable<string> }>(showSamlMetadata, { provider: saml.id }, browser({ safe: true }))
    for await (const chunk of chunks) metadata += chunk
    sp = ServiceProvider({ metadata } as never)
  })
  beforeEach(() => node.clock.advance(1_000))

  const enter = async (nameId: string): Promise<SignedIn> => {
    const begun = await begin(saml)
    const posted = await provider.answer(begun.location, metadata, { nameId, email: `${nameId}@hill.example` })
    const { location } = await node.done<{ location: string }>(takeSamlResponse, { provider: saml.id, ...posted })
    const given = Object.fromEntries(new URL(location).searchParams)
    return node.done(returnFromSso, { provider: saml.id, ...given }, browser({ entranceToken: begun.entrance_token }))
  }
  const redirected = (url: URL) => ({ query: Object.fromEntries(url.searchParams), octetString: url.search.slice(1).replace(/&Signature=.*/, '') })
  const tell = (given: object) =>
    node.done<{ location: string }>(takeSamlLogout, { provider: saml.id, ...given }, browser({ origin: 'https://login.lakeside.example' }))
  const why = () => node.entries.findLast(({ type }) => type === 'identity.take_saml_logout')?.facts

  it('leads from here to the provider with a signed request that names person and session, and back', async () => {
    const rosa = await enter('rosa')
    const url = new URL((await leave(rosa)).location ?? '')
    expect(url.href.startsWith('https://login.lakeside.example/slo?')).toBe(true)
    const { extract } = await provider.provider.parseLogoutRequest(sp, 'redirect', redirected(url))
    expect(extract).toMatchObject({ nameID: 'rosa', sessionIndex: 'srosa' })
    node.clock.advance(1_000)
    expect(await isIn(rosa)).toBe(false)
    expect(await node.done(samlSignedOut, { provider: saml.id }, browser({ safe: true }))).toEqual({ location: saml.signed_out_uri })
    expect(await tell({ SAMLResponse: 'x' })).toEqual({ location: saml.signed_out_uri })
  })

  it('ends from there the sessions of the person, and tells the provider so', async () => {
    const [rosa, mary] = [await enter('rosa'), await enter('maria')]
    const { location } = await tell({ SAMLRequest: provider.leaving(metadata, { nameId: 'rosa' }), RelayState: 'r' })
    node.clock.advance(1_000)
    expect([await isIn(rosa), await isIn(mary)]).toEqual([false, true])
    const answered = await provider.provider.parseLogoutResponse(sp, 'redirect', redirected(new URL(location)))
    expect(answered.extract.response).toMatchObject({ inResponseTo: expect.stringMatching(/^_/) })
    expect(why()).toMatchObject({ details: { sessions_ended: 1 } })
  })

  const request = (more: object = {}) => logoutRequestOf({ nameId: 'maria', destination: saml.saml?.logout_uri ?? '', nowMs: nowMs(), ...more })
  const sign = (xml: string, more: object = {}) => signed(xml, key.key, { part: 'LogoutRequest', ...more } as never)
  const sha1 = { signature: 'http://www.w3.org/2000/09/xmldsig#rsa-sha1', digest: 'http://www.w3.org/2000/09/xmldsig#sha1' }

  it.each([
    ['unsigned', () => request(), 'signature'],
    ['changed after it was signed', () => sign(request({ nameId: 'nobody' })).replace('>nobody<', '>maria<'), 'signature'],
    ['signed by SHA-1', () => sign(request(), sha1), 'algorithm'],
    ['for another place', () => sign(request({ destination: 'https://another.example/slo' })), 'destination'],
    ['of another issuer', () => sign(request({ issuer: 'https://login.example.net' })), 'issuer'],
    ['an hour old', () => sign(request({ issuedMs: nowMs() - 3_600_000 })), 'issue_instant'],
    ['that has ended', () => sign(request({ endsMs: nowMs() - 61_000 })), 'ended'],
    ['with a document type', () => `<!DOCTYPE a []>${sign(request())}`, 'document_type'],
  ])('takes no request %s', async (_, xml, reason) => {
    expect(await tell({ SAMLRequest: base64(xml()) })).toEqual({ location: saml.signed_out_uri })
    expect(why()).toMatchObject({ decision: 'deny', details: { reason } })
  })

  it('takes no request twice', async () => {
    const SAMLRequest = base64(sign(request({ nameId: 'nobody' })))
    await tell({ SAMLRequest })
    await tell({ SAMLRequest })
    expect(why()).toMatchObject({ decision: 'deny', details: { reason: 'replayed' } })
  })

  const folder = join(import.meta.dirname, '../../../../../shared/data/standards/saml')
  it.skipIf(!existsSync(folder)).each(['logout_request_with_good_signature.xml', 'logout_request_with_session_index.xml'])(
    'refuses by name the reference request %s: it is signed by SHA-1',
    async (file) => {
      await tell({ SAMLRequest: base64(readFileSync(join(folder, file), 'utf8')) })
      expect(why()).toMatchObject({ decision: 'deny', details: { reason: 'algorithm' } })
    },
  )
})
