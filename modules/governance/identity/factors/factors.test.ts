import { doorProblems } from '@gatehouse/runtime/door/problems'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { updateTenant } from '../../tenancy/update.ts'
import { firstRun, firstRunToken } from '../first-run.ts'
import { issueKey } from '../issue-key.ts'
import { changePassword } from '../passwords/change-password.ts'
import { problems } from '../problems.ts'
import { readSession } from '../read-session.ts'
import type { SignedIn } from '../schema.ts'
import { signIn } from '../sign-in.ts'
import { signOut } from '../sign-out.ts'
import { appOf } from '../testing/app.ts'
import { Authenticator, ownParty } from '../testing/authenticator.ts'
import { ada, browser, type IdentityNode, identityNode, password } from '../testing/identity.ts'
import { addPasskey } from './add-passkey.ts'
import { beginTotp } from './begin-totp.ts'
import { confirmTotp } from './confirm-totp.ts'
import { listFactors } from './list-factors.ts'
import { passkeyCreation, passkeyEntrance, passkeyRequest } from './passkey-options.ts'
import { networkOf } from './place.ts'
import { proveFactor } from './prove-factor.ts'
import { removeFactor } from './remove-factor.ts'
import { renewRecoveryCodes } from './renew-recovery-codes.ts'
import { signInByPasskey } from './sign-in-passkey.ts'

let node: IdentityNode
let begun: SignedIn
beforeEach(async () => {
  node = await identityNode({ secondFactor: 'staff' })
  begun = await node.firstAdministrator()
})
afterEach(() => node.close())

interface Enrolled {
  readonly session_token: string
  readonly factor: { readonly id: string }
  readonly recovery_codes: readonly string[]
}
const by = (token: string, more = {}) => browser({ sessionToken: token, ...more })
const minutes = (count: number) => node.clock.advance(count * 60_000)
const wrongCode = '000000'

async function enrol(token = begun.session_token): Promise<{ enrolled: Enrolled; code: ReturnType<typeof appOf> }> {
  const { factor, uri } = await node.done<{ factor: string; uri: string }>(beginTotp, {}, by(token))
  const code = appOf(node, uri)
  const enrolled = await node.done<Enrolled>(confirmTotp, { factor, code: await code() }, by(token))
  minutes(1)
  return { enrolled, code }
}

async function makePasskey(token: string): Promise<{ key: Authenticator; enrolled: Enrolled }> {
  const { options } = await node.done<{ options: { challenge: string } }>(passkeyCreation, {}, by(token))
  const key = new Authenticator()
  return { key, enrolled: await node.done<Enrolled>(addPasskey, { label: 'Laptop', passkey: key.create(options.challenge) }, by(token)) }
}

describe('staff without a second factor', () => {
  it('is let in to set one up, and to nothing else', async () => {
    expect(begun.awaits).toBe('enrolment')
    const session = await node.done<object>(readSession, {}, by(begun.session_token, { safe: true }))
    expect(session).toMatchObject({ awaits: 'enrolment', roles: ['enrolling'], factors: [] })
    for (const [operation, input] of [
      [updateTenant, { name: 'Mine' }],
      [issueKey, { label: 'mine' }],
      [removeFactor, { factor: begun.session }],
    ] as const)
      await expect(node.ask(operation, input, by(begun.session_token))).rejects.toMatchObject({ kind: doorProblems.not_allowed })
  })

  it('has a whole session with the first right code, under another token, and ten recovery codes', async () => {
    const { enrolled } = await enrol()
    expect(enrolled.recovery_codes).toHaveLength(10)
    expect(enrolled.session_token).not.toBe(begun.session_token)
    expect(await node.done<object>(readSession, {}, by(enrolled.session_token, { safe: true }))).toMatchObject({
      awaits: null,
      roles: ['administrator'],
      factors: ['totp'],
    })
    // Session fixation: whoever planted or saw the first token holds nothing.
    await expect(node.ask(readSession, {}, by(begun.session_token, { safe: true }))).rejects.toMatchObject({ kind: doorProblems.not_authenticated })
  })

  it('is not let in by a wrong first code', async () => {
    const { factor } = await node.done<{ factor: string }>(beginTotp, {}, by(begun.session_token))
    expect((await node.refused(confirmTotp, { factor, code: wrongCode }, by(begun.session_token))).kind).toBe(problems.factor_refused)
    expect((await node.signIn()).awaits).toBe('enrolment')
  })
})

