import type { Id } from '@gatehouse/core/id'
import { type Principal, systemPrincipal } from '@gatehouse/runtime/base/context'
import { MailError } from '@gatehouse/runtime/data/mail/mail'
import type { CloudEvent } from '@gatehouse/runtime/work/outbox'
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { expireApprovals, remindOfDeadlines } from '../../governance/approvals/deadlines.ts'
import { commentOnReview } from '../../governance/approvals/reviews/comment.ts'
import { delegateSeat } from '../../governance/approvals/reviews/delegate.ts'
import { setReviewRule } from '../../governance/approvals/reviews/rules.ts'
import { digest, testDesk } from '../../governance/approvals/testing/desk.ts'
import { withdrawApproval } from '../../governance/approvals/withdraw.ts'
import { insertAccount, insertUser } from '../../governance/identity/store.ts'
import { dayOf, gatherDigests } from './digest.ts'
import { notificationsEraser } from './erase.ts'
import { listNotifications, markNotifications } from './inbox.ts'
import { notificationsModule } from './index.ts'
import { kindNames, kinds } from './kinds.ts'
import { notify } from './notify.ts'
import { readPreferences, setLanguage, setPreference } from './preferences.ts'
import { attemptsMax, keptDays, mailQueue, perUserMax } from './schema.ts'
import { sendNotification } from './send.ts'
import { capInboxes, forgetOld, insertNotifications } from './store.ts'
import { ofReview, toldOf } from './told.ts'
import { words } from './words.ts'

const { t, tenant, things, at, begin, staff, change, done, refused, ask, vote, scene } = await testDesk([notificationsModule])
beforeEach(() => {
  begin()
  t.enqueued.length = 0
  t.letters.length = 0
})
afterAll(() => t.close())

let events = 0
const event = (type: string, subject: string, data: object = {}): CloudEvent => ({
  specversion: '1.0',
  id: `01980000-0000-7000-8000-${(0xe00000 + ++events).toString(16).padStart(12, '0')}` as Id<'event'>,
  source: `/tenants/${tenant}`,
  type,
  subject,
  time: new Date(t.clock.nowMs()).toISOString(),
  datacontenttype: 'application/json',
  data: data as Record<string, unknown>,
  logindex: events,
})
const tell = (...news: CloudEvent[]) => notify.handle(t.door.node, tenant, news)
/** What was really announced of a thing, as the dispatcher would hand it on. */
const announced = async (type: string, about: string): Promise<CloudEvent[]> => {
  const rows = await t.database.transaction(tenant, (tx) =>
    tx.query<{ subject: string; data: Record<string, unknown> }>('SELECT subject, data FROM work.outbox WHERE type = $1 AND subject = $2', [type, about]),
  )
  return rows.map(({ subject, data }) => event(type, subject, data))
}
const inbox = async (who: Principal, show = 'all') => done(listNotifications, { show }, who)
const kindsIn = async (who: Principal) => (await inbox(who)).data.map(({ kind }: { kind: string }) => kind)
const post = (job: { data: Readonly<Record<string, unknown>> } | undefined) => {
  const { tenant: _, ...input } = job?.data ?? {}
  return t.door.enter(sendNotification, input as never, systemPrincipal(tenant))
}
const jobsFor = (who: Principal) => t.enqueued.filter(({ queue, data }) => queue === mailQueue && data.user === who.id)

/** The account of a person whose records are kept. */
async function person(number: number, name: string) {
  const subject = `01980000-0000-7000-8000-00000000c00${number}` as Id<'subject'>
  const id = `01980000-0000-7000-9000-0000000ffff${number}` as Id<'user'>
  const now = new Date(t.clock.nowMs()).toISOString() as never
  await t.database.transaction(tenant, async (tx) => {
    const email = `${name.toLowerCase()}@example.org`
    await insertUser(tx, { tenant_id: tenant, id, email, name, roles: ['person'], created_at: now, partner_id: null, subject_id: subject })
    await insertAccount(tx, tenant, { id, userId: id, providerId: 'credential', accountId: id, password: null }, now)
  })
  return { subject, now, who: t.principal({ id, tenant, roles: ['person'], subject }) }
}

