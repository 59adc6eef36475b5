/** Signing in at an institution's identity provider: a real one for the ways that lead in, a lying one for those that must not. */
import type { Id } from '@gatehouse/core/id'
import type { Problem } from '@gatehouse/core/problem'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { acceptInvitation } from '../accept-invitation.ts'
import { authenticate } from '../authenticate.ts'
import { beginTotp } from '../factors/begin-totp.ts'
import { confirmTotp } from '../factors/confirm-totp.ts'
import { proveFactor } from '../factors/prove-factor.ts'
import { addInstitution } from '../institutions/add.ts'
import { invite } from '../invite.ts'
import { operatorRoles } from '../operator.ts'
import type { SignedIn } from '../schema.ts'
import { signIn } from '../sign-in.ts'
import { createTeam, listTeams } from '../teams/teams.ts'
import { appOf } from '../testing/app.ts'
import { ada, browser, type IdentityNode, identityNode, password } from '../testing/identity.ts'
import { updateUser } from '../update-user.ts'
import { addProvider } from './add.ts'
import { beginSso } from './begin.ts'
import { changeProvider } from './change.ts'
import { listProviders } from './list.ts'
import { proveDomain } from './prove-domain.ts'
import { removeProvider } from './remove.ts'
import { returnFromSso } from './return.ts'
import type { Provider } from './schema.ts'
import { type Account, client, type LyingProvider, lyingProvider, realProvider, throughProvider } from './testing/provider.ts'
import { tryProvider } from './try.ts'

interface Begun {
  readonly location: string
  readonly entrance_token: string
}

const texts: Record<string, string[]> = {}
const grace: Account = { sub: 'g-1', email: 'grace@lakeside.example', email_verified: true, name: 'Grace Hopper', groups: ['dpo'] }

let node: IdentityNode
let admin: SignedIn
let real: Awaited<ReturnType<typeof realProvider>>
let lying: LyingProvider
let own: Provider
let liar: Provider
let team: string

const as = (signedIn: Pick<SignedIn, 'session_token'>, more = {}) => browser({ sessionToken: signedIn.session_token, ...more })
const begin = (input: object) => node.done<Begun>(beginSso, input)
const settings = (issuer: string, more = {}) => ({ name: 'Directory', issuer, client_id: client.id, client_secret: client.secret, ...more })

async function add(issuer: string, domain: string, more = {}): Promise<Provider> {
  const added = await node.done<Provider>(addProvider, settings(issuer, { domains: [domain], ...more }), as(admin))
  const [found] = added.domains
  texts[found?.record ?? ''] = ['v=spf1 -all', found?.value ?? '']
  await node.done(proveDomain, { provider: added.id, domain }, as(admin))
  return added
}

const answerOf = (url: URL, provider = own.id) => ({ provider, ...Object.fromEntries(url.searchParams) })
const returning = ({ entrance_token: entranceToken }: Begun, more = {}) => browser({ entranceToken, ...more })

/** All the way: to the real provider and back. */
async function signInElsewhere(account: Account, input: object = { email: account.email }): Promise<SignedIn> {
  real.as(account)
  const begun = await begin(input)
  return node.done<SignedIn>(returnFromSso, answerOf(await throughProvider(begun.location)), returning(begun))
}

const refusedBy = async (operation: Parameters<IdentityNode['refused']>[0], input: object, knock = browser()) => {
  const problem = await node.refused(operation, input, knock).catch((thrown: unknown) => thrown as Problem)
  return `${problem.kind.type.split('/').at(-1)} ${problem.extensions.reason ?? ''}`.trim()
}

beforeAll(async () => {
  node = await identityNode({ egressAllow: ['127.0.0.1'], texts })
  admin = await node.firstAdministrator()
  ;[real, lying] = await Promise.all([realProvider(), lyingProvider()])
  team = (await node.done<{ id: string }>(createTeam, { name: 'Data protection' }, as(admin))).id
  own = await add(real.issuer, 'lakeside.example', { creates_accounts: true, groups_claim: 'groups', teams: [{ group: 'dpo', team }] })
  real.register(own.redirect_uri)
  liar = await add(lying.issuer, 'liar.example', { creates_accounts: true })
})
afterAll(async () => {
  await Promise.all([real?.close(), lying?.close()])
  await node?.close()
})

