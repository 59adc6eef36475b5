/** What people ask for under the law: their clock, the steps of the staff, and what a restriction does to releases. */
import { anonymous, type Principal } from '@gatehouse/runtime/base/context'
import type { AnyOperation } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { advanceRequest, liftRestriction } from '../../governance/requests/advance.ts'
import { tellOfDeadlines } from '../../governance/requests/deadlines.ts'
import { listRequestsOfPeople } from '../../governance/requests/list.ts'
import { makeRequest, myRequests } from '../../governance/requests/mine.ts'
import { requestsProblems } from '../../governance/requests/problems.ts'
import { openMax } from '../../governance/requests/schema.ts'
import { updateSettings } from '../../governance/requests/settings.ts'
import { care, openReports, personalName, type ReportsNode } from '../../insight/reports/testing/reports.ts'
import { eraseSubject, findSubject, registerSubjects, type Subject } from '../../subjects/index.ts'
import { authorize } from './authorize.ts'
import { ownData } from './own-data.ts'
import { redeem } from './redeem.ts'

const start = Date.UTC(2026, 10, 22, 9, 30)
let t: ReportsNode
let jane: Principal
let count = 0
beforeAll(async () => {
  t = await openReports()
})
afterAll(() => t.close())
beforeEach(async () => {
  t.clock.set(start)
  const name = `jane-${++count}`
  jane = account((await t.database.transaction(t.tenant, (tx) => registerSubjects(tx, t.door.node, [name]))).get(name) as Subject)
})

const account = (subject: Subject) => t.principal({ id: `01980000-0000-7000-8000-${subject.id.slice(-12)}`, roles: ['person'], subject: subject.id })
const known = async (userId: string) => account((await t.database.transaction(t.tenant, (tx) => findSubject(tx, t.door.node, userId))) as Subject)
const refused = async (operation: AnyOperation, input: unknown, principal: Principal = t.officer) => {
  const answer = await t.door.enter(operation, input, principal)
  return answer.outcome === 'refused' ? answer.problem.kind : answer.outcome
}
const make = async (kind = 'rectification', principal = jane, words = 'My street is wrong') => t.done(makeRequest, { kind, words }, principal)
const step = (request: string, name: string, reason?: string) => t.done(advanceRequest, { request, step: name, ...(reason === undefined ? {} : { reason }) })
const grant = async (kind: string, principal: Principal) => {
  const { id } = await make(kind, principal)
  await step(id, 'identify')
  await step(id, 'begin')
  await step(id, 'complete', 'Done.')
  return id
}
const authorized = () => t.door.enter(authorize, { partner_id: 'harbour-bank', user_id: 'C-1', purpose: care }, t.harbour)

describe('a request is refused', () => {
  it('to staff and partners, who are no persons concerned, and of an erased person', async () => {
    for (const principal of [t.officer, t.harbour, t.principal({ roles: ['person'] })])
      await expect(t.door.enter(makeRequest, { kind: 'access' }, principal)).rejects.toMatchObject({ kind: doorProblems.not_allowed })
    await t.database.transaction(t.tenant, (tx) => eraseSubject(tx, jane.subject as never))
    expect(await refused(makeRequest, { kind: 'access' }, jane)).toBe(doorProblems.not_found)
  })

  it('beyond as many as may be open at once', async () => {
    for (let n = 0; n < openMax; n++) await make()
    expect(await refused(makeRequest, { kind: 'access' }, jane)).toBe(requestsProblems.too_many_open)
  })

  it('a step that is not its turn, that leaves the person untold, or by whom it is not for', async () => {
    const { id } = await make()
    for (const name of ['begin', 'extend', 'complete'] as const)
      expect(await refused(advanceRequest, { request: id, step: name, reason: 'x' })).toBe(requestsProblems.not_now)
    await step(id, 'identify')
    for (const name of ['extend', 'complete', 'refuse'] as const)
      await expect(t.door.enter(advanceRequest, { request: id, step: name }, t.officer)).rejects.toMatchObject({ kind: requestsProblems.reason_needed })
    for (const principal of [jane, t.auditor, t.harbour])
      await expect(t.door.enter(advanceRequest, { request: id, step: 'begin' }, principal)).rejects.toMatchObject({ kind: doorProblems.not_allowed })
    expect(await refused(advanceRequest, { request: '0198c1de-7b3a-7c4d-8e5f-00000000dead', step: 'begin' })).toBe(doorProblems.not_found)
    const both = await Promise.all([1, 2].map(() => t.door.enter(advanceRequest, { request: id, step: 'begin' }, t.officer)))
    expect(both.map(({ outcome }) => outcome).toSorted()).toEqual(['done', 'refused'])
    expect(await refused(liftRestriction, { request: id, reason: 'x' })).toBe(requestsProblems.not_restricted)
  })
})