describe('of a review', () => {
  it('those are told whose vote is waited for, and no author, stranger or colleague who has handed the seat over', async () => {
    const { ada, ben, cy, dan, eve } = await scene()
    await done(delegateSeat, { to: eve.id, ends_at: new Date(t.clock.nowMs() + 86_400_000).toISOString() }, dan)
    const review = await ask(ada)
    await tell(event('approvals.review_requested', review.id))
    for (const who of [ben, cy, eve]) expect(await inbox(who)).toMatchObject({ unread: 1, data: [{ kind: 'review_waits', object: review.id, read_at: null }] })
    for (const who of [ada, dan]) expect(await inbox(who)).toMatchObject({ unread: 0, data: [] })
  })

  it('nobody is told twice, of the same event or of what is unread', async () => {
    const { ada, ben } = await scene()
    const review = await ask(ada)
    const once = event('approvals.review_requested', review.id)
    await tell(once)
    await tell(once, event('approvals.review_resubmitted', review.id))
    expect((await inbox(ben)).data).toHaveLength(1)
    expect(jobsFor(ben)).toHaveLength(1)
    await done(markNotifications, { object: review.id }, ben)
    await tell(once)
    expect(await inbox(ben)).toMatchObject({ unread: 0, data: [{}] })
    await tell(event('approvals.review_resubmitted', review.id))
    expect(await inbox(ben)).toMatchObject({ unread: 1, data: [{}, {}] })
  })

  it('a process that dies while it tells has told nobody, and tells all when it is handed the events again', async () => {
    const { ada, ben, cy } = await scene()
    const review = await ask(ada)
    const news = [event('approvals.review_requested', review.id), event('approvals.delegated', review.id, { to: 'no user id' })]
    await expect(tell(...news)).rejects.toThrow()
    expect(await inbox(ben)).toMatchObject({ unread: 0 })
    await tell(...news.slice(0, 1))
    for (const who of [ben, cy]) expect(await inbox(who)).toMatchObject({ unread: 1 })
  })

  it('the author is told of its end, and what waited is seen to', async () => {
    const { ada, ben, cy } = await scene()
    const review = await ask(ada)
    await tell(event('approvals.review_requested', review.id))
    await vote(review, ben)
    await vote(review, cy)
    await tell(event('approvals.review_approved', review.id))
    expect(await kindsIn(ada)).toEqual(['review_ended'])
    expect(await inbox(ben)).toMatchObject({ unread: 0 })
  })

  it('voters are told when votes differ', async () => {
    const { ada, ben, cy, dan } = await scene()
    const review = await ask(ada)
    await vote(review, ben)
    await vote(review, cy, 'reject')
    await tell(event('approvals.review_disclosed', review.id))
    expect([await kindsIn(ben), await kindsIn(cy), await kindsIn(dan)]).toEqual([['review_differs'], ['review_differs'], []])
  })

  it('a comment is told of to those who may read it', async () => {
    const { ada, ben, cy, dan } = await scene()
    const review = await ask(ada)
    const said = (by: Principal, visibility: string) => event('approvals.review_commented', review.id, { by: by.id, visibility })
    await done(commentOnReview, { review: review.id, visibility: 'public', text: 'Why?' }, ben)
    // While votes are hidden that somebody commented is hidden too.
    await tell(said(ben, 'public'))
    for (const who of [ada, cy, dan]) expect(await kindsIn(who)).toEqual([])
    await tell(said(ada, 'public'))
    for (const who of [ben, cy, dan]) expect(await kindsIn(who)).toEqual(['review_said'])
    await vote(review, ben)
    await vote(review, cy, 'changes_requested')
    await tell(said(ben, 'private'))
    expect(await kindsIn(ada)).toEqual([])
    await tell(said(ben, 'public'))
    expect(await kindsIn(ada)).toEqual(['review_said'])
  })

  it('whatever the event, the author is never told that a vote is waited for', () => {
    for (const type of toldOf) {
      if (!type.startsWith('approvals.review_')) continue
      const told = ofReview({ type, data: { by: 'ben', visibility: 'private' } }, 'x', {
        author: 'ada',
        voters: ['ben'],
        waitedFor: ['cy'],
        blinded: true,
        state: 'submitted',
      })
      if (told.kind !== 'review_ended') expect(told.users).not.toContain('ada')
    }
  })
})

