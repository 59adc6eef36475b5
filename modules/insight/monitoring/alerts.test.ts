import type { Id } from '@gatehouse/core/id'
import { anonymous, systemPrincipal } from '@gatehouse/runtime/base/context'
import { type Letter, type Mail, MailError } from '@gatehouse/runtime/data/mail/mail'
import type { CloudEvent } from '@gatehouse/runtime/work/outbox'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { dispatcher } from '../../../runtime/edge/dispatcher.ts'
import { logSizes, sequencedEntries } from '../../ledger/index.ts'
import { acknowledge } from './acknowledge.ts'
import { closeAlert } from './close.ts'
import { createRule } from './create-rule.ts'
import { sendLetter } from './letters/send.ts'
import { listAlerts } from './list-alerts.ts'
import { morningLoop } from './morning.ts'
import { readAlert } from './read-alert.ts'
import { readRule } from './read-rule.ts'
import { readSettings } from './read-settings.ts'
import { letterAttemptsMax, letterQueue } from './schema.ts'
import { summary } from './summary.ts'
import { done, type WatchedNode, watchedNode } from './testing/watched-node.ts'
import { tidyLoop } from './tidy.ts'
import { updateRule } from './update-rule.ts'
import { updateSettings } from './update-settings.ts'

const harbour = '01980000-0000-7000-8000-00000000b001' as Id<'partner'>
const planted = { subject: { id: '01980000-0000-7000-8000-00000000cafe' as Id<'subject'>, commitment: 'c0ffee'.repeat(10) }, purpose: 'dpv:PlantedPurpose' }
const rate = { kind: 'rate', types: ['release.authorize'], per: 'partner', threshold: 1, window_seconds: 60 }

const posted: Letter[] = []
let away = false
const mail: Mail = {
  on: true,
  async send(letter) {
    if (away) throw new MailError('mail.example.org:465 did not take the letter (452)')
    posted.push(letter)
    return 'sent'
  },
}

let t: WatchedNode
beforeEach(async () => {
  posted.length = 0
  away = false
  t = await watchedNode({ mail })
})
afterEach(() => t.close())

const refusedAs = (slug: string) => ({ outcome: 'refused', problem: { kind: { type: `/problems/${slug}` } } })
const officer = (id = '01980000-0000-7000-8000-0000000000aa') => t.principal({ tenant: t.tenant, roles: ['officer'], id })
const asks = (partner = harbour) => t.act({ type: 'release.authorize', actor: { kind: 'partner', id: partner }, facts: { partner, ...planted } })

async function raisedBy(more: Parameters<WatchedNode['rule']>[1] = {}) {
  const rule = await t.rule(rate, more)
  await asks()
  await t.look()
  const [alert] = await t.alerts(rule)
  if (alert === undefined) throw new Error('no alert')
  return { rule, alert }
}

/** What subscriptions, and so webhooks, are handed. */
async function events(): Promise<CloudEvent[]> {
  // The first look raises, and the second gives the entries of what was raised their place.
  await t.look()
  await t.look()
  const told: CloudEvent[] = []
  const loop = dispatcher({ sizes: logSizes, sequenced: sequencedEntries }, [
    { consumer: 'test', types: ['alert.raised', 'alert.digest'], handle: async (_node, _tenant, news) => void told.push(...news) },
  ])
  while (await loop.run(t.door.node));
  return told
}
const letters = () => t.enqueued.splice(0).filter(({ queue }) => queue === letterQueue)
const send = (job: { data: Readonly<Record<string, unknown>> }) => t.door.enter(sendLetter, { letter: String(job.data.letter) }, systemPrincipal(t.tenant))
const letterRows = () =>
  t.database.transaction(t.tenant, (tx) =>
    tx.query<{ state: string; attempts: number; last_error: string | null }>('SELECT state, attempts, last_error FROM monitoring.letter'),
  )