describe('the clock', () => {
  it('is one month from receipt, is extended once by two with a reason, and never after its end', async () => {
    const first = await make()
    expect(first).toMatchObject({ state: 'received', received_at: '2026-11-22T09:30:00.000Z', due_at: '2026-12-22T09:30:00.000Z', overdue: false })
    await step(first.id, 'identify')
    expect(await step(first.id, 'extend', 'Several archives')).toMatchObject({ state: 'extended', due_at: '2027-02-22T09:30:00.000Z' })
    expect(await refused(advanceRequest, { request: first.id, step: 'extend', reason: 'again' })).toBe(requestsProblems.not_now)
    // Ids grow with time, and the newest is listed first.
    t.clock.advance(1000)
    const second = await make('access')
    await step(second.id, 'identify')
    t.clock.set(Date.UTC(2026, 11, 22, 9, 30, 1))
    expect(await refused(advanceRequest, { request: second.id, step: 'extend', reason: 'late' })).toBe(requestsProblems.too_late_to_extend)
    expect((await t.done(myRequests, {}, jane)).requests).toMatchObject([
      { id: second.id, overdue: true },
      { id: first.id, overdue: false, extension_reason: 'Several archives' },
    ])
  })

  it('is the institution’s for what comes in from then on, and moves no promise', async () => {
    const before = await make()
    await t.done(updateSettings, { answer_months: 2, extension_months: 0 })
    expect((await make('access')).due_at).toBe('2027-01-22T09:30:00.000Z')
    expect((await t.done(myRequests, {}, jane)).requests.find((one: { id: string }) => one.id === before.id).due_at).toBe('2026-12-22T09:30:00.000Z')
    await t.done(updateSettings, { answer_months: 1, extension_months: 2 })
  })

  it('orders the queue, and pages through it', async () => {
    t.clock.set(start - 10 * 86_400_000)
    const older = await make('access')
    t.clock.set(start)
    await make('erasure')
    const first = await t.done(listRequestsOfPeople, { limit: 1 })
    expect(first.data[0].id).toBe(older.id)
    const all = [...first.data]
    for (let { next } = first; next !== null; ) {
      const page = await t.done(listRequestsOfPeople, { limit: 50, cursor: next })
      all.push(...page.data)
      next = page.next
    }
    const due = all.map(({ due_at }: { due_at: string }) => due_at)
    expect(due).toEqual(due.toSorted())
    expect(new Set(all.map(({ id }: { id: string }) => id)).size).toBe(all.length)
    await step(older.id, 'refuse', 'It was answered before.')
    expect((await t.done(listRequestsOfPeople, { closed: 'true' })).data).toMatchObject([{ id: older.id, state: 'refused' }])
  })
})