describe('of a deadline', () => {
  it('those who are waited for are reminded once in a round, two days before or at half the time', async () => {
    const { ada, ben, cy } = await scene()
    const review = await ask(ada)
    await vote(review, ben)
    t.clock.advance(8 * 86_400_000 - 1)
    await remindOfDeadlines(t.door.node, tenant)
    expect(await announced('approvals.review_due', review.id)).toEqual([])
    t.clock.advance(1)
    await remindOfDeadlines(t.door.node, tenant)
    await remindOfDeadlines(t.door.node, tenant)
    const due = await announced('approvals.review_due', review.id)
    expect(due).toHaveLength(1)
    await tell(...due)
    expect([await kindsIn(ada), await kindsIn(ben), await kindsIn(cy)]).toEqual([[], [], ['review_due']])
  })
})

describe('of an act that needs two', () => {
  const rule = (days: number) => ({ kind: 'membership', panels: [{ kind: 'role', id: 'officer', quorum: 1 }], deadline_days: days, demanded: true })
  /** Asks as the first of two; gives the approval. */
  async function first(who: Principal, days: number): Promise<string> {
    expect(await refused(setReviewRule, rule(days), who)).toBe('pending')
    const rows = await t.database.transaction(tenant, (tx) =>
      tx.query<{ id: string }>("SELECT id FROM approvals.approval WHERE author = $1 AND state = 'open' ORDER BY id DESC LIMIT 1", [who.id]),
    )
    return rows[0]?.id ?? ''
  }

  it('those are told who have the right and have not asked; the author when it happens', async () => {
    const [anna, ben, carl] = [await staff(['officer']), await staff(['officer']), await staff(['researcher'])]
    const approval = await first(anna, 21)
    await tell(...(await announced('approvals.asked', approval)))
    expect([await kindsIn(anna), await kindsIn(ben), await kindsIn(carl)]).toEqual([[], ['approval_waits'], []])
    expect(jobsFor(ben)).toHaveLength(1)
    await post(jobsFor(ben)[0])
    expect(t.letters[0]?.text).toContain(`http://127.0.0.1:5000/governance/approvals/${approval}`)
    for (const personal of [anna.id, 'Person', 'membership', 'review_rule']) expect(JSON.stringify(t.letters)).not.toContain(personal)
    await done(setReviewRule, rule(21), ben)
    await tell(...(await announced('approvals.completed', approval)))
    expect([await kindsIn(anna), await inbox(ben)]).toMatchObject([['approval_ended'], { unread: 0 }])
  })

  it('they are reminded six hours before the end, and the author is told when it runs out or is taken back by another', async () => {
    const [anna, ben] = [await staff(['officer']), await staff(['officer'])]
    const approval = await first(anna, 22)
    t.clock.advance(18 * 3_600_000 - 1)
    await remindOfDeadlines(t.door.node, tenant)
    expect(await announced('approvals.due', approval)).toEqual([])
    t.clock.advance(1)
    await remindOfDeadlines(t.door.node, tenant)
    await remindOfDeadlines(t.door.node, tenant)
    const due = await announced('approvals.due', approval)
    expect(due).toHaveLength(1)
    await tell(...due)
    expect([await kindsIn(anna), await kindsIn(ben)]).toEqual([[], ['approval_due']])
    t.clock.advance(6 * 3_600_000)
    await expireApprovals(t.door.node, tenant)
    await tell(...(await announced('approvals.expired', approval)))
    expect([await kindsIn(anna), await inbox(ben)]).toMatchObject([['approval_ended'], { unread: 0 }])
    const second = await first(anna, 23)
    await done(withdrawApproval, { approval: second }, ben)
    await tell(...(await announced('approvals.withdrawn', second)))
    expect(await inbox(anna)).toMatchObject({ unread: 2 })
    const third = await first(anna, 24)
    await done(withdrawApproval, { approval: third }, anna)
    await tell(...(await announced('approvals.withdrawn', third)))
    expect(await inbox(anna)).toMatchObject({ unread: 2 })
  })
})

