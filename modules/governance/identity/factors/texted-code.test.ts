import type { Id } from '@gatehouse/core/id'
import { type Message, SmsError } from '@gatehouse/runtime/data/sms/sms'
import type { AnyOperation } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { updateTenant } from '../../tenancy/update.ts'
import { acceptInvitation } from '../accept-invitation.ts'
import { invite } from '../invite.ts'
import { problems } from '../problems.ts'
import { readSession } from '../read-session.ts'
import type { SignedIn } from '../schema.ts'
import { deleteUser } from '../store.ts'
import { appOf } from '../testing/app.ts'
import { browser, type IdentityNode, identityNode } from '../testing/identity.ts'
import { askCode } from './ask-code.ts'
import { beginPhone } from './begin-phone.ts'
import { beginTotp } from './begin-totp.ts'
import { confirmPhone } from './confirm-phone.ts'
import { confirmTotp } from './confirm-totp.ts'
import { listFactors } from './list-factors.ts'
import { proveFactor } from './prove-factor.ts'
import { removePhone } from './remove-phone.ts'
import { sendCode } from './send-code.ts'

const grace = { email: 'grace@example.org', password: 'six slow comets hum' }
const mary = { email: 'mary@example.org', password: 'nine green kites glow' }
const number = '+43 (660) 12345-42'
const minute = 60_000
let node: IdentityNode
let tenant: Id<'tenant'>
let administrator: string
let messages: Message[]
let gatewayAway = false
beforeEach(async () => {
  messages = []
  node = await identityNode({
    secondFactor: 'staff',
    sms: {
      perHour: 8,
      async send(message) {
        if (gatewayAway) throw new SmsError('the gateway is away')
        messages.push(message)
      },
    },
  })
  const { session_token } = await node.firstAdministrator()
  tenant = node.entries[0]?.tenant as Id<'tenant'>
  const { factor, uri } = await node.done<{ factor: string; uri: string }>(beginTotp, {}, by(session_token))
  administrator = (await node.done<SignedIn>(confirmTotp, { factor, code: await appOf(node, uri)() }, by(session_token))).session_token
  for (const { email, password } of [grace, mary]) {
    const { token } = await node.done<{ token: string }>(invite, { email, name: 'Somebody', roles: ['officer'] }, by(administrator))
    await node.done(acceptInvitation, { token, password })
  }
  await settings({ texted_code: true })
})
afterEach(() => node.close())

const by = (token: string, more = {}) => browser({ sessionToken: token, ...more })
const settings = (change: object) => node.door.enter(updateTenant, { settings: change }, node.principal({ tenant, id: 'operator', roles: ['administrator'] }))
const half = async (who = grace) => (await node.signIn(who.email, who.password)).session_token
const digits = () => /\d{4} \d{4}/.exec(messages.at(-1)?.text ?? '')?.[0] ?? ''
const other = (code: string) => (code === '0000 0000' ? '1111 1111' : '0000 0000')

/** As the worker runs what was enqueued. @returns the code of the newest message, if one left */
async function sent(): Promise<string> {
  const before = messages.length
  for (const { data } of node.enqueued.splice(0)) {
    const { tenant: _, ...input } = data
    await node.door.enter(sendCode, input as never, node.principal({ tenant, kind: 'system', id: 'system', roles: ['system'] }))
  }
  return messages.length === before ? '' : digits()
}
async function begin(token: string, of = number): Promise<{ phone: string; code: string }> {
  const { id } = await node.done<{ id: string }>(beginPhone, { number: of }, by(token))
  return { phone: id, code: await sent() }
}
const confirm = (token: string, phone: string, code: string) => node.done<{ session_token: string }>(confirmPhone, { phone, code }, by(token))
async function enrolled(who = grace, of = number): Promise<{ token: string; phone: string }> {
  const token = await half(who)
  const { phone, code } = await begin(token, of)
  return { phone, token: (await confirm(token, phone, code)).session_token }
}
async function asked(token: string): Promise<string> {
  await node.done(askCode, { by: 'sms' }, by(token))
  return sent()
}
const kind = async (operation: AnyOperation, input: object, token: string) => (await node.refused(operation, input, by(token))).kind

