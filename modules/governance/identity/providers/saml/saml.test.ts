/** Signing in by SAML 2.0: a provider of another library for the ways that lead in, a forger with the provider's own key for those that must not. */
import { inflateRawSync } from 'node:zlib'
import type { Id } from '@gatehouse/core/id'
import type { Problem } from '@gatehouse/core/problem'
import { makeCertificate } from '@gatehouse/runtime/base/certificate'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { SignedIn } from '../../schema.ts'
import { createTeam, listTeams } from '../../teams/teams.ts'
import { browser, type IdentityNode, identityNode } from '../../testing/identity.ts'
import { addProvider } from '../add.ts'
import { beginSso } from '../begin.ts'
import { changeProvider } from '../change.ts'
import { proveDomain } from '../prove-domain.ts'
import { returnFromSso } from '../return.ts'
import type { Provider } from '../schema.ts'
import { tryProvider } from '../try.ts'
import { readSamlMetadata } from './read-metadata.ts'
import { showSamlMetadata } from './show-metadata.ts'
import { takeSamlResponse } from './take-response.ts'
import {
  base64,
  enveloped,
  exclusive,
  type Forged,
  type Posted,
  passwordContext,
  responseOf,
  type SamlAccount,
  type SigningKey,
  samlifyProvider,
  signed,
  signingKey,
} from './testing/provider.ts'
import { ways, wrapped } from './testing/wrapping.ts'
import { ns } from './xml.ts'

interface Begun {
  readonly location: string
  readonly entrance_token: string
}

const texts: Record<string, string[]> = {}
const grace: SamlAccount = { nameId: 'g-1', email: 'grace@lakeside.example', name: 'Grace Hopper', groups: 'dpo' }

let node: IdentityNode
let admin: SignedIn
let key: SigningKey
let own: Provider
let metadata: string
let team: string

const nowMs = () => node.clock.nowMs()
const as = (signedIn: Pick<SignedIn, 'session_token'>, more = {}) => browser({ sessionToken: signedIn.session_token, ...more })
const begin = (input: object = { provider: own.id }) => node.done<Begun>(beginSso, input)
const returning = ({ entrance_token: entranceToken }: Begun, more = {}) => browser({ entranceToken, ...more })
const requestOf = ({ location }: Begun) => inflateRawSync(Buffer.from(new URL(location).searchParams.get('SAMLRequest') ?? '', 'base64')).toString()

/** The provider's page posts from its own site: no cookie comes along. */
const post = (posted: Partial<Posted>, provider = own.id) =>
  node.done<{ location: string }>(takeSamlResponse, { provider, ...posted }, browser({ origin: 'https://login.lakeside.example', site: 'cross-site' }))

async function handed(posted: Partial<Posted>, provider = own.id): Promise<Record<string, string>> {
  const url = new URL((await post(posted, provider)).location)
  expect(url.href.startsWith(`http://127.0.0.1:5000/sign-in/return/${provider}?`)).toBe(true)
  return { provider, ...Object.fromEntries(url.searchParams) }
}

const refusal = async (input: object, knock: object) => {
  const problem = await node.refused(returnFromSso, input, knock as never).catch((thrown: unknown) => thrown as Problem)
  return `${problem.kind.type.split('/').at(-1)} ${problem.extensions.reason ?? ''}`.trim()
}

const why = () => node.entries.findLast(({ type }) => type === 'identity.take_saml_response')?.facts.details?.reason

async function settingsOf(more: object = {}) {
  const { issuer, ...saml } = await node.done<{ issuer: string; entry_point: string; certificates: string[] }>(
    readSamlMetadata,
    { metadata: samlifyProvider(key, nowMs).metadata },
    as(admin),
  )
  return { name: 'Directory', issuer, domains: ['lakeside.example'], trusts_email: true, saml: { ...saml, ...more } }
}

async function metadataOf(provider: Provider): Promise<string> {
  const { chunks } = await node.done<{ chunks: AsyncIterable<string> }>(showSamlMetadata, { provider: provider.id }, browser({ safe: true }))
  let text = ''
  for await (const chunk of chunks) text += chunk
  return text
}

/** What the forger is told for a browser that was sent from here. */
const asked = (begun: Begun, more: Partial<Forged> = {}): Forged => ({
  request: /ID="([^"]+)"/.exec(requestOf(begun))?.[1] ?? '',
  acs: own.saml?.acs_uri ?? '',
  audience: own.saml?.entity_id ?? '',
  nowMs: nowMs(),
  ...more,
})