describe('signing in with a second factor', () => {
  it('opens nothing before the factor is proven, and no further factor can be added instead', async () => {
    await enrol()
    const half = await node.signIn()
    expect(half.awaits).toBe('factor')
    for (const [operation, input] of [
      [beginTotp, {}],
      [passkeyCreation, {}],
      [renewRecoveryCodes, {}],
      [updateTenant, { settings: { second_factor: 'nobody' } }],
    ] as const)
      await expect(node.ask(operation, input, by(half.session_token))).rejects.toMatchObject({ kind: doorProblems.not_allowed })
  })

  it('takes a code of the app once: not again in the same window, and not an older one', async () => {
    const { code } = await enrol()
    const [now, before] = [await code(), await code(-1)]
    const first = await node.signIn()
    await node.done(proveFactor, { code: now }, by(first.session_token))
    const second = await node.signIn()
    for (const used of [now, before]) expect((await node.refused(proveFactor, { code: used }, by(second.session_token))).kind).toBe(problems.factor_refused)
    minutes(1)
    await node.done(proveFactor, { code: await code() }, by(second.session_token))
  })

  it('takes one code for one of two that send it at once', async () => {
    const { code } = await enrol()
    const [one, two] = [await node.signIn(), await node.signIn()]
    const now = await code()
    const answers = await Promise.all([one, two].map(({ session_token }) => node.ask(proveFactor, { code: now }, by(session_token))))
    expect(answers.map(({ outcome }) => outcome).sort()).toEqual(['done', 'refused'])
  })

  it('takes a recovery code once, however it is typed', async () => {
    const { enrolled } = await enrol()
    const recovery = enrolled.recovery_codes[3] as string
    const half = await node.signIn()
    await node.done(proveFactor, { recovery: recovery.toUpperCase().replaceAll('-', ' ') }, by(half.session_token))
    const again = await node.signIn()
    expect((await node.refused(proveFactor, { recovery }, by(again.session_token))).kind).toBe(problems.factor_refused)
    expect((await node.refused(proveFactor, { recovery: 'aaaa-bbbb-cccc' }, by(again.session_token))).kind).toBe(problems.factor_refused)
  })

  it('does not take the password again where there is a factor', async () => {
    await enrol()
    const half = await node.signIn()
    expect((await node.refused(proveFactor, { password }, by(half.session_token))).kind).toBe(problems.factor_too_weak)
  })

  it('slows guessing down over all kinds of proof and all sessions, and the right code waits too', async () => {
    const { code, enrolled } = await enrol()
    const half = await node.signIn()
    for (let i = 0; i < 5; i++) await node.refused(proveFactor, i % 2 === 0 ? { code: wrongCode } : { recovery: 'aaaa-bbbb-cccc' }, by(half.session_token))
    const other = await node.signIn()
    const locked = await node.refused(proveFactor, { code: await code() }, by(other.session_token))
    expect(locked.detail).toBe('wait 30 seconds')
    await node.refused(proveFactor, { recovery: enrolled.recovery_codes[0] }, by(other.session_token))
    node.clock.advance(30_000)
    await node.done(proveFactor, { code: await code() }, by(other.session_token))
  })

  it('asks again on another device and in another network, and not on a remembered one', async () => {
    const { code } = await enrol()
    const half = await node.signIn()
    const { device_token } = await node.done<{ device_token: string }>(proveFactor, { code: await code(), remember: true }, by(half.session_token))
    const from = (source: string, deviceToken?: string) =>
      node.done<SignedIn>(signIn, { email: ada.email, password }, browser({ source, ...(deviceToken === undefined ? {} : { deviceToken }) }))
    expect((await from('192.0.2.99', device_token)).awaits).toBeNull()
    expect((await from('198.51.100.1', device_token)).awaits).toBe('factor')
    expect((await from('192.0.2.7')).awaits).toBe('factor')
    expect((await from('192.0.2.7', `ghd_${'A'.repeat(43)}`)).awaits).toBe('factor')
    minutes(30 * 24 * 60 + 1)
    expect((await from('192.0.2.7', device_token)).awaits).toBe('factor')
  })

  it('takes addresses of one network for one place', async () => {
    expect([networkOf('192.0.2.7'), networkOf('::ffff:192.0.2.9'), networkOf('2001:db8:0:1::7'), networkOf('2001:db8::9')]).toEqual([
      '192.0.2',
      '192.0.2',
      '2001:db8:0',
      '2001:db8:0',
    ])
  })
})

