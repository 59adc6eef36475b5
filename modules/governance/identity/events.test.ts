/** Every way in and out leaves its event: who adds a route without one fails here. */
import type { Id } from '@gatehouse/core/id'
import type { AnyOperation } from '@gatehouse/runtime/door/operation'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { updateTenant } from '../tenancy/update.ts'
import { acceptInvitation } from './accept-invitation.ts'
import { endSession } from './end-session.ts'
import { endSessions } from './end-sessions.ts'
import { endUserSession } from './end-user-session.ts'
import { acceptByPasskey, invitedPasskey } from './factors/accept-by-passkey.ts'
import { addPasskey } from './factors/add-passkey.ts'
import { askCode } from './factors/ask-code.ts'
import { beginPhone } from './factors/begin-phone.ts'
import { beginTotp } from './factors/begin-totp.ts'
import { confirmPhone } from './factors/confirm-phone.ts'
import { confirmTotp } from './factors/confirm-totp.ts'
import { forgetDevice } from './factors/forget-device.ts'
import { listFactors } from './factors/list-factors.ts'
import { passkeyCreation, passkeyEntrance } from './factors/passkey-options.ts'
import { proveFactor } from './factors/prove-factor.ts'
import { removeFactor } from './factors/remove-factor.ts'
import { removePhone } from './factors/remove-phone.ts'
import { renewRecoveryCodes } from './factors/renew-recovery-codes.ts'
import { resetFactors } from './factors/reset-factors.ts'
import { sendCode } from './factors/send-code.ts'
import { signInByPasskey } from './factors/sign-in-passkey.ts'
import { firstRun } from './first-run.ts'
import { invite } from './invite.ts'
import { identityModule } from './module.ts'
import { changePassword } from './passwords/change-password.ts'
import { forgotPassword } from './passwords/forgot-password.ts'
import { resetPassword } from './passwords/reset-password.ts'
import { sendReset } from './passwords/send-reset.ts'
import { addProvider } from './providers/add.ts'
import { beginSso } from './providers/begin.ts'
import { takeLogoutToken } from './providers/oidc/take-logout.ts'
import { proveDomain } from './providers/prove-domain.ts'
import { returnFromSso } from './providers/return.ts'
import { takeSamlLogout } from './providers/saml/take-logout.ts'
import { takeSamlResponse } from './providers/saml/take-response.ts'
import { base64, responseOf, signed, signingKey } from './providers/saml/testing/provider.ts'
import type { Provider } from './providers/schema.ts'
import { client, type LyingProvider, lyingProvider } from './providers/testing/provider.ts'
import type { SignedIn } from './schema.ts'
import { signIn } from './sign-in.ts'
import { signOut } from './sign-out.ts'
import { appOf } from './testing/app.ts'
import { Authenticator } from './testing/authenticator.ts'
import { ada, browser, type IdentityNode, identityNode, password } from './testing/identity.ts'

/** Everything by which somebody comes in, proves something, is let back in, or goes. */
const authentication = identityModule.operations.filter(({ http }) => /^\/v1\/auth\/|\/(sessions|factors)\b/.test(http?.path ?? '') || http === undefined)
const leavesEntry = ({ audit }: AnyOperation) => typeof audit === 'function'

type Outcome = 'done' | 'not done'
interface Step {
  readonly operation: AnyOperation
  readonly outcome: Outcome
  readonly act: () => Promise<unknown>
}

let node: IdentityNode
let elsewhere: LyingProvider
const messages: string[] = []
const texts: Record<string, string[]> = {}
beforeAll(async () => {
  node = await identityNode({
    secondFactor: 'staff',
    egressAllow: ['127.0.0.1'],
    texts,
    sms: { perHour: 10, send: async ({ text }) => void messages.push(text) },
  })
  elsewhere = await lyingProvider()
})
afterAll(async () => {
  await elsewhere?.close()
  await node?.close()
})

let begun: SignedIn
let token = ''
let code: ReturnType<typeof appOf>
let factor = ''
let recovery: readonly string[] = []
const key = new Authenticator()
const nobody = '01980000-0000-7000-8000-0000000000ff'
const made = `${'A'.repeat(43)}`
const story: Step[] = []
const step = (operation: AnyOperation, outcome: Outcome, act: () => Promise<unknown>) => story.push({ operation, outcome, act })
const by = (more = {}) => browser({ sessionToken: token, ...more })
/** As somebody whose credential is not a session. */
const withoutSession = (operation: AnyOperation, input: object) =>
  node.door.enter(operation, input, node.principal({ tenant: node.entries[0]?.tenant as Id<'tenant'>, id: begun.user.id, roles: ['administrator'] }))