describe('a telephone', () => {
  it('is a number with its country, and one', async () => {
    const token = await half()
    for (const wrong of ['06601234542', '+4366', '+0660123454212', '+43660123454212345', '+43660CALLME', '+436601234542;+436601234543'])
      await expect(node.ask(beginPhone, { number: wrong }, by(token))).rejects.toMatchObject({ kind: doorProblems.input_invalid })
  })

  it('proves nothing until its code has come back', async () => {
    const { code } = await begin(await half())
    const again = await node.signIn(grace.email, grace.password)
    expect(again.awaits).toBe('enrolment')
    expect(await kind(askCode, { by: 'sms' }, again.session_token)).toBe(problems.factor_too_weak)
    expect(await kind(proveFactor, { texted: code }, again.session_token)).toBe(problems.factor_too_weak)
  })

  it('is confirmed by its own code alone, from the session that gave it, once, within ten minutes', async () => {
    const [hers, marys] = [await half(), await half(mary)]
    const { phone, code } = await begin(hers)
    expect(await kind(confirmPhone, { phone, code: other(code) }, hers)).toBe(problems.factor_refused)
    await expect(confirm(marys, phone, code)).rejects.toMatchObject({ kind: doorProblems.not_found })
    expect(await kind(confirmPhone, { phone, code }, await half())).toBe(problems.factor_refused)
    node.clock.advance(10 * minute)
    expect(await kind(confirmPhone, { phone, code }, hers)).toBe(problems.factor_refused)
    const next = await begin(hers)
    const { session_token } = await confirm(hers, next.phone, next.code)
    await expect(confirm(session_token, next.phone, next.code)).rejects.toMatchObject({ kind: doorProblems.not_found })
  })

  it('is guessed five times at most', async () => {
    const token = await half()
    const { phone, code } = await begin(token)
    for (let guesses = 0; guesses < 5; guesses++) await node.refused(confirmPhone, { phone, code: other(code) }, by(token))
    expect((await node.refused(confirmPhone, { phone, code }, by(token))).detail).toMatch(/^wait \d+ seconds$/)
  })

  it('wants a fresh proof, and stays until the new one is confirmed', async () => {
    const { token, phone } = await enrolled()
    node.clock.advance(6 * minute)
    expect(await kind(beginPhone, { number: '+436601234543' }, token)).toBe(doorProblems.step_up_required)
    const old = await asked(token)
    const proven = (await node.done<SignedIn>(proveFactor, { texted: old }, by(token))).session_token
    const next = await begin(proven, '+436601234543')
    expect(await node.done<object>(listFactors, {}, by(proven))).toMatchObject({ phone: { id: phone, ending: '42' }, takes_phone: true })
    const whole = (await confirm(proven, next.phone, next.code)).session_token
    expect(await node.done<object>(listFactors, {}, by(whole))).toMatchObject({ phone: { id: next.phone, ending: '43' } })
  })

  it('lies sealed, goes with the account, and stands in no entry and no line of the log', async () => {
    const { token } = await enrolled()
    const code = await asked(token)
    await node.done(proveFactor, { texted: code }, by(token))
    expect(JSON.stringify([node.entries, node.enqueued, node.logLines])).not.toMatch(new RegExp(`1234542|${code}|${code.replace(' ', '')}`))
    const rows = () =>
      node.database.transaction(tenant, (tx) => tx.query<{ id: string; user_id: Id<'user'>; sealed: Uint8Array }>('SELECT * FROM identity.phone'))
    const [row] = await rows()
    expect(Buffer.from(row?.sealed ?? []).toString('latin1')).not.toContain('1234542')
    await node.database.transaction(tenant, (tx) => deleteUser(tx, tenant, row?.user_id as Id<'user'>))
    expect(await rows()).toEqual([])
  })

  it('is removed by a fresh proof, and not where nothing else would be left', async () => {
    const { token, phone } = await enrolled()
    expect(await kind(removePhone, { phone }, token)).toBe(problems.factor_needed)
    await settings({ mailed_code: true })
    node.clock.advance(6 * minute)
    await expect(node.ask(removePhone, { phone }, by(token))).rejects.toMatchObject({ kind: doorProblems.step_up_required })
    const proven = (await node.done<SignedIn>(proveFactor, { texted: await asked(token) }, by(token))).session_token
    await node.done(removePhone, { phone }, by(proven))
    expect(await kind(askCode, { by: 'sms' }, proven)).toBe(problems.factor_too_weak)
  })
})