describe('dangerous acts', () => {
  it('ask for a factor again after five minutes, and for one where a device is remembered', async () => {
    const { enrolled, code } = await enrol()
    const name = (token: string) => node.ask(updateTenant, { name: 'Mine' }, by(token))
    expect(await name(enrolled.session_token)).toMatchObject({ outcome: 'done' })
    minutes(5)
    await expect(name(enrolled.session_token)).rejects.toMatchObject({ kind: doorProblems.step_up_required })
    const proven = await node.done<{ session_token: string }>(proveFactor, { code: await code(), remember: true }, by(enrolled.session_token))
    expect(await name(proven.session_token)).toMatchObject({ outcome: 'done' })
  })

  it('include adding a factor and removing one; the last one stays while the institution asks for one', async () => {
    const { enrolled, code } = await enrol()
    minutes(6)
    expect((await node.refused(beginTotp, {}, by(enrolled.session_token))).kind).toBe(doorProblems.step_up_required)
    const { session_token } = await node.done<{ session_token: string }>(proveFactor, { code: await code() }, by(enrolled.session_token))
    expect((await node.refused(removeFactor, { factor: enrolled.factor.id }, by(session_token))).kind).toBe(problems.factor_needed)
  })
})

it('an API key of the same person sets up no factor, removes none, and changes no password', async () => {
  const { enrolled } = await enrol()
  const { key } = await node.done<{ key: string }>(issueKey, { label: 'mine' }, by(enrolled.session_token))
  const program = { channel: 'http', authorization: `Bearer ${key}` } as const
  for (const [operation, input] of [
    [beginTotp, {}],
    [passkeyCreation, {}],
    [addPasskey, { label: 'x', passkey: new Authenticator().create('AAAA') }],
    [removeFactor, { factor: enrolled.factor.id }],
    [renewRecoveryCodes, {}],
    [changePassword, { password: 'five calm badgers sing' }],
  ] as const)
    expect((await node.refused(operation, input, program)).kind).toBe(problems.no_session)
})

describe('a passkey', () => {
  it('is refused when it was made for another site, another challenge, another user, or without its owner', async () => {
    const { options } = await node.done<{ options: { challenge: string } }>(passkeyCreation, {}, by(begun.session_token))
    const { options: entrance } = await node.done<{ options: { challenge: string } }>(passkeyEntrance, {}, browser())
    const { challenge } = options
    const key = new Authenticator()
    for (const passkey of [
      key.create(challenge, { ...ownParty, origin: 'https://evil.example' }),
      key.create(challenge, { ...ownParty, id: 'evil.example' }),
      key.create(entrance.challenge),
      key.create('AAAA'),
      key.create(challenge, ownParty, false),
    ])
      expect((await node.refused(addPasskey, { label: 'x', passkey }, by(begun.session_token))).kind).toBe(problems.factor_refused)
  })

  it('signs in without a password, and a recorded answer does not', async () => {
    const { key, enrolled } = await makePasskey(begun.session_token)
    expect(enrolled.recovery_codes).toHaveLength(10)
    const { options } = await node.done<{ options: { challenge: string } }>(passkeyEntrance, {}, browser())
    const passkey = key.get(options.challenge)
    const signedIn = await node.done<SignedIn>(signInByPasskey, { passkey }, browser())
    expect(signedIn).toMatchObject({ awaits: null, user: { email: ada.email } })
    for (const replayed of [passkey, key.get(options.challenge)])
      expect((await node.refused(signInByPasskey, { passkey: replayed }, browser())).kind).toBe(problems.factor_refused)
  })

  it('is refused with a counter that went back, after its challenge ended, for another site, and when nobody has it', async () => {
    const { key } = await makePasskey(begun.session_token)
    const challenge = async () => (await node.done<{ options: { challenge: string } }>(passkeyEntrance, {}, browser())).options.challenge
    await node.done(signInByPasskey, { passkey: key.get(await challenge()) }, browser())
    key.counter = 0
    const copied = key.get(await challenge())
    key.counter = 10
    const late = key.get(await challenge())
    const elsewhere = key.get(await challenge(), { ...ownParty, origin: 'https://evil.example' })
    const strange = new Authenticator().get(await challenge())
    const unverified = key.get(await challenge(), ownParty, false)
    for (const passkey of [copied, elsewhere, strange, unverified])
      expect((await node.refused(signInByPasskey, { passkey }, browser())).kind).toBe(problems.factor_refused)
    minutes(5)
    expect((await node.refused(signInByPasskey, { passkey: late }, browser())).kind).toBe(problems.factor_refused)
  })

  it('of one account cannot be added to another, and its proof is of no use in the entrance', async () => {
    const { key, enrolled } = await makePasskey(begun.session_token)
    const { options } = await node.done<{ options: { challenge: string } }>(passkeyCreation, {}, by(enrolled.session_token))
    expect((await node.refused(addPasskey, { label: 'again', passkey: key.create(options.challenge) }, by(enrolled.session_token))).kind).toBe(
      problems.factor_known,
    )
    const { options: request } = await node.done<{ options: { challenge: string } }>(passkeyRequest, {}, by(enrolled.session_token))
    expect((await node.refused(signInByPasskey, { passkey: key.get(request.challenge) }, browser())).kind).toBe(problems.factor_refused)
    await node.done(proveFactor, { passkey: key.get(request.challenge) }, by(enrolled.session_token))
  })
})