const system = () => node.principal({ tenant: node.entries[1]?.tenant as Id<'tenant'>, kind: 'system', id: 'system', roles: ['system'] })
const mailed = () => node.enqueued.flatMap(({ data: { user, session } }) => (session === undefined ? [] : [{ user, session }]))[0]
const passkeyFor = async (operation: AnyOperation) =>
  (await node.done<{ options: { challenge: string } }>(operation, {}, operation === passkeyEntrance ? undefined : by())).options.challenge

step(firstRun, 'not done', () => node.ask(firstRun, { token: `gh_first_${made}`, ...ada, password }))
step(firstRun, 'done', async () => {
  begun = await node.firstAdministrator()
  token = begun.session_token
})
step(beginTotp, 'not done', () => withoutSession(beginTotp, {}))
step(beginTotp, 'done', async () => {
  const started = await node.done<{ factor: string; uri: string }>(beginTotp, {}, by())
  code = appOf(node, started.uri)
  factor = started.factor
})
step(confirmTotp, 'not done', () => node.ask(confirmTotp, { factor, code: '000000' }, by()))
step(confirmTotp, 'done', async () => {
  const enrolled = await node.done<{ session_token: string; recovery_codes: string[] }>(confirmTotp, { factor, code: await code() }, by())
  token = enrolled.session_token
})
step(passkeyCreation, 'not done', () => withoutSession(passkeyCreation, {}))
step(passkeyCreation, 'done', () => passkeyFor(passkeyCreation))
step(addPasskey, 'not done', async () => node.ask(addPasskey, { label: 'Laptop', passkey: key.create(await passkeyFor(passkeyEntrance)) }, by()))
step(addPasskey, 'done', async () => {
  const added = await node.done<{ session_token: string }>(addPasskey, { label: 'Laptop', passkey: key.create(await passkeyFor(passkeyCreation)) }, by())
  token = added.session_token
})
step(renewRecoveryCodes, 'not done', () => withoutSession(renewRecoveryCodes, {}))
step(renewRecoveryCodes, 'done', async () => {
  recovery = (await node.done<{ recovery_codes: string[] }>(renewRecoveryCodes, {}, by())).recovery_codes
})
step(signIn, 'not done', () => node.ask(signIn, { email: ada.email, password: 'not the right password' }))
step(signIn, 'done', async () => {
  token = (await node.signIn()).session_token
})
step(proveFactor, 'not done', () => node.ask(proveFactor, { code: '000000' }, by()))
step(proveFactor, 'done', async () => {
  token = (await node.done<SignedIn>(proveFactor, { recovery: recovery[0], remember: true }, by())).session_token
})
step(forgetDevice, 'not done', () => node.ask(forgetDevice, { device: nobody }, by()))
step(forgetDevice, 'done', async () => {
  const { devices } = await node.done<{ devices: { id: string }[] }>(listFactors, {}, by({ safe: true }))
  await node.done(forgetDevice, { device: devices[0]?.id }, by())
})
step(signInByPasskey, 'not done', async () => node.ask(signInByPasskey, { passkey: new Authenticator().get(await passkeyFor(passkeyEntrance)) }))
step(signInByPasskey, 'done', async () => {
  token = (await node.done<SignedIn>(signInByPasskey, { passkey: key.get(await passkeyFor(passkeyEntrance)) })).session_token
})
const led = { provider: '', state: '', ticket: '' }
step(beginSso, 'not done', () => node.ask(beginSso, { email: 'ada@nowhere.example' }))
step(beginSso, 'done', async () => {
  const settings = { name: 'Directory', issuer: elsewhere.issuer, client_id: client.id, client_secret: client.secret }
  const added = await node.done<Provider>(addProvider, { ...settings, domains: ['ward.example'], creates_accounts: true }, by())
  for (const { domain, record, value } of added.domains) {
    texts[record] = [value]
    await node.done(proveDomain, { provider: added.id, domain }, by())
  }
  const begun = await node.done<{ location: string; entrance_token: string }>(beginSso, { email: 'mary@ward.example' })
  elsewhere.asked(begun.location)
  Object.assign(led, { provider: added.id, state: new URL(begun.location).searchParams.get('state'), ticket: begun.entrance_token })
})
const come = (entranceToken: string) =>
  node.ask(returnFromSso, { provider: led.provider, state: led.state, code: 'c', iss: elsewhere.issuer }, browser({ entranceToken }))