beforeAll(async () => {
  node = await identityNode({ texts })
  key = await signingKey(nowMs())
  admin = await node.firstAdministrator()
  team = (await node.done<{ id: string }>(createTeam, { name: 'Data protection' }, as(admin))).id
  own = await node.done<Provider>(
    addProvider,
    { ...(await settingsOf()), creates_accounts: true, groups_claim: 'groups', teams: [{ group: 'dpo', team }] },
    as(admin),
  )
  texts[own.domains[0]?.record ?? ''] = [own.domains[0]?.value ?? '']
  await node.done(proveDomain, { provider: own.id, domain: 'lakeside.example' }, as(admin))
  metadata = await metadataOf(own)
})
afterAll(() => node?.close())

describe('a provider', () => {
  const refusedAdding = async (input: object) => (await node.refused(addProvider, input, as(admin)).catch((thrown: unknown) => thrown as Problem)).kind.type

  it('is not taken with a certificate that cannot be read, of a key of another kind, or half of each protocol', async () => {
    const elliptic = await makeCertificate(['x'], nowMs())
    for (const certificates of [['-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----'], ['not one'], [elliptic.cert]])
      expect(await refusedAdding({ ...(await settingsOf({ certificates })), domains: [] })).toBe('/problems/identity/provider-unfit')
    const both = { ...(await settingsOf()), domains: [], client_id: 'gatehouse', client_secret: 'a secret' }
    expect(await refusedAdding(both)).toBe('/problems/identity/provider-unfit')
    const { saml: _, ...neither } = both
    expect(await refusedAdding({ ...neither, client_secret: undefined })).toBe('/problems/identity/provider-unfit')
    await expect(node.done(addProvider, await settingsOf({ entry_point: 'http://login.example.net/sso' }), as(admin))).rejects.toThrow()
  })

  it('tells by its metadata who it is; a description with entities is not read', async () => {
    expect(own).toMatchObject({
      protocol: 'saml',
      client_id: null,
      issuer: 'https://login.lakeside.example/saml',
      saml: { entry_point: 'https://login.lakeside.example/sso' },
    })
    const bomb = '<!DOCTYPE a [<!ENTITY b "bb">]><EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata">&b;</EntityDescriptor>'
    for (const text of [bomb, '<a/>', 'no xml'])
      await expect(node.done(readSamlMetadata, { metadata: text }, as(admin))).rejects.toMatchObject({ kind: { type: '/problems/identity/provider-unfit' } })
  })

  it('is told who this node is, and its key is told to nobody', async () => {
    expect(metadata).toContain(`entityID="${own.saml?.entity_id}"`)
    expect(metadata).toContain(`Location="${own.saml?.acs_uri}"`)
    const rows = await node.database.transaction('node', (tx) => tx.query('SELECT * FROM identity.provider'))
    expect(JSON.stringify([metadata, rows, node.entries, own])).not.toContain('PRIVATE KEY')
  })

  it('is tried without a request: a certificate that has ended proves nothing', async () => {
    expect(await node.done(tryProvider, { provider: own.id }, as(admin))).toMatchObject({
      usable: true,
      authorization_endpoint: 'https://login.lakeside.example/sso',
    })
    const ended = await signingKey(nowMs() - 100 * 86_400_000)
    const { saml } = await settingsOf({ certificates: [ended.cert] })
    await node.done(changeProvider, { provider: own.id, saml }, as(admin))
    expect(await node.done(tryProvider, { provider: own.id }, as(admin))).toMatchObject({ usable: false })
    const begun = await begin()
    expect(await handed({ SAMLResponse: base64(signed(responseOf(asked(begun)), ended.key)) })).toMatchObject({ error: 'invalid_response' })
    expect(why()).toBe('certificates_ended')
    await node.done(changeProvider, { provider: own.id, saml: (await settingsOf()).saml }, as(admin))
  })
})