describe('a code by SMS', () => {
  it('finishes signing in, under another token', async () => {
    await enrolled()
    const begun = await node.signIn(grace.email, grace.password)
    expect(begun.awaits).toBe('factor')
    expect(await node.done<object>(readSession, {}, by(begun.session_token, { safe: true }))).toMatchObject({ mailed_code: false, texted_code: '42' })
    const code = await asked(begun.session_token)
    expect(messages.at(-1)).toEqual({
      to: '+436601234542',
      text: `${code} is your code for 127.0.0.1:5000. It works once, within 10 minutes. Give it to nobody.`,
    })
    const whole = (await node.done<SignedIn>(proveFactor, { texted: code }, by(begun.session_token))).session_token
    expect(await node.done<object>(readSession, {}, by(whole, { safe: true }))).toMatchObject({ awaits: null, roles: ['officer'] })
    expect(node.entries.at(-1)).toMatchObject({ type: 'identity.prove_factor', facts: { details: { by: 'sms' } } })
  })

  it('serves once, ten minutes, the session that asked, and as what it was sent', async () => {
    await enrolled()
    await settings({ mailed_code: true })
    const [one, two] = [await half(), await half()]
    const code = await asked(one)
    const refused = [
      [{ texted: other(code) }, one],
      [{ texted: code }, two],
      [{ mailed: code }, one],
    ] as const
    for (const [proof, token] of refused) expect(await kind(proveFactor, proof, token)).toBe(problems.factor_refused)
    node.clock.advance(10 * minute)
    expect(await kind(proveFactor, { texted: code }, one)).toBe(problems.factor_refused)
    const newer = await asked(one)
    const whole = (await node.done<SignedIn>(proveFactor, { texted: newer }, by(one))).session_token
    expect(await kind(proveFactor, { texted: newer }, whole)).toBe(problems.factor_refused)
  })

  it('is guessed five times at most', async () => {
    await enrolled()
    const token = await half()
    const code = await asked(token)
    for (let guesses = 0; guesses < 5; guesses++) await node.refused(proveFactor, { texted: other(code) }, by(token))
    expect((await node.refused(proveFactor, { texted: code }, by(token))).detail).toMatch(/^wait \d+ seconds$/)
  })

  it('is no proof beside something stronger, nor a telephone worth giving', async () => {
    const { token } = await enrolled()
    const { factor, uri } = await node.done<{ factor: string; uri: string }>(beginTotp, {}, by(token))
    const whole = (await node.done<SignedIn>(confirmTotp, { factor, code: await appOf(node, uri)() }, by(token))).session_token
    const again = await half()
    expect(await kind(askCode, { by: 'sms' }, again)).toBe(problems.factor_too_weak)
    expect(await kind(proveFactor, { texted: '0000 0000' }, again)).toBe(problems.factor_too_weak)
    expect(await kind(beginPhone, { number }, whole)).toBe(problems.factor_too_weak)
  })

  it('is not sent to a telephone that was removed meanwhile', async () => {
    const { token, phone } = await enrolled()
    await node.done(askCode, { by: 'sms' }, by(token))
    await node.database.transaction(tenant, (tx) => tx.change('DELETE FROM identity.phone WHERE id = $1', [phone]))
    expect(await sent()).toBe('')
    expect(node.entries.at(-1)).toMatchObject({ type: 'identity.send_code', facts: { details: { by: 'sms', sent: false } } })
  })
})

describe('nobody is billed by whoever asks', () => {
  it('six messages go to one account in an hour, whatever they are for', async () => {
    const { token } = await enrolled()
    for (let more = 1; more < 6; more++) {
      expect(await asked(token)).not.toBe('')
      node.clock.advance(4 * minute)
    }
    const refused = await node.refused(askCode, { by: 'sms' }, by(token))
    expect([refused.kind, refused.detail]).toEqual([problems.too_many_codes, '6 messages have gone to this account in the last hour'])
    // Nobody else waits for it.
    expect((await begin(await half(mary))).code).not.toBe('')
    node.clock.advance(41 * minute)
    expect(await asked(await half())).not.toBe('')
  })

  it('nor do more leave that were asked for at once; the last one that left still serves', async () => {
    const { token } = await enrolled()
    await node.done(askCode, { by: 'sms' }, by(token))
    node.enqueued.push(...Array.from({ length: 9 }).flatMap(() => node.enqueued.slice(0, 1)))
    await sent()
    expect(messages).toHaveLength(6)
    await node.done(proveFactor, { texted: digits() }, by(token))
  })

  it('one that the gateway did not take counts too, since it may be paid for', async () => {
    const { token } = await enrolled()
    gatewayAway = true
    await node.done(askCode, { by: 'sms' }, by(token))
    await expect(sent()).rejects.toThrow()
    gatewayAway = false
    const rows = await node.database.transaction(tenant, (tx) => tx.query('SELECT id FROM identity.sent_message'))
    expect([rows.length, messages.length]).toEqual([2, 1])
  })

  it('eight leave the node in an hour, over all accounts and those that are gone', async () => {
    const { token } = await enrolled()
    for (let more = 1; more < 6; more++) {
      await asked(token)
      node.clock.advance(4 * minute)
    }
    const [row] = await node.database.transaction(tenant, (tx) => tx.query<{ user_id: Id<'user'> }>('SELECT user_id FROM identity.phone'))
    await node.database.transaction(tenant, (tx) => deleteUser(tx, tenant, row?.user_id as Id<'user'>))
    const marys = await half(mary)
    expect([(await begin(marys)).code, (await begin(marys)).code].includes('')).toBe(false)
    expect((await begin(marys)).code).toBe('')
    expect(messages).toHaveLength(8)
    expect(node.logLines.join()).toContain('a text message was not sent')
  })
})

describe('where it is not taken', () => {
  it.each([
    ['the institution does not say so', { texted_code: false }],
    ['nobody has to have a second factor', { second_factor: 'nobody' }],
  ])('since %s, no telephone can be given and one that was proves nothing', async (_, change) => {
    await enrolled()
    await settings(change)
    const [hers, marys] = [await half(), await half(mary)]
    expect(await node.done<object>(listFactors, {}, by(hers))).toMatchObject({ takes_phone: false })
    expect(await kind(askCode, { by: 'sms' }, hers)).toBe(problems.factor_too_weak)
    expect(await kind(proveFactor, { texted: '0000 0000' }, hers)).toBe(problems.factor_too_weak)
    expect(await kind(beginPhone, { number }, marys)).toBe(problems.factor_too_weak)
  })
})