describe('who may', () => {
  it('auditors read and change nothing, partners and strangers see nothing', async () => {
    const { alert, rule } = await raisedBy()
    const auditor = t.principal({ tenant: t.tenant, roles: ['auditor'] })
    const notAllowed = { kind: { type: '/problems/door/not-allowed' } }
    expect(done(await t.door.enter(readAlert, { alert: alert.id }, auditor))).toMatchObject({ id: alert.id })
    await expect(t.door.enter(acknowledge, { alert: alert.id, verdict: 'useful' }, auditor)).rejects.toMatchObject(notAllowed)
    await expect(t.door.enter(updateRule, { rule: rule.id, channel: 'demoted' }, auditor)).rejects.toMatchObject(notAllowed)
    await expect(t.door.enter(createRule, { name: 'x', condition: rate as never }, auditor)).rejects.toMatchObject(notAllowed)
    const partner = t.principal({ kind: 'partner', tenant: t.tenant, partner: harbour, roles: ['partner'] })
    await expect(t.door.enter(listAlerts, {}, partner)).rejects.toMatchObject(notAllowed)
    await expect(t.door.enter(listAlerts, {}, anonymous)).rejects.toMatchObject({ kind: { status: 401 } })
  })

  it('another institution finds neither alert nor rule', async () => {
    const { alert, rule } = await raisedBy()
    const stranger = t.principal({ tenant: t.other, roles: ['officer'] })
    expect(await t.door.enter(readAlert, { alert: alert.id }, stranger)).toMatchObject(refusedAs('door/not-found'))
    expect(await t.door.enter(acknowledge, { alert: alert.id, verdict: 'noise' }, stranger)).toMatchObject(refusedAs('door/not-found'))
    expect(await t.door.enter(readRule, { rule: rule.id }, stranger)).toMatchObject(refusedAs('door/not-found'))
    expect(await t.door.enter(updateRule, { rule: rule.id, name: 'Mine' }, stranger)).toMatchObject(refusedAs('door/not-found'))
  })
})

describe('an alert', () => {
  it('is closed only after it was acknowledged, and each only once; the second is told who was first', async () => {
    const { alert } = await raisedBy()
    expect(await t.door.enter(closeAlert, { alert: alert.id }, officer())).toMatchObject(refusedAs('monitoring/not-acknowledged'))
    t.clock.advance(90_000)
    const first = done(await t.door.enter(acknowledge, { alert: alert.id, verdict: 'useful', note: 'Planted note about Ada' }, officer()))
    expect(first).toMatchObject({ state: 'acknowledged', acknowledged_by: officer().id, verdict: 'useful', note: 'Planted note about Ada' })
    const second = await t.door.enter(acknowledge, { alert: alert.id, verdict: 'noise' }, officer('01980000-0000-7000-8000-0000000000bb'))
    expect(second).toMatchObject(refusedAs('monitoring/already-acknowledged'))
    expect(second).toMatchObject({ problem: { extensions: { acknowledged_by: officer().id } } })
    expect(done(await t.door.enter(closeAlert, { alert: alert.id }, officer()))).toMatchObject({ state: 'closed', closed_by: officer().id, verdict: 'useful' })
    expect(await t.door.enter(closeAlert, { alert: alert.id }, officer())).toMatchObject(refusedAs('monitoring/already-closed'))
  })

  it('of two who acknowledge at once has one', async () => {
    const { alert } = await raisedBy()
    const answers = await Promise.all(
      ['useful', 'noise'].map((verdict) => t.door.enter(acknowledge, { alert: alert.id, verdict: verdict as 'useful' }, officer())),
    )
    expect(answers.map(({ outcome }) => outcome).sort()).toEqual(['done', 'refused'])
  })

  it('is found by filters and page by page; those of demoted rules only when asked for', async () => {
    const { rule } = await raisedBy({ channel: 'demoted' })
    const other = await t.rule({ ...rate, threshold: 2, per: 'institution' })
    for (let count = 0; count < 4; count++) await asks()
    await t.look()
    const list = async (input: object) => done(await t.door.enter(listAlerts, input, officer()))
    expect((await list({ rule: rule.id })).data).toEqual([])
    expect((await list({ rule: rule.id, demoted: 'true' })).data).toHaveLength(5)
    expect((await list({ channel: 'demoted' })).data).toHaveLength(5)
    const first = await list({ rule: other.id, limit: '2' })
    expect(first.data).toHaveLength(2)
    const rest = await list({ rule: other.id, limit: '2', cursor: first.next })
    expect(rest).toMatchObject({ next: null, data: [{}] })
    expect((await list({ kind: 'volume' })).data).toEqual([])
    expect((await list({ rule: other.id, state: 'closed' })).data).toEqual([])
  })
})