describe('a provider is not taken', () => {
  it.each([
    ['a host that the operator has not listed', 'https://login.example.net', 'provider-refused'],
    ['an address inside the network', 'https://169.254.169.254', 'provider-refused'],
  ])('%s', async (_, issuer, problem) => {
    expect(await refusedBy(addProvider, settings(issuer), as(admin))).toBe(problem)
  })

  it('for a domain that another provider has, or as the only way in for whoever administers', async () => {
    expect(await refusedBy(addProvider, settings(lying.issuer, { domains: ['lakeside.example'] }), as(admin))).toBe('domain-taken')
    expect(await refusedBy(addProvider, settings(lying.issuer, { domains: ['example.org'], required: true }), as(admin))).toBe('sso-locks-out')
    expect((await node.done<{ data: Provider[] }>(listProviders, {}, as(admin, { safe: true }))).data).toHaveLength(2)
  })

  it('and its secret is told to nobody and stands in no table', async () => {
    const { data } = await node.done<{ data: Provider[] }>(listProviders, {}, as(admin, { safe: true }))
    const rows = await node.database.transaction('node', (tx) => tx.query('SELECT * FROM identity.provider'))
    expect(JSON.stringify([data, rows, node.entries, node.logLines])).not.toContain(client.secret)
  })

  it('a domain without its record leads nowhere, and another institution cannot prove or change this one', async () => {
    const unproven = await node.done<Provider>(addProvider, settings(lying.issuer, { domains: ['unproven.example'] }), as(admin))
    expect(await refusedBy(proveDomain, { provider: unproven.id, domain: 'unproven.example' }, as(admin))).toBe('domain-unproven')
    expect(await refusedBy(beginSso, { email: 'a@unproven.example' })).toBe('sso-unknown')
    const other = node.principal({ tenant: '01980000-0000-7000-8000-0000000000ee' as Id<'tenant'> })
    for (const [operation, input] of [
      [changeProvider, { provider: own.id, name: 'Ours' }],
      [removeProvider, { provider: own.id }],
      [tryProvider, { provider: own.id }],
      [proveDomain, { provider: own.id, domain: 'lakeside.example' }],
    ] as const) {
      await expect(node.door.enter(operation as never, input as never, other)).rejects.toMatchObject({ kind: { status: 404 } })
    }
    await node.done(removeProvider, { provider: unproven.id }, as(admin))
  })

  it('what it says of itself is asked without signing in anybody', async () => {
    expect(await node.done(tryProvider, { provider: own.id }, as(admin))).toMatchObject({ usable: true, fault: null, pkce: true, names_itself: true })
    lying.lie({ issuer: real.issuer })
    expect(await node.done(tryProvider, { provider: liar.id }, as(admin))).toMatchObject({ usable: false })
    lying.lie({ jwks: 'http://169.254.169.254/keys' })
    expect(await node.done(tryProvider, { provider: liar.id }, as(admin))).toMatchObject({ usable: true })
    expect(await attack()).toBe('sso-away')
    lying.lie({ redirects: true })
    expect(await node.done(tryProvider, { provider: liar.id }, as(admin))).toMatchObject({ usable: false })
    lying.lie({})
    expect(await node.done(tryProvider, { provider: liar.id }, as(admin))).toMatchObject({ usable: true })
  })
})

/** One trip by the lying provider; `change` bends the answer on its way through the browser. */
async function attack(change: (answer: Record<string, string>, begun: Begun) => object = (answer) => answer, account: Partial<Account> = {}): Promise<string> {
  lying.as({ sub: 'm-1', email: 'mallory@liar.example', ...account })
  const begun = await begin({ provider: liar.id })
  lying.asked(begun.location)
  const { state = '' } = Object.fromEntries(new URL(begun.location).searchParams)
  const answer = { provider: liar.id as string, code: 'c', state, iss: lying.issuer }
  const { knock, ...sent } = change(answer, begun) as { knock?: object }
  return refusedBy(returnFromSso, sent, (knock as never) ?? returning(begun))
}