describe('of an emergency', () => {
  it('administrators and officers are told at once, by a letter that nobody can turn off', async () => {
    const [admin, officer, other] = [await staff(['administrator']), await staff(['officer']), await staff(['auditor'])]
    expect(await refused(setPreference, { kind: 'emergency_taken', mail: 'off' }, admin)).toBe('preference-fixed')
    await tell(event('access.glass_broken', '01980000-0000-7000-8000-00000000e001', { emergency: 'x' }))
    expect([await kindsIn(admin), await kindsIn(officer), await kindsIn(other)]).toEqual([['emergency_taken'], ['emergency_taken'], []])
    const [job] = jobsFor(admin)
    await done(markNotifications, {}, admin)
    expect(await post(job)).toMatchObject({ outcome: 'done', output: { sent: true } })
    expect(t.letters).toMatchObject([{ subject: 'An emergency right was taken' }])
  })
})

describe('a person whose records are kept', () => {
  it('is told of the own consents, sees nothing of anybody else’s, and takes the inbox along when erased', async () => {
    const { subject, now, who: carla } = await person(1, 'Carla')
    await tell(event('consents.withdrawn', '01980000-0000-7000-8000-00000000c0ff', { subject }))
    expect(await kindsIn(carla)).toEqual(['consent_changed'])
    expect((await done(readPreferences, {}, carla)).data).toEqual(
      ['consent_changed', 'request_advanced', 'request_late'].map((kind) => ({ kind, mail: 'at_once', fixed: false })),
    )
    expect(await refused(setPreference, { kind: 'review_waits', mail: 'off' }, carla)).toBe('preference-fixed')
    await done(setPreference, { kind: 'consent_changed', mail: 'off' }, carla)
    const counts = await t.database.transaction(tenant, (tx) => notificationsEraser.eraseSubject(tx, t.door.node, { tenant, subject, now }))
    expect(counts).toEqual({ 'notifications.notification': 1, 'notifications.preference': 1 })
    expect(await inbox(carla)).toMatchObject({ data: [], unread: 0 })
  })
})

describe('of what a person asked for', () => {
  it('the person hears of each step, and whoever may answer while there is time and when it is over', async () => {
    const { subject, who: dora } = await person(2, 'Dora')
    const [officer, auditor] = [await staff(['officer']), await staff(['auditor'])]
    const about = (news: string, data: object = {}) => event(`requests.${news}`, 'request-1', { subject, ...data })
    await tell(about('received'), about('due'))
    expect([(await kindsIn(officer)).toSorted(), await kindsIn(auditor), await kindsIn(dora)]).toEqual([['request_due', 'request_received'], [], []])
    await tell(about('overdue'))
    expect((await inbox(officer, 'unread')).data.map(({ kind }: { kind: string }) => kind).toSorted()).toEqual(['request_overdue', 'request_received'])
    expect(await refused(setPreference, { kind: 'request_overdue', mail: 'off' }, officer)).toBe('preference-fixed')
    expect(await kindsIn(dora)).toEqual(['request_late'])
    await tell(about('advanced', { state: 'done' }))
    expect(await inbox(officer)).toMatchObject({ unread: 0 })
    expect((await kindsIn(dora)).toSorted()).toEqual(['request_advanced', 'request_late'])
    for (const job of jobsFor(dora)) await post(job)
    for (const personal of ['Dora', subject, 'request-1']) expect(JSON.stringify(t.letters.map(({ subject: of, text }) => [of, text]))).not.toContain(personal)
  })
})