describe('what is kept', () => {
  it('holds no seed, code or device token in clear, and the ledger has an entry for each step', async () => {
    const { factor, uri } = await node.done<{ factor: string; uri: string }>(beginTotp, {}, by(begun.session_token))
    const code = appOf(node, uri)
    await node.refused(confirmTotp, { factor, code: wrongCode }, by(begun.session_token))
    const { recovery_codes, session_token } = await node.done<Enrolled>(confirmTotp, { factor, code: await code() }, by(begun.session_token))
    minutes(1)
    const proven = await node.done<{ session_token: string; device_token: string }>(proveFactor, { code: await code(), remember: true }, by(session_token))
    const secret = new URL(uri).searchParams.get('secret') ?? ''
    let everything = node.logLines.join('') + JSON.stringify(node.entries)
    for (const table of ['factor', 'recovery_code', 'device', 'session', 'attempt']) {
      const rows = await node.database.transaction('node', (tx) => tx.query<{ text: string }>(`SELECT t::text AS text FROM identity.${table} t`))
      everything += rows.map(({ text }) => text).join('')
    }
    for (const text of [secret, ...recovery_codes, proven.device_token, proven.session_token]) expect(everything).not.toContain(text)
    expect(node.entries.filter(({ type }) => type.startsWith('identity.')).map(({ type, facts }) => `${type} ${facts.decision ?? 'done'}`)).toEqual(
      expect.arrayContaining(['identity.begin_totp done', 'identity.confirm_totp deny', 'identity.confirm_totp done', 'identity.prove_factor done']),
    )
    expect(await node.done<object>(listFactors, {}, by(proven.session_token, { safe: true }))).toMatchObject({
      recovery_codes_left: 10,
      devices: [{ agent: 'unknown' }],
    })
  })

  it('does not let anybody in when the ledger cannot be written', async () => {
    const { code } = await enrol()
    const half = await node.signIn()
    node.breakLedger(true)
    await expect(node.ask(proveFactor, { code: await code() }, by(half.session_token))).rejects.toThrow()
    node.breakLedger(false)
    expect(await node.done<object>(readSession, {}, by(half.session_token, { safe: true }))).toMatchObject({ awaits: 'factor' })
    // The code was not spent either.
    await node.done(proveFactor, { code: await code() }, by(half.session_token))
  })
})

it('a first run of a node whose institution asks nobody is whole at once', async () => {
  const open = await identityNode({ secondFactor: 'nobody' })
  try {
    const token = await firstRunToken(open.door.node)
    expect(await open.done<SignedIn>(firstRun, { token, ...ada, password })).toMatchObject({ awaits: null })
    await open.done(signOut, {}, browser({ sessionToken: (await open.signIn()).session_token }))
  } finally {
    await open.close()
  }
})