describe('an answer opens nothing', () => {
  beforeEach(() => lying.lie({}))

  it.each([
    ['unsigned (alg none)', { alg: 'none' }],
    ['signed with the secret that both sides know (HS256)', { alg: 'HS256' }],
    ['signed by another key', { alg: 'other key' }],
    ['for another client', { claims: { aud: 'another' } }],
    ['for several clients without naming this one as the authorised party', { claims: { aud: [client.id, 'another'], azp: 'another' } }],
    ['of another issuer', { claims: { iss: 'https://login.example.net' } }],
    ['with another nonce', { claims: { nonce: 'another' } }],
    ['without a nonce', { claims: { nonce: undefined } }],
    ['that has ended', { claims: { exp: 1_600_000_000 } }],
  ] as const)('%s', async (_, lies) => {
    lying.lie(lies as never)
    expect(await attack()).toBe('sso-refused invalid')
  })

  it.each([
    ['that names another issuer (mix-up, RFC 9207)', (answer: object) => ({ ...answer, iss: 'https://login.example.net' }), 'sso-refused invalid'],
    ['that names no issuer where the provider says it does', ({ iss: _, ...answer }: Record<string, string>) => answer, 'sso-refused invalid'],
    ['with another state', (answer: object) => ({ ...answer, state: 'A'.repeat(43) }), 'sso-refused expired'],
    ['that goes to another provider’s address', (answer: object) => ({ ...answer, provider: own.id }), 'sso-refused expired'],
    ['in another browser (login CSRF)', (answer: object) => ({ ...answer, knock: browser() }), 'sso-refused expired'],
    ['in a browser that was sent by itself', (answer: object) => ({ ...answer, knock: browser({ entranceToken: 'A'.repeat(96) }) }), 'sso-refused expired'],
    [
      'from a page of another site',
      (answer: object, begun: Begun) => ({ ...answer, knock: returning(begun, { origin: 'https://evil.example' }) }),
      'foreign-origin',
    ],
    ['over another session', (answer: object, begun: Begun) => ({ ...answer, knock: returning(begun, { sessionToken: admin.session_token }) }), 'signed-in'],
    ['that says no', (answer: object) => ({ ...answer, error: 'access_denied' }), 'sso-refused declined'],
  ] as const)('%s', async (_, change, problem) => {
    expect(await attack(change as never)).toBe(problem)
  })

  it('twice, and after ten minutes', async () => {
    real.as({ ...grace, sub: 'g-9', email: 'twice@lakeside.example' })
    const begun = await begin({ email: 'twice@lakeside.example' })
    const answer = answerOf(await throughProvider(begun.location))
    await node.done(returnFromSso, answer, returning(begun))
    expect(await refusedBy(returnFromSso, answer, returning(begun))).toBe('sso-refused expired')
    // A second browser with a ticket of its own cannot use the code either: state and verifier are of the first.
    const second = await begin({ email: 'twice@lakeside.example' })
    const state = new URL(second.location).searchParams.get('state')
    expect(await refusedBy(returnFromSso, { ...answer, state }, returning(second))).toBe('sso-refused invalid')
    const late = await begin({ email: 'twice@lakeside.example' })
    const lateAnswer = answerOf(await throughProvider(late.location))
    node.clock.advance(10 * 60_000)
    expect(await refusedBy(returnFromSso, lateAnswer, returning(late))).toBe('sso-refused expired')
  })

  it('for an address of a domain that is not the provider’s, or that it did not verify', async () => {
    expect(await attack(undefined, { email: ada.email })).toBe('sso-refused foreign_email')
    expect(await attack(undefined, { email: grace.email })).toBe('sso-refused foreign_email')
    expect(await attack(undefined, { email: 'x@sub.liar.example' })).toBe('sso-refused foreign_email')
    expect(await attack(undefined, { email: 'x@liar.example', email_verified: false })).toBe('sso-refused no_email')
    lying.lie({ claims: { email_verified: undefined } })
    expect(await attack()).toBe('sso-refused no_email')
  })

  it('nothing of it stands in the log or the ledger', () => {
    expect(JSON.stringify([node.entries, node.logLines])).not.toMatch(/mallory|@|m-1/)
  })
})