describe('the noise of a rule', () => {
  it('is measured from what people said', async () => {
    const { rule } = await raisedBy()
    for (let count = 0; count < 3; count++) await asks()
    await t.look()
    const alerts = await t.alerts(rule)
    for (const [place, verdict] of (['useful', 'noise', 'noise'] as const).entries()) {
      t.clock.advance(60_000)
      done(await t.door.enter(acknowledge, { alert: alerts[place]?.id ?? '', verdict }, officer()))
    }
    const { noise } = done(await t.door.enter(readRule, { rule: rule.id }, officer()))
    expect(noise).toMatchObject({ alerts: 4, per_week: 4, weeks: 1 })
    expect(noise.useful_share).toBeCloseTo(1 / 3)
    expect(noise.noise_share).toBeCloseTo(2 / 3)
    expect(noise.median_seconds_to_acknowledge).toBeCloseTo(120, 0)
    t.clock.advance(13 * 7 * 86_400_000)
    expect(done(await t.door.enter(readRule, { rule: rule.id }, officer())).noise).toMatchObject({ alerts: 0, useful_share: null, weeks: 12 })
  })

  it('is not touched by a change for an older revision', async () => {
    const { rule } = await raisedBy()
    done(await t.door.enter(updateRule, { rule: rule.id, channel: 'next_working_day', if_revision: 1 }, officer()))
    expect(await t.door.enter(updateRule, { rule: rule.id, channel: 'demoted', if_revision: 1 }, officer())).toMatchObject(refusedAs('door/conflict'))
  })
})