describe('before and after its end', () => {
  const news = async (request: string) => {
    const rows = await t.database.transaction(t.tenant, (tx) =>
      tx.query<{ type: string; body: Uint8Array }>(
        "SELECT type, body FROM ledger.entry WHERE object_kind = 'rights_request' AND object_id = $1 AND type IN ('requests.due', 'requests.overdue') ORDER BY id",
        [request],
      ),
    )
    return rows.map(({ type }) => type)
  }
  const look = () => tellOfDeadlines(t.door.node, t.tenant)

  it('each is told once: a week before, and when it is over; an extension is another promise, an answer ends it', async () => {
    const [late, extended, answered] = [await make(), await make('access'), await make('objection')]
    for (const { id } of [extended, answered]) await step(id, 'identify')
    await look()
    expect(await news(late.id)).toEqual([])
    t.clock.set(Date.UTC(2026, 11, 15, 9, 30))
    await look()
    await look()
    expect(await news(late.id)).toEqual(['requests.due'])
    await step(extended.id, 'extend', 'Several archives')
    await step(answered.id, 'refuse', 'It is not about you')
    t.clock.set(Date.UTC(2026, 11, 22, 9, 30))
    await look()
    await look()
    expect([await news(late.id), await news(extended.id), await news(answered.id)]).toEqual([
      ['requests.due', 'requests.overdue'],
      ['requests.due'],
      ['requests.due'],
    ])
    t.clock.set(Date.UTC(2027, 1, 15, 9, 30))
    await look()
    expect(await news(extended.id)).toEqual(['requests.due', 'requests.due'])
  })
})

describe('a person', () => {
  it('reads reason and answer, and nobody else’s; neither ledger nor log keeps a word', async () => {
    const { id } = await make('rectification', jane, 'I live in Quetzal Lane')
    await step(id, 'refuse', 'The street is right as it stands')
    expect((await t.done(myRequests, {}, jane)).requests).toMatchObject([
      { id, state: 'refused', answer: 'The street is right as it stands', words: 'I live in Quetzal Lane' },
    ])
    expect((await t.done(myRequests, {}, await known('C-2'))).requests).toEqual([])
    const kept = await t.database.transaction(t.tenant, async (tx) => [
      await tx.query("SELECT convert_from(body, 'UTF8') AS body FROM ledger.entry"),
      await tx.query('SELECT data FROM work.outbox'),
    ])
    expect(JSON.stringify([kept, t.logLines])).not.toMatch(/Quetzal Lane|street/)
  })

  it('downloads everything that is kept, and nobody else does', async () => {
    const data = await t.done(ownData, {}, await known('C-1'))
    expect(data.records).toEqual([{ record_type: 'customer', record: { given_name: personalName, email: 'zq@example.org' } }])
    expect((await t.done(ownData, {}, jane)).records).toEqual([])
    for (const principal of [t.officer, t.harbour, t.principal({ roles: ['person'] })])
      await expect(t.door.enter(ownData, {}, principal)).rejects.toMatchObject({ kind: doorProblems.not_allowed })
  })
})

describe('a restriction that is granted', () => {
  it('refuses releases at asking and at redeeming until it is lifted, and the person still reads the own data', async () => {
    const person = await known('C-1')
    const answer = await authorized()
    const { token } = (answer as { output: { token: string } }).output
    const id = await grant('restriction', person)
    t.clock.advance(1000)
    expect(await authorized()).toMatchObject({ outcome: 'refused', problem: { extensions: { reasons: [{ code: 'not_available' }] } } })
    expect(await t.door.enter(redeem, { token }, anonymous)).toMatchObject({ outcome: 'refused' })
    expect((await t.done(ownData, {}, person)).records).toHaveLength(1)
    expect((await t.done(myRequests, {}, person)).requests).toMatchObject([{ restricts: true }])
    await t.done(liftRestriction, { request: id, reason: 'It was corrected.' })
    expect((await authorized()).outcome).toBe('done')
    expect(await refused(liftRestriction, { request: id, reason: 'again' })).toBe(requestsProblems.not_restricted)
  })

  it('is no other request that was granted, and none that was refused', async () => {
    const person = await known('C-1')
    await grant('objection', person)
    const { id } = await make('restriction', person)
    await step(id, 'refuse', 'No ground of article 18.')
    expect((await authorized()).outcome).toBe('done')
  })
})