describe('a letter', () => {
  it('names nobody and nothing: a kind, a link and where to turn it off', async () => {
    const { ada, ben } = await scene()
    const review = await ask(ada)
    await tell(event('approvals.review_requested', review.id))
    await post(jobsFor(ben)[0])
    expect(t.letters).toHaveLength(1)
    const { to, subject, text } = t.letters[0]!
    expect(to).toMatch(/@example.org$/)
    expect([subject, text].join()).toContain(`http://127.0.0.1:5000/governance/reviews/${review.id}`)
    for (const personal of [ada.id, at.object, digest('a'), 'Person', to]) expect([subject, text].join()).not.toContain(personal)
    expect(JSON.stringify([t.entries, t.logLines])).not.toContain(to)
  })

  it('comes in the language that its reader reads, and in English until that is known', async () => {
    const { ada, ben, cy } = await scene()
    expect((await done(readPreferences, {}, ben)).language).toBe('en')
    expect((await done(setLanguage, { language: 'es' }, ben)).language).toBe('es')
    await expect(done(setLanguage, { language: 'xx' as never }, ben)).rejects.toThrow()
    const review = await ask(ada)
    await tell(event('approvals.review_requested', review.id))
    await post(jobsFor(ben)[0])
    await post(jobsFor(cy)[0])
    expect(t.letters.map(({ subject }) => subject)).toEqual(['Una revisión le espera', 'A review waits for you'])
    expect(t.letters[0]?.text).toContain('Puede elegir qué se le comunica')
  })

  it('leaves once, and not at all where it was read, the account is closed or nobody wants it', async () => {
    const { ada, ben, cy, dan } = await scene()
    await done(setPreference, { kind: 'review_waits', mail: 'off' }, dan)
    const review = await ask(ada)
    await tell(event('approvals.review_requested', review.id))
    expect(jobsFor(dan)).toEqual([])
    await post(jobsFor(ben)[0])
    await post(jobsFor(ben)[0])
    expect(t.letters).toHaveLength(1)
    const [job] = jobsFor(cy)
    await done(markNotifications, {}, cy)
    await post(job)
    await change(cy, [], true)
    await post(job)
    expect(t.letters).toHaveLength(1)
  })

  it('is tried again while the mail server is away, and in the end is dead', async () => {
    const { ada, ben } = await scene()
    const review = await ask(ada)
    await tell(event('approvals.review_requested', review.id))
    const away = vi.spyOn(t.door.node.mail, 'send').mockRejectedValue(new MailError('away'))
    for (let attempt = 0; attempt < attemptsMax; attempt++)
      await expect(post(jobsFor(ben)[0])).rejects.toMatchObject({ kind: { type: '/problems/notifications/letter-failed' } })
    away.mockRestore()
    expect(await post(jobsFor(ben)[0])).toMatchObject({ output: { sent: false } })
    expect(t.letters).toEqual([])
    expect(await inbox(ben)).toMatchObject({ unread: 1 })
  })

  it('gathers a day where that is preferred, once, in the institution’s morning', async () => {
    const { ada, ben, ethics } = await scene()
    await done(setPreference, { kind: 'review_waits', mail: 'digest' }, ben)
    for (const name of ['x', 'y']) {
      at.object = `digest-${name}`
      things.set(at.object, { digest: digest('a'), makers: [], panels: [{ kind: 'team', id: ethics, quorum: 1 }] })
      await tell(event('approvals.review_requested', (await ask(ada)).id))
    }
    expect(jobsFor(ben)).toEqual([])
    await gatherDigests(t.door.node, tenant, 'UTC')
    await gatherDigests(t.door.node, tenant, 'UTC')
    const jobs = jobsFor(ben)
    expect(jobs).toHaveLength(1)
    await post(jobs[0])
    await post(jobs[0])
    expect(t.letters).toMatchObject([{ subject: '2 new in your inbox' }])
  })

  it('of a day begins at six in the morning there', () => {
    const atUtc = (hour: number) => Date.UTC(2026, 10, 22, hour)
    expect([dayOf(atUtc(5), 'UTC'), dayOf(atUtc(6), 'UTC'), dayOf(atUtc(4), 'Europe/Vienna'), dayOf(atUtc(5), 'Europe/Vienna')]).toEqual([
      '2026-11-21',
      '2026-11-22',
      '2026-11-21',
      '2026-11-22',
    ])
  })
})

