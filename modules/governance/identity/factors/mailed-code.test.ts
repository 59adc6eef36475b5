import type { Id } from '@gatehouse/core/id'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { updateTenant } from '../../tenancy/update.ts'
import { acceptInvitation } from '../accept-invitation.ts'
import { invite } from '../invite.ts'
import { changePassword } from '../passwords/change-password.ts'
import { problems } from '../problems.ts'
import { readSession } from '../read-session.ts'
import type { SignedIn } from '../schema.ts'
import { keepLanguage } from '../store.ts'
import { appOf } from '../testing/app.ts'
import { browser, type IdentityNode, identityNode } from '../testing/identity.ts'
import { askCode } from './ask-code.ts'
import { beginTotp } from './begin-totp.ts'
import { confirmTotp } from './confirm-totp.ts'
import { proveFactor } from './prove-factor.ts'
import { codeQueue, sendCode } from './send-code.ts'

const grace = { email: 'grace@example.org', password: 'six slow comets hum' }
let node: IdentityNode
let tenant: Id<'tenant'>
beforeEach(async () => {
  node = await identityNode({ secondFactor: 'staff' })
  const { session_token } = await node.firstAdministrator()
  tenant = node.entries[0]?.tenant as Id<'tenant'>
  const { factor, uri } = await node.done<{ factor: string; uri: string }>(beginTotp, {}, by(session_token))
  const admin = await node.done<SignedIn>(confirmTotp, { factor, code: await appOf(node, uri)() }, by(session_token))
  const { token } = await node.done<{ token: string }>(invite, { email: grace.email, name: 'Grace Hopper', roles: ['officer'] }, by(admin.session_token))
  await node.done(updateTenant, { settings: { mailed_code: true } }, by(admin.session_token))
  await node.done(acceptInvitation, { token, password: grace.password })
})
afterEach(() => node.close())

const by = (token: string, more = {}) => browser({ sessionToken: token, ...more })
const half = () => node.signIn(grace.email, grace.password)

/** As the worker runs what was enqueued. @returns the code of the newest letter */
async function letter(): Promise<string> {
  for (const { queue, data } of node.enqueued.splice(0)) {
    const { user, session } = data as { user: Id<'user'>; session: Id<'session'> }
    expect(queue).toBe(codeQueue)
    await node.door.enter(sendCode, { user, session }, node.principal({ tenant, kind: 'system', id: 'system', roles: ['system'] }))
  }
  return /\d{4} \d{4}/.exec(node.letters.at(-1)?.text ?? '')?.[0] ?? ''
}
async function asked(token: string): Promise<string> {
  await node.done(askCode, {}, by(token))
  return letter()
}