describe('a way in', () => {
  const enter = async (account: SamlAccount, provider: ReturnType<typeof samlifyProvider> = samlifyProvider(key, nowMs)) => {
    const begun = await begin()
    const posted = await provider.answer(begun.location, await metadataOf(own), account)
    return node.done<SignedIn>(returnFromSso, await handed(posted), returning(begun))
  }
  const change = async (more: object, others: object = {}) =>
    node.done(changeProvider, { provider: own.id, saml: (await settingsOf(more)).saml, ...others }, as(admin))

  it('asks a real provider, which answers: an account is made, linked by the NameID, and follows its group', async () => {
    const made = await enter(grace)
    expect(made).toMatchObject({ awaits: null, user: { email: grace.email, name: 'Grace Hopper', roles: [] } })
    expect(node.entries.map(({ type }) => type)).toContain('identity.take_saml_response')
    expect(node.entries.slice(-3).map(({ type }) => type)).toEqual(['identity.account_made', 'identity.account_linked', 'identity.sign_in_sso'])
    const again = await enter({ ...grace, email: 'hopper@lakeside.example', groups: 'porters' })
    expect(again.user.id).toBe(made.user.id)
    const members = (await node.done<{ data: { members: string[] }[] }>(listTeams, {}, as(admin, { safe: true }))).data[0]?.members
    expect(members).not.toContain(made.user.id)
  })

  it('signs its request where the provider wants that, and takes a response signed as a whole, or encrypted within one', async () => {
    const wanting = samlifyProvider(key, nowMs, { wantsSigned: true, signs: 'response' })
    await expect(enter(grace, wanting)).rejects.toThrow()
    await change({ signs_requests: true, signed: 'response' })
    expect((await enter(grace, wanting)).user.email).toBe(grace.email)
    expect((await enter(grace, samlifyProvider(key, nowMs, { wantsSigned: true, signs: 'response', encrypts: true }))).user.email).toBe(grace.email)
    await change({})
  })

  it('goes by a second certificate while the provider changes its key', async () => {
    const next = await signingKey(nowMs())
    await change({ certificates: [key.cert, next.cert] })
    expect((await enter(grace, samlifyProvider(next, nowMs))).user.email).toBe(grace.email)
    await change({})
    const begun = await begin()
    const posted = await samlifyProvider(next, nowMs).answer(begun.location, metadata, grace)
    expect(await refusal(await handed(posted), returning(begun))).toBe('sso-refused invalid')
  })

  it('knows nobody by a name that changes, and takes an address only where the institution trusts it', async () => {
    const forged = async (more: Partial<Forged>) => {
      const begun = await begin()
      return refusal(await handed({ SAMLResponse: base64(signed(responseOf(asked(begun, more)), key.key)), RelayState: stateOf(begun) }), returning(begun))
    }
    expect(await forged({ format: 'urn:oasis:names:tc:SAML:2.0:nameid-format:transient' })).toBe('sso-refused invalid')
    expect(await forged({ email: 'ada@example.org' })).toBe('sso-refused foreign_email')
    await change({}, { trusts_email: false })
    expect(await forged({})).toBe('sso-refused no_email')
    await change({}, { trusts_email: true })
  })

  it('takes its word for a second factor only in the institution’s words, and while it is fresh', async () => {
    const mfa = 'https://refeds.org/profile/mfa'
    await change({}, { factors: [mfa] })
    const begun = await begin()
    expect(requestOf(begun)).toContain('ForceAuthn="true"')
    const factor = async (more: Partial<Forged>) => {
      const next = await begin()
      await node.done(
        returnFromSso,
        await handed({ SAMLResponse: base64(signed(responseOf(asked(next, { nameId: 'g-1', ...more })), key.key)), RelayState: stateOf(next) }),
        returning(next),
      )
      return node.entries.at(-1)?.facts.details?.factor
    }
    expect(await factor({ context: mfa })).toBe(true)
    expect(await factor({ context: passwordContext })).toBe(false)
    expect(await factor({ context: mfa, provenAtMs: nowMs() - 301_000 })).toBe(false)
    await change({}, { factors: [] })
  })
})

const stateOf = ({ location }: Begun) => new URL(location).searchParams.get('RelayState') ?? ''