describe('an inbox', () => {
  it('is one’s own: nobody reads or marks another’s', async () => {
    const { ada, ben, eve } = await scene()
    const review = await ask(ada)
    await tell(event('approvals.review_requested', review.id))
    const mine = (await inbox(ben)).data[0]
    await done(markNotifications, { notifications: [mine.id] }, eve)
    expect(await inbox(ben)).toMatchObject({ unread: 1 })
    expect(await done(markNotifications, { notifications: [mine.id] }, ben)).toEqual({ unread: 0 })
    expect((await inbox(ben, 'unread')).data).toEqual([])
  })

  it('keeps the newest, and nothing for ever', async () => {
    const who = await staff()
    const many = Array.from({ length: perUserMax + 5 }, (_, n) => {
      const tail = n.toString(16).padStart(8, '0')
      return {
        user: who.id,
        id: `01980000-0000-7000-8000-0001${tail}` as never,
        subject: null,
        event: `01980000-0000-7000-8000-0002${tail}` as never,
        kind: 'seat_handed' as const,
        object: String(n),
        mail: 'off' as const,
      }
    })
    const now = new Date(t.clock.nowMs()).toISOString() as never
    await t.database.transaction(tenant, async (tx) => {
      await insertNotifications(tx, many, now)
      await capInboxes(tx, [who.id], perUserMax)
    })
    expect(await inbox(who)).toMatchObject({ unread: perUserMax })
    t.clock.advance(keptDays * 86_400_000)
    expect(await inbox(who)).toMatchObject({ unread: 0, data: [] })
    await t.database.transaction('node', (tx) => forgetOld(tx, now))
    const left = await t.database.transaction(tenant, (tx) => tx.query('SELECT 1 FROM notifications.notification WHERE user_id = $1', [who.id]))
    expect(left).toEqual([])
  })

  it('has words for each kind and language that say what to do, none the same in two', () => {
    for (const name of kindNames) {
      const said = Object.values(words).map(({ kinds: { [name]: one } }) => one)
      for (const { subject, says } of said) expect([name, subject.length > 10, says.length > 10]).toEqual([name, true, true])
      expect(new Set(said.map(({ says }) => says)).size, name).toBe(said.length)
      expect(kinds[name].path('x')).toMatch(/^\/[a-z]/)
    }
  })
})

it('that people were told is an entry with a count, and no name', async () => {
  const { ada, ben } = await scene()
  const review = await ask(ada)
  await tell(event('approvals.review_requested', review.id))
  const rows = await t.database.transaction(tenant, (tx) =>
    tx.query<{ body: string }>(
      `SELECT convert_from(body, 'UTF8') AS body FROM ledger.entry WHERE convert_from(body, 'UTF8') LIKE '%notifications.tell%' ORDER BY id DESC LIMIT 1`,
    ),
  )
  expect(JSON.parse(rows[0]?.body ?? '{}')).toMatchObject({ type: 'notifications.tell', details: { notifications: 3 } })
  expect(rows[0]?.body).not.toContain(ben.id)
})