describe('a way in', () => {
  let signedIn: SignedIn

  beforeAll(async () => {
    admin = await node.signIn()
  })

  it('asks with PKCE, state and nonce for exactly one address to come back to', async () => {
    const { location } = await begin({ email: grace.email })
    const { searchParams: asked, origin } = new URL(location)
    expect(origin).toBe(real.issuer)
    expect(Object.fromEntries(asked)).toMatchObject({
      response_type: 'code',
      code_challenge_method: 'S256',
      redirect_uri: own.redirect_uri,
      scope: 'openid email profile',
    })
    for (const name of ['state', 'nonce', 'code_challenge']) expect(asked.get(name)).toMatch(/^[\w-]{43}$/)
    expect(location).not.toMatch(/grace/)
  })

  it('makes an account without any role, where the institution lets it, and puts it into the teams of its groups', async () => {
    signedIn = await signInElsewhere(grace)
    expect(signedIn).toMatchObject({ awaits: null, user: { email: grace.email, name: 'Grace Hopper', roles: [], status: 'active', kind: 'staff' } })
    expect(node.entries.slice(-3).map(({ type }) => type)).toEqual(['identity.account_made', 'identity.account_linked', 'identity.sign_in_sso'])
    expect(node.entries.at(-1)).toMatchObject({ actor: { kind: 'user', id: signedIn.user.id }, facts: { details: { provider: own.id, teams_changed: 1 } } })
    const principal = await authenticate(node.door.node, as(signedIn, { safe: true }))
    expect(principal).toMatchObject({ id: signedIn.user.id, roles: [] })
  })

  it('finds the same account by issuer and subject, whatever the address is by now, and follows the groups', async () => {
    const again = await signInElsewhere({ ...grace, email: 'grace.hopper@lakeside.example', groups: ['porters'] }, { provider: own.id })
    expect(again.user.id).toBe(signedIn.user.id)
    const members = async () => (await node.done<{ data: { id: string; members: string[] }[] }>(listTeams, {}, as(admin, { safe: true }))).data[0]?.members
    expect(await members()).not.toContain(signedIn.user.id)
    await signInElsewhere(grace)
    expect(await members()).toContain(signedIn.user.id)
    await signInElsewhere({ ...grace, groups: undefined as never })
    expect(await members()).toContain(signedIn.user.id)
  })

  it('is not shared: another subject with the same address is another person', async () => {
    real.as({ ...grace, sub: 'g-2' })
    const begun = await begin({ email: grace.email })
    expect(await refusedBy(returnFromSso, answerOf(await throughProvider(begun.location)), returning(begun))).toBe('sso-refused taken')
  })

  it('is closed with the account, and its sessions end', async () => {
    await node.done(updateUser, { user: signedIn.user.id, disabled: true }, as(admin))
    real.as(grace)
    const begun = await begin({ email: grace.email })
    expect(await refusedBy(returnFromSso, answerOf(await throughProvider(begun.location)), returning(begun))).toBe('sso-refused closed')
    await node.done(updateUser, { user: signedIn.user.id, disabled: false }, as(admin))
  })

  it('links an invited account of the domain, whose password door may then be closed', async () => {
    const invited = await node.done<{ token: string; user: { id: string } }>(
      invite,
      { email: 'edsger@lakeside.example', name: 'Edsger Dijkstra', roles: ['officer'] },
      as(admin),
    )
    const edsger = await node.done<SignedIn>(acceptInvitation, { token: invited.token, password })
    await node.done(changeProvider, { provider: own.id, required: true }, as(admin))
    expect(await refusedBy(signIn, { email: 'edsger@lakeside.example', password })).toBe('sso-required')
    expect(await refusedBy(signIn, { email: 'edsger@lakeside.example', password: 'not the right password' })).toBe('sign-in-refused')
    const linked = await signInElsewhere({ ...grace, sub: 'e-1', email: 'edsger@lakeside.example' })
    expect(linked.user).toMatchObject({ id: edsger.user.id, roles: ['officer'] })
    expect((await node.signIn()).user.email).toBe(ada.email)
    await node.done(changeProvider, { provider: own.id, required: false }, as(admin))
  })

  it('makes no account where the institution does not let it', async () => {
    await node.done(changeProvider, { provider: own.id, creates_accounts: false }, as(admin))
    real.as({ ...grace, sub: 'n-1', email: 'new@lakeside.example' })
    const begun = await begin({ email: 'new@lakeside.example' })
    expect(await refusedBy(returnFromSso, answerOf(await throughProvider(begun.location)), returning(begun))).toBe('sso-refused no_account')
  })

  it('ends with the provider, and so does what it opened', async () => {
    const begun = await begin({ email: grace.email })
    const removed = await node.done<{ sessions_ended: number }>(removeProvider, { provider: own.id }, as(admin))
    expect(removed.sessions_ended).toBeGreaterThan(0)
    expect(await refusedBy(returnFromSso, { provider: own.id, state: new URL(begun.location).searchParams.get('state'), code: 'c' }, returning(begun))).toBe(
      'sso-refused expired',
    )
    expect(await node.door.node.secrets.list(admin.user.id as never)).toEqual([])
  })
})