describe('a code by mail', () => {
  it('comes in the language that its reader reads', async () => {
    const begun = await half()
    await node.database.transaction(tenant, (tx) => keepLanguage(tx, tenant, begun.user.id, 'es'))
    expect(await asked(begun.session_token)).toMatch(/^\d{4} \d{4}$/)
    expect(node.letters.at(-1)).toMatchObject({ subject: 'Un código para iniciar sesión', text: expect.stringContaining('No se lo dé a nadie') })
  })

  it('finishes signing in where the institution takes it, under another token', async () => {
    const begun = await half()
    expect(begun.awaits).toBe('factor')
    expect(await node.done<object>(readSession, {}, by(begun.session_token, { safe: true }))).toMatchObject({
      factors: [],
      mailed_code: true,
      roles: ['entering'],
    })
    const code = await asked(begun.session_token)
    expect(node.letters.at(-1)?.to).toBe(grace.email)
    const whole = await node.done<SignedIn>(proveFactor, { mailed: code }, by(begun.session_token))
    expect(await node.done<object>(readSession, {}, by(whole.session_token, { safe: true }))).toMatchObject({ awaits: null, roles: ['officer'] })
    expect(node.entries.at(-1)).toMatchObject({ type: 'identity.prove_factor', facts: { details: { by: 'mail' } } })
    expect(JSON.stringify(node.entries)).not.toContain(code.replace(' ', ''))
    expect(JSON.stringify(node.entries)).not.toContain('@')
  })

  it('serves once, ten minutes, and the session that asked', async () => {
    const [one, other] = [await half(), await half()]
    const code = await asked(one.session_token)
    expect((await node.refused(proveFactor, { mailed: code }, by(other.session_token))).kind).toBe(problems.factor_refused)
    node.clock.advance(10 * 60_000)
    expect((await node.refused(proveFactor, { mailed: code }, by(one.session_token))).kind).toBe(problems.factor_refused)
    const newer = await asked(one.session_token)
    expect((await node.refused(proveFactor, { mailed: code }, by(one.session_token))).kind).toBe(problems.factor_refused)
    const whole = await node.done<SignedIn>(proveFactor, { mailed: newer }, by(one.session_token))
    expect((await node.refused(proveFactor, { mailed: newer }, by(whole.session_token))).kind).toBe(problems.factor_refused)
  })

  it('is guessed five times at most, and asked for three times, before both get slow', async () => {
    const { session_token } = await half()
    for (let letters = 0; letters < 3; letters++) await asked(session_token)
    const refused = await node.refused(askCode, {}, by(session_token))
    expect([refused.kind, refused.detail]).toEqual([problems.too_many_codes, 'wait 30 seconds'])
    node.clock.advance(30_000)
    const code = await asked(session_token)
    const wrong = code === '0000 0000' ? '1111 1111' : '0000 0000'
    for (let guesses = 0; guesses < 5; guesses++) await node.refused(proveFactor, { mailed: wrong }, by(session_token))
    expect((await node.refused(proveFactor, { mailed: code }, by(session_token))).detail).toMatch(/^wait \d+ seconds$/)
    // Another session of the same account does not begin to count anew.
    expect((await node.refused(askCode, {}, by((await half()).session_token))).kind).toBe(problems.too_many_codes)
  })

  it('is no proof once there is something stronger, and a password is none where a code is asked for', async () => {
    const begun = await half()
    expect((await node.refused(proveFactor, { password: grace.password }, by(begun.session_token))).kind).toBe(problems.factor_too_weak)
    const whole = await node.done<SignedIn>(proveFactor, { mailed: await asked(begun.session_token) }, by(begun.session_token))
    const { factor, uri } = await node.done<{ factor: string; uri: string }>(beginTotp, {}, by(whole.session_token))
    await node.done(confirmTotp, { factor, code: await appOf(node, uri)() }, by(whole.session_token))
    const again = await half()
    expect((await node.refused(askCode, {}, by(again.session_token))).kind).toBe(problems.factor_too_weak)
    expect((await node.refused(proveFactor, { mailed: '0000 0000' }, by(again.session_token))).kind).toBe(problems.factor_too_weak)
  })

  it('opens dangerous acts for five minutes like any proof', async () => {
    const begun = await half()
    const whole = await node.done<SignedIn>(proveFactor, { mailed: await asked(begun.session_token) }, by(begun.session_token))
    node.clock.advance(6 * 60_000)
    const change = () => node.ask(changePassword, { password: 'five calm badgers sing' }, by(whole.session_token))
    await expect(change()).rejects.toMatchObject({ kind: { type: '/problems/door/step-up-required' } })
    const proven = await node.done<SignedIn>(proveFactor, { mailed: await asked(whole.session_token) }, by(whole.session_token))
    await node.done(changePassword, { password: 'five calm badgers sing' }, by(proven.session_token))
  })

  it('is not sent for a session that has ended meanwhile', async () => {
    const { session_token, session, user } = await half()
    await node.done(askCode, {}, by(session_token))
    await node.door.node.database.transaction(tenant, (tx) => tx.change('DELETE FROM identity.session WHERE id = $1', [session]))
    expect(await letter()).toBe('')
    expect(node.entries.at(-1)).toMatchObject({ type: 'identity.send_code', facts: { object: { id: user.id }, details: { sent: false } } })
  })
})

describe('where the institution does not take it', () => {
  it('a factor is set up as ever, and no code can be asked for', async () => {
    await node.door.enter(updateTenant, { settings: { mailed_code: false } }, node.principal({ tenant, id: 'operator', roles: ['administrator'] }))
    const begun = await half()
    expect(begun.awaits).toBe('enrolment')
    expect((await node.refused(askCode, {}, by(begun.session_token))).kind).toBe(problems.factor_too_weak)
    expect((await node.refused(proveFactor, { mailed: '0000 0000' }, by(begun.session_token))).kind).toBe(problems.factor_too_weak)
  })
})