step(returnFromSso, 'not done', () => come(made))
step(returnFromSso, 'done', () => {
  elsewhere.as({ sub: 'mary', email: 'mary@ward.example' })
  return come(led.ticket)
})
const hill = { provider: '', response: '' }
step(takeSamlResponse, 'not done', async () => {
  const signer = await signingKey(node.clock.nowMs())
  const saml = { entry_point: 'https://login.lakeside.example/sso', certificates: [signer.cert] }
  const added = await node.done<Provider>(addProvider, { name: 'Hill', issuer: 'https://login.lakeside.example/saml', saml }, by())
  const said = { request: '_r', acs: added.saml?.acs_uri ?? '', audience: added.saml?.entity_id ?? '', nowMs: node.clock.nowMs() }
  Object.assign(hill, { provider: added.id, response: base64(signed(responseOf(said), signer.key)) })
  await node.done(takeSamlResponse, { provider: added.id, SAMLResponse: base64(responseOf(said)) })
})
step(takeSamlResponse, 'done', () => node.done(takeSamlResponse, { provider: hill.provider, SAMLResponse: hill.response }))
step(takeSamlLogout, 'not done', () => node.done(takeSamlLogout, { provider: hill.provider, SAMLRequest: base64('<a/>') }))
step(takeSamlLogout, 'done', () => node.done(takeSamlLogout, { provider: hill.provider, SAMLResponse: 'x' }))
step(takeLogoutToken, 'not done', () => node.ask(takeLogoutToken, { provider: led.provider, logout_token: 'x' }))
step(takeLogoutToken, 'done', async () => {
  const events = { 'http://schemas.openid.net/event/backchannel-logout': {} }
  const token = await elsewhere.logoutToken({ sub: 'mary', jti: 'j', iat: Math.floor(node.clock.nowMs() / 1000), events })
  await node.done(takeLogoutToken, { provider: led.provider, logout_token: token })
})
step(removeFactor, 'not done', () => node.ask(removeFactor, { factor: nobody }, by()))
step(removeFactor, 'done', () => node.done(removeFactor, { factor }, by()))