describe('where a second factor is asked', () => {
  let strict: IdentityNode
  let first: SignedIn
  let provider: Provider

  const mary: Account = { sub: 'mary', email: 'mary@liar.example', amr: ['pwd', 'mfa'] }
  const enter = async (account: Account) => {
    lying.as(account)
    const begun = await strict.done<Begun>(beginSso, { provider: provider.id })
    lying.asked(begun.location)
    const state = new URL(begun.location).searchParams.get('state')
    return strict.ask(returnFromSso, { provider: provider.id, code: 'c', state, iss: lying.issuer }, returning(begun))
  }
  const owes = async (account: Account) => {
    const answer = await enter(account)
    return answer.outcome === 'done' ? (answer.output as SignedIn) : { awaits: answer.outcome, session_token: '' }
  }

  beforeAll(async () => {
    lying.lie({})
    strict = await identityNode({ secondFactor: 'staff', egressAllow: ['127.0.0.1'], texts })
    first = await strict.firstAdministrator()
    const { factor, uri } = await strict.done<{ factor: string; uri: string }>(beginTotp, {}, as(first))
    first = await strict.done<SignedIn>(confirmTotp, { factor, code: await appOf(strict, uri)() }, as(first))
    provider = await strict.done<Provider>(addProvider, settings(lying.issuer, { domains: ['liar.example'], creates_accounts: true }), as(first))
    const [found] = provider.domains
    texts[found?.record ?? ''] = [found?.value ?? '']
    await strict.done(proveDomain, { provider: provider.id, domain: 'liar.example' }, as(first))
  })
  afterAll(() => strict?.close())

  it('the provider’s word counts only where the institution takes it, and only while it is fresh', async () => {
    expect((await owes(mary)).awaits).toBe('enrolment')
    await strict.done(changeProvider, { provider: provider.id, factors: ['mfa'] }, as(first))
    expect((await owes({ ...mary, amr: ['pwd'] })).awaits).toBe('enrolment')
    const { location } = await strict.done<Begun>(beginSso, { provider: provider.id })
    expect(new URL(location).searchParams.get('max_age')).toBe('300')
    lying.lie({ claims: { auth_time: 1_700_000_000 } })
    expect((await owes(mary)).awaits).toBe('refused')
    lying.lie({})
    expect((await owes(mary)).awaits).toBe(null)
  })

  it('and never in place of a factor that somebody has here', async () => {
    const rosa = { ...mary, sub: 'rosa', email: 'rosa@liar.example' }
    const half = await owes({ ...rosa, amr: ['pwd'] })
    const { factor, uri } = await strict.done<{ factor: string; uri: string }>(beginTotp, {}, as(half))
    const app = appOf(strict, uri)
    await strict.done(confirmTotp, { factor, code: await app() }, as(half))
    const again = await owes(rosa)
    expect(again.awaits).toBe('factor')
    strict.clock.advance(30_000)
    await strict.done(proveFactor, { code: await app() }, as(again))
  })
})

describe('institutions', () => {
  it('an operator’s other institution gets nobody by this one’s provider', async () => {
    const operator = node.principal({ tenant: node.entries[0]?.tenant as Id<'tenant'>, roles: operatorRoles })
    await node.door.enter(addInstitution, { slug: 'hill', name: 'Hill', administrator: { email: 'mallory@liar.example', name: 'M' } } as never, operator)
    lying.lie({})
    lying.as({ sub: 'm-7', email: 'mallory@liar.example' })
    const begun = await begin({ email: 'mallory@liar.example' })
    lying.asked(begun.location)
    const state = new URL(begun.location).searchParams.get('state')
    const inside = await node.done<SignedIn>(returnFromSso, { provider: liar.id, code: 'c', state, iss: lying.issuer }, returning(begun))
    const principal = await authenticate(node.door.node, as(inside, { safe: true }))
    expect(principal).toMatchObject({ tenant: node.entries[0]?.tenant })
  })
})