describe('who is told', () => {
  const recipients = { mail_to: ['ada@example.org', 'eve@example.org'] }
  beforeEach(async () => {
    done(await t.door.enter(updateSettings, recipients, officer()))
  })

  it('of a rule on trial, or a demoted one: nobody', async () => {
    await raisedBy({ channel: 'on_trial' })
    await raisedBy({ channel: 'demoted' })
    expect(await events()).toEqual([])
    expect(letters()).toEqual([])
  })

  it('of one that pages: webhooks and mail at once, with a rule, a count and a link', async () => {
    const { alert, rule } = await raisedBy({ channel: 'page_now', name: 'Too fast' })
    const [event, ...more] = await events()
    expect(more).toEqual([])
    expect(event).toMatchObject({
      type: 'alert.raised',
      subject: alert.id,
      data: { alert: alert.id, rule: rule.id, rule_name: 'Too fast', kind: 'rate', observed: 1, link: `http://127.0.0.1:5000/insight/alerts/${alert.id}` },
    })
    // A partner's webhook is told what names it as `partner`: never what is suspected of it.
    expect(event?.data).not.toHaveProperty('partner')
    for (const job of letters()) done(await send(job))
    expect(posted.map(({ to }) => to).sort()).toEqual(recipients.mail_to)
    expect(posted[0]).toMatchObject({ subject: 'Alert: Too fast', text: expect.stringContaining(`/insight/alerts/${alert.id}`) })
  })

  it('of many at once: one letter each, and an event for each alert', async () => {
    await t.rule(rate, { channel: 'page_now' })
    for (const digit of ['1', '2', '3']) await asks(`01980000-0000-7000-8000-00000000b00${digit}` as Id<'partner'>)
    expect(await events()).toHaveLength(3)
    const jobs = letters()
    expect(jobs).toHaveLength(2)
    for (const job of jobs) done(await send(job))
    expect(posted[0]?.text).toContain('has raised 3 alerts')
  })

  it('of the next working day: in the morning, once, and not of what somebody has looked at before', async () => {
    const rule = await t.rule(rate, { channel: 'next_working_day', name: 'Slow news' })
    for (const digit of ['1', '2', '3']) await asks(`01980000-0000-7000-8000-00000000b00${digit}` as Id<'partner'>)
    await t.look()
    const [first] = await t.alerts(rule)
    done(await t.door.enter(acknowledge, { alert: first?.id ?? '', verdict: 'noise' }, officer()))
    await morningLoop.run(t.door.node)
    expect(letters()).toEqual([])
    // From Sunday to just before Monday's morning, and then into it.
    t.clock.set(Date.UTC(2026, 10, 23, 7, 59, 59))
    await morningLoop.run(t.door.node)
    expect(letters()).toEqual([])
    t.clock.set(Date.UTC(2026, 10, 23, 8, 0, 0))
    await Promise.all([morningLoop.run(t.door.node), morningLoop.run(t.door.node)])
    await morningLoop.run(t.door.node)
    const jobs = letters()
    expect(jobs).toHaveLength(2)
    for (const job of jobs) done(await send(job))
    expect(posted[0]?.text).toContain('2  Slow news')
    const told = await events()
    expect(told).toHaveLength(1)
    expect(told[0]).toMatchObject({ type: 'alert.digest', data: { rules: expect.arrayContaining([{ rule: rule.id, rule_name: 'Slow news', alerts: 2 }]) } })
  })

  it('a letter that nobody takes is tried again, and is dead after the last attempt', async () => {
    away = true
    await raisedBy({ channel: 'page_now' })
    const [job] = letters()
    if (job === undefined) throw new Error('no letter')
    for (let attempt = 0; attempt < letterAttemptsMax; attempt++) await expect(send(job)).rejects.toMatchObject({ kind: { status: 502 } })
    expect(await letterRows()).toContainEqual({ state: 'dead', attempts: letterAttemptsMax, last_error: 'mail.example.org:465 did not take the letter (452)' })
    expect(done(await send(job))).toEqual({ sent: false })
    expect(done(await t.door.enter(summary, {}, officer()))).toMatchObject({ dead_letters: 1, mail_on: true })
  })

  it('a letter goes on its second attempt, and only once', async () => {
    away = true
    await raisedBy({ channel: 'page_now' })
    const [job] = letters()
    if (job === undefined) throw new Error('no letter')
    await expect(send(job)).rejects.toMatchObject({ kind: { status: 502 } })
    away = false
    expect(done(await send(job))).toEqual({ sent: true })
    expect(done(await send(job))).toEqual({ sent: false })
    expect(posted).toHaveLength(1)
  })

  it('addresses are those of the settings, and no address of another kind', async () => {
    expect(done(await t.door.enter(readSettings, {}, officer()))).toEqual({ ...recipients, mail_on: true, revision: 2 })
    for (const mail_to of [['ada'], ['ada@example.org\nBcc: eve@example.org'], Array.from({ length: 11 }, (_, n) => `a${n}@example.org`)])
      await expect(t.door.enter(updateSettings, { mail_to }, officer())).rejects.toMatchObject({ kind: { status: 400 } })
    expect(await t.door.enter(updateSettings, { mail_to: [], if_revision: 1 }, officer())).toMatchObject(refusedAs('door/conflict'))
  })

  it('nothing planted about a person, a note or an address stands in letters, events, entries, states or the log', async () => {
    const { alert } = await raisedBy({ channel: 'page_now' })
    await t.rule({ kind: 'subject_walk', per: 'partner', threshold: 2, window_seconds: 60 })
    await asks()
    const told = await events()
    done(await t.door.enter(acknowledge, { alert: alert.id, verdict: 'useful', note: 'Planted note about Ada' }, officer()))
    for (const job of letters()) done(await send(job))
    const rows = await t.database.transaction(t.tenant, async (tx) => [
      await tx.query("SELECT convert_from(body, 'utf8') FROM ledger.entry WHERE type LIKE 'monitoring.%'"),
      await tx.query('SELECT state::text, about FROM monitoring.state'),
      await tx.query('SELECT data::text FROM work.outbox'),
    ])
    const outside = JSON.stringify([posted.map(({ subject, text }) => ({ subject, text })), told])
    for (const value of ['Planted', 'cafe', 'c0ffee', harbour]) expect(outside).not.toContain(value)
    for (const value of ['Planted note', '00000000cafe', planted.subject.commitment, 'ada@example.org']) {
      expect(JSON.stringify(rows)).not.toContain(value)
      expect(t.logLines.join('\n')).not.toContain(value)
    }
  })
})

it('the summary counts what is open, by channel, with the newest that page', async () => {
  const { alert } = await raisedBy({ channel: 'page_now' })
  const before = done(await t.door.enter(summary, {}, officer()))
  expect(before).toMatchObject({ page_now: { raised: 1, acknowledged: 0, oldest_raised_at: alert.raised_at }, newest: [{ id: alert.id }] })
  done(await t.door.enter(acknowledge, { alert: alert.id, verdict: 'useful' }, officer()))
  expect(done(await t.door.enter(summary, {}, officer()))).toMatchObject({ page_now: { raised: 0, acknowledged: 1, oldest_raised_at: null }, newest: [] })
})

it('tidying forgets states that have ended, and no open alert', async () => {
  const { rule } = await raisedBy()
  const states = () => t.database.transaction(t.tenant, (tx) => tx.query('SELECT FROM monitoring.state WHERE expires_at IS NOT NULL'))
  expect((await states()).length).toBeGreaterThan(0)
  t.clock.advance(5 * 365 * 86_400_000)
  await tidyLoop.run(t.door.node)
  expect(await states()).toEqual([])
  expect(await t.alerts(rule)).toHaveLength(1)
})