let grace: SignedIn
let invitation = ''
const hers = 'six slow comets hum'
step(acceptInvitation, 'not done', () => node.ask(acceptInvitation, { token: `ghi_${made}`, password }))
step(acceptInvitation, 'done', async () => {
  const invited = await node.done<{ token: string }>(invite, { email: 'grace@example.org', name: 'Grace Hopper', roles: ['officer'] }, by())
  grace = await node.done<SignedIn>(acceptInvitation, { token: invited.token, password: hers })
})
step(invitedPasskey, 'not done', () => node.ask(invitedPasskey, { token: `ghi_${made}` }))
step(invitedPasskey, 'done', async () => {
  invitation = (await node.done<{ token: string }>(invite, { email: 'edsger@example.org', name: 'Edsger', roles: ['auditor'] }, by())).token
  await node.done(invitedPasskey, { token: invitation })
})
step(acceptByPasskey, 'not done', async () => {
  const wrong = new Authenticator().create(await passkeyFor(passkeyEntrance))
  await node.ask(acceptByPasskey, { token: invitation, label: 'Laptop', passkey: wrong })
})
step(acceptByPasskey, 'done', async () => {
  const { options } = await node.done<{ options: { challenge: string } }>(invitedPasskey, { token: invitation })
  await node.done(acceptByPasskey, { token: invitation, label: 'Laptop', passkey: new Authenticator().create(options.challenge) })
})
step(resetFactors, 'not done', () => node.ask(resetFactors, { user: nobody }, by()))
step(resetFactors, 'done', () => node.done(resetFactors, { user: grace.user.id }, by()))
step(askCode, 'not done', async () => node.ask(askCode, {}, by()))
step(askCode, 'done', async () => {
  await node.done(updateTenant, { settings: { mailed_code: true } }, by())
  const half = await node.signIn('grace@example.org', hers)
  await node.done(askCode, {}, browser({ sessionToken: half.session_token }))
})
step(sendCode, 'done', () => node.door.enter(sendCode, mailed() as never, system()))
let phone = { id: '', token: '' }
step(beginPhone, 'not done', () => node.ask(beginPhone, { number: '+436601234542' }, by()))
step(beginPhone, 'done', async () => {
  await node.done(updateTenant, { settings: { mailed_code: false, texted_code: true } }, by())
  const { session_token } = await node.signIn('grace@example.org', hers)
  const { id } = await node.done<{ id: string }>(beginPhone, { number: '+436601234542' }, browser({ sessionToken: session_token }))
  phone = { id, token: session_token }
})
step(confirmPhone, 'not done', () => node.ask(confirmPhone, { phone: phone.id, code: '0000 0000' }, browser({ sessionToken: phone.token })))
step(confirmPhone, 'done', async () => {
  const { tenant: _, ...asked } = node.enqueued.at(-1)?.data ?? {}
  await node.door.enter(sendCode, asked as never, system())
  const code = /\d{4} \d{4}/.exec(messages.at(-1) ?? '')?.[0]
  const { session_token } = await node.done<{ session_token: string }>(confirmPhone, { phone: phone.id, code }, browser({ sessionToken: phone.token }))
  phone = { ...phone, token: session_token }
})
step(removePhone, 'not done', () => node.ask(removePhone, { phone: phone.id }, browser({ sessionToken: phone.token })))
step(removePhone, 'done', async () => {
  await node.done(updateTenant, { settings: { mailed_code: true, texted_code: false } }, by())
  await node.done(removePhone, { phone: phone.id }, browser({ sessionToken: phone.token }))
})
step(endUserSession, 'not done', () => node.ask(endUserSession, { user: grace.user.id, session: nobody }, by()))
step(endUserSession, 'done', async () => {
  const { session } = await node.signIn('grace@example.org', hers)
  await node.done(endUserSession, { user: grace.user.id, session }, by())
})
step(endSession, 'not done', () => node.ask(endSession, { session: nobody }, by()))
step(endSession, 'done', async () => node.done(endSession, { session: (await node.signIn()).session }, by()))
step(endSessions, 'done', () => node.done(endSessions, {}, by()))
step(changePassword, 'not done', () => node.ask(changePassword, { password: 'FinalFantasy2019!' }, by()))
step(changePassword, 'done', () => node.done(changePassword, { password: 'five calm badgers sing' }, by()))
step(signOut, 'not done', () => withoutSession(signOut, {}))
step(signOut, 'done', () => node.done(signOut, {}, by()))
step(forgotPassword, 'not done', () => node.ask(forgotPassword, { email: ada.email }, browser({ origin: 'https://evil.example' })))
step(forgotPassword, 'done', () => node.done(forgotPassword, { email: ada.email }))
step(sendReset, 'done', () => {
  return node.door.enter(sendReset, { user: begun.user.id }, system())
})
step(resetPassword, 'not done', () => node.ask(resetPassword, { token: `ghr_${made}`, password }))
step(resetPassword, 'done', () => {
  const reset = /#(ghr_\S+)/.exec(node.letters.at(-1)?.text ?? '')?.[1]
  return node.done(resetPassword, { token: reset, password: 'seven loud herons swim' })
})

describe('every operation of signing in', () => {
  it('is an event, or one of the few that open and change nothing', () => {
    expect(authentication.filter((operation) => !leavesEntry(operation)).map(({ name }) => name)).toEqual([
      'identity.session',
      'identity.sessions',
      'identity.factors',
      'identity.passkey_request',
      'identity.passkey_entrance',
      'identity.saml_metadata',
      'identity.saml_signed_out',
      'identity.user_sessions',
    ])
  })

  it('is in the story below: done, and refused where it can be', () => {
    const told = (outcome: Outcome) => story.filter((told) => told.outcome === outcome).map(({ operation }) => operation.name)
    const events = authentication.filter(leavesEntry)
    expect(told('done').sort()).toEqual(events.map(({ name }) => name).sort())
    const refusable = events.filter(({ problems = [] }) => problems.length > 0)
    expect(refusable.map(({ name }) => name).filter((name) => !told('not done').includes(name))).toEqual([])
  })
})

describe('the ledger keeps', () => {
  it.each(story)('$operation.name $outcome', async ({ operation, outcome, act }) => {
    node.clock.advance(1_000)
    const before = node.entries.length
    const failed = await act().then(
      () => undefined,
      (error: Error) => error,
    )
    if (outcome === 'done') expect(failed).toBeUndefined()
    const [entry, ...more] = node.entries.slice(before).filter(({ type }) => type === operation.name)
    expect(more).toEqual([])
    expect(['deny', 'error'].includes(entry?.facts.decision ?? '') ? 'not done' : 'done').toBe(outcome)
    expect(entry).toBeDefined()
    expect(JSON.stringify(entry)).not.toMatch(/@|gh[a-z]_/)
  })
})