describe('a response opens nothing', () => {
  const sha1 = { signature: 'http://www.w3.org/2000/09/xmldsig#rsa-sha1', digest: 'http://www.w3.org/2000/09/xmldsig#sha1' }
  const attempt = async (xml: (said: Forged) => string, more: Partial<Forged> = {}) => {
    const begun = await begin()
    const given = await handed({ SAMLResponse: base64(xml(asked(begun, more))), RelayState: stateOf(begun) })
    expect(given.answer).toBeUndefined()
    expect(given.error).toBe(more.status === undefined ? 'invalid_response' : 'access_denied')
    return why()
  }
  const proper = (said: Forged) => signed(responseOf(said), key.key)

  it.each([
    ['for another audience', { audience: 'https://another.example' }, 'audience'],
    ['without an audience', { conditions: '' }, 'audience'],
    ['with a condition that nobody here knows', { conditions: '<saml:Condition/>' }, 'condition'],
    ['for another recipient', { recipient: 'https://another.example/acs' }, 'recipient'],
    ['sent to another address', { destination: 'https://another.example/acs' }, 'destination'],
    ['of another issuer', { issuer: 'https://login.example.net' }, 'issuer'],
    ['that nobody asked for', { request: '' }, 'unsolicited'],
    ['whose assertion answers another request', { subjectRequest: '_another' }, 'in_response_to'],
    ['confirmed for a time that is over', { confirmedUntilMs: -61_000 }, 'ended'],
    ['that has ended', { notOnOrAfterMs: -61_000 }, 'ended'],
    ['that does not hold yet', { notBeforeMs: 61_000 }, 'not_before'],
    ['made an hour ago', { issuedMs: -3_600_000 }, 'issue_instant'],
    ['made tomorrow', { issuedMs: 86_400_000 }, 'issue_instant'],
    ['that says no', { status: 'Responder' }, 'declined'],
  ] as const)('%s', async (_, said, reason) => {
    const times = Object.fromEntries(Object.entries(said).map(([name, value]) => [name, typeof value === 'number' ? nowMs() + value : value]))
    expect(await attempt(proper, times)).toBe(reason)
  })

  it.each([
    ['unsigned', (said: Forged) => responseOf(said), 'signature'],
    ['signed by SHA-1', (said: Forged) => signed(responseOf(said), key.key, sha1), 'algorithm'],
    ['with a digest by SHA-1', (said: Forged) => signed(responseOf(said), key.key, { digest: sha1.digest }), 'algorithm'],
    [
      'whose canonical form keeps comments',
      (said: Forged) => signed(responseOf(said), key.key, { transforms: [enveloped, `${exclusive}WithComments`] }),
      'algorithm',
    ],
    ['changed after it was signed', (said: Forged) => proper(said).replace('>forged<', '>another<'), 'signature'],
    ['with a signature of nothing', (said: Forged) => proper(said).replace(/<ds:Reference.*<\/ds:Reference>/, ''), 'signature'],
    ['by a key that both sides hold', (said: Forged) => proper(said).replaceAll('xmldsig-more#rsa-sha256', 'xmldsig-more#hmac-sha256'), 'algorithm'],
    [
      'with a document type (billion laughs)',
      (said: Forged) => `<!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>${proper(said).replace('>forged<', '>&b;<')}`,
      'document_type',
    ],
    [
      'that reads a file (XXE)',
      (said: Forged) => `<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>${proper(said).replace('>forged<', '>&x;<')}`,
      'document_type',
    ],
    ['that is no XML', () => '<samlp:Response', 'no_xml'],
  ] as const)('%s', async (_, xml, reason) => {
    expect(await attempt(xml)).toBe(reason)
  })

  it('signed by a key of whoever sends it, which names it in itself', async () => {
    const mallory = await signingKey(nowMs())
    expect(await attempt((said) => signed(responseOf(said), mallory.key))).toBe('signature')
  })

  it.each(ways)('with something wrapped around what was signed (way %i)', async (way) => {
    const begun = await begin()
    const part = way <= 2 ? 'Response' : 'Assertion'
    const text = signed(responseOf(asked(begun, { nameId: 'x-1', email: 'x@lakeside.example' })), key.key, { part })
    const evil = (copy: Element) => {
      for (const name of ['NameID', 'AttributeValue']) (copy.getElementsByTagNameNS(ns.assertion, name)[0] as Element).textContent = 'grace@lakeside.example'
    }
    const given = await handed({ SAMLResponse: base64(wrapped(text, way, evil)), RelayState: stateOf(begun) })
    if (given.answer === undefined) return expect(['signature', 'subject', 'no_assertion']).toContain(why())
    // What stands where nobody reads changes nothing: it is the one who was signed.
    const inside = await node.done<SignedIn>(returnFromSso, given, returning(begun))
    expect([way, inside.user.email]).toEqual([7, 'x@lakeside.example'])
  })

  it('by a comment in a name: it is read whole, and is somebody else', async () => {
    const begun = await begin()
    const said = { nameId: 'g-1<!-- -->.evil', email: 'grace@lakeside.example<!-- -->.evil.example' }
    const given = await handed({ SAMLResponse: base64(signed(responseOf(asked(begun, said)), key.key)), RelayState: stateOf(begun) })
    expect(await refusal(given, returning(begun))).toBe('sso-refused foreign_email')
  })

  it('twice: neither the response, nor the handle, nor the request', async () => {
    const begun = await begin()
    const said = asked(begun, { nameId: 'g-1' })
    const posted = { SAMLResponse: base64(signed(responseOf(said), key.key)), RelayState: stateOf(begun) }
    const given = await handed(posted)
    expect(await handed(posted)).toMatchObject({ error: 'invalid_response' })
    expect(why()).toBe('replayed')
    const second = await handed({ ...posted, SAMLResponse: base64(signed(responseOf(said), key.key)) })
    await node.done(returnFromSso, given, returning(begun))
    expect(await refusal(given, returning(begun))).toBe('sso-refused expired')
    expect(await refusal(second, returning(begun))).toBe('sso-refused expired')
  })

  it('in another browser, for another request, from another site, or after two minutes', async () => {
    const [mine, theirs] = [await begin(), await begin()]
    const fresh = async (begun: Begun, state = stateOf(begun)) =>
      handed({ SAMLResponse: base64(signed(responseOf(asked(begun, { nameId: 'g-1' })), key.key)), RelayState: state })
    expect(await refusal(await fresh(mine), browser())).toBe('sso-refused expired')
    expect(await refusal(await fresh(mine), returning(theirs))).toBe('sso-refused expired')
    expect(await refusal(await fresh(mine), returning(mine, { origin: 'https://evil.example' }))).toBe('foreign-origin')
    // Login CSRF: a response to the attacker's request, posted with the victim's state.
    expect(await refusal(await fresh(mine, stateOf(theirs)), returning(theirs))).toBe('sso-refused invalid')
    const late = await begin()
    const given = await fresh(late)
    node.clock.advance(121_000)
    expect(await refusal(given, returning(late))).toBe('sso-refused invalid')
  })

  it('at the address of another provider, or of another institution’s', async () => {
    admin = await node.signIn()
    const second = await node.done<Provider>(addProvider, { ...(await settingsOf()), domains: [] }, as(admin))
    const begun = await begin()
    const posted = { SAMLResponse: base64(signed(responseOf(asked(begun)), key.key)), RelayState: stateOf(begun) }
    expect(await handed(posted, second.id)).toMatchObject({ error: 'invalid_response' })
    expect(why()).toBe('destination')
    const given = await handed(posted)
    expect(await refusal({ ...given, provider: second.id }, returning(begun))).toBe('sso-refused expired')
    const other = node.principal({ tenant: '01980000-0000-7000-8000-0000000000ee' as Id<'tenant'> })
    await expect(node.door.enter(changeProvider, { provider: own.id, name: 'Ours' } as never, other)).rejects.toMatchObject({ kind: { status: 404 } })
  })

  it('and leads nowhere but home: the relay state is no address', async () => {
    const begun = await begin()
    const { location } = await post({ SAMLResponse: base64(signed(responseOf(asked(begun)), key.key)), RelayState: 'https://evil.example/' })
    const url = new URL(location)
    expect([url.origin, url.pathname, url.searchParams.get('state')]).toEqual(['http://127.0.0.1:5000', `/sign-in/return/${own.id}`, 'https://evil.example/'])
    expect(await refusal({ provider: own.id, ...Object.fromEntries(url.searchParams) }, returning(begun))).toBe('sso-refused expired')
  })

  it('and nothing of it stands in the log, the ledger or the table', async () => {
    const rows = await node.database.transaction('node', (tx) => tx.query('SELECT * FROM identity.held_answer'))
    expect(rows.length).toBeGreaterThan(0)
    expect(JSON.stringify([node.entries, node.logLines, rows])).not.toMatch(/grace|forged|@|g-1/)
  })
})
