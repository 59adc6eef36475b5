/** Opt-outs at the steps that act: asking, redeeming and reading by staff. */
import type { Id } from '@gatehouse/core/id'
import { anonymous, type Principal } from '@gatehouse/runtime/base/context'
import type { AnyOperation } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { optedOut } from '../../governance/consents/index.ts'
import { bindPurpose, exemptions, exemptPurpose } from '../../governance/consents/opt-outs/exempt.ts'
import { importOptOuts } from '../../governance/consents/opt-outs/import.ts'
import { liftMyOptOut, myOptOuts, setMyOptOut } from '../../governance/consents/opt-outs/mine.ts'
import { liftPersonsOptOut, recordOptOut, searchOptOuts } from '../../governance/consents/opt-outs/staff.ts'
import { consentsProblems } from '../../governance/consents/problems.ts'
import { importMax } from '../../governance/consents/schema.ts'
import { care, marketing, openReports, type ReportsNode } from '../../insight/reports/testing/reports.ts'
import { eraseSubject, findSubject, registerSubjects, type Subject } from '../../subjects/index.ts'
import { authorize } from './authorize.ts'
import { readRecord } from './read-record.ts'
import { redeem } from './redeem.ts'

let t: ReportsNode
let one: Subject
beforeAll(async () => {
  t = await openReports()
  one = (await find('C-1')) as Subject
})
afterAll(() => t.close())
beforeEach(async () => {
  const { opt_outs } = await t.done(searchOptOuts, { user_id: 'C-1' })
  for (const { id, lifted_at } of opt_outs) if (lifted_at === null) await t.done(liftPersonsOptOut, { opt_out: id, user_id: 'C-1' })
  t.clock.advance(1000)
})

const find = (userId: string) => t.database.transaction(t.tenant, (tx) => findSubject(tx, t.door.node, userId))
const account = (subject: Subject) => t.principal({ id: '01980000-0000-7000-8000-0000000000bb', roles: ['person'], subject: subject.id })
/** Ids grow with time, so that the newest entry is found. */
const ask = (partner: Principal, reference: string, purpose: string, user_id = 'C-1') => {
  t.clock.advance(1)
  return t.door.enter(authorize, { partner_id: reference, user_id, purpose }, partner)
}
const careAsked = (user?: string) => ask(t.harbour, 'harbour-bank', care, user)
const offersAsked = () => ask(t.quay, 'quay-clinic', marketing)
const answered = (answer: Awaited<ReturnType<typeof ask>>) => (answer.outcome === 'refused' ? answer.problem.document() : answer.outcome)
const logged = async () => {
  const rows = await t.database.transaction(t.tenant, (tx) => tx.query<{ body: Uint8Array }>('SELECT body FROM ledger.entry ORDER BY id DESC LIMIT 1'))
  return JSON.parse(Buffer.from(rows[0]?.body ?? '{}').toString()) as { type: string; details: { reasons: string[] } }
}
const refused = async (operation: AnyOperation, input: unknown, principal: Principal) => {
  const answer = await t.door.enter(operation, input, principal)
  return answer.outcome === 'refused' ? answer.problem.kind : answer.outcome
}

describe('whoever has opted out', () => {
  it('of everything is refused to partners and staff on any ground, looks unknown to the partner, and the log says why', async () => {
    await t.done(setMyOptOut, { opt_out: { scope: 'all' } }, account(one))
    const unknown = answered(await careAsked('nobody-knows'))
    for (const asked of [careAsked, offersAsked]) {
      const answer = await asked()
      expect(answered(answer)).toMatchObject({ status: 403, reasons: [{ code: 'not_available' }] })
    }
    expect({ ...(answered(await careAsked()) as object), instance: '' }).toEqual({ ...(unknown as object), instance: '' })
    expect((await logged()).details.reasons).toEqual(['opted_out'])
    t.clock.advance(1)
    expect(await refused(readRecord, { user_id: 'C-1', purpose: care }, t.officer)).not.toBe('done')
    expect((await logged()).details.reasons).toEqual(['opted_out'])
  })

  it('of a purpose is refused for it and not for another, and of a kind of data for that', async () => {
    await t.done(setMyOptOut, { opt_out: { scope: 'purpose', purpose: 'dpv:Marketing' } }, account(one))
    expect((await offersAsked()).outcome).toBe('refused')
    expect((await careAsked()).outcome).toBe('done')
    await t.done(setMyOptOut, { opt_out: { scope: 'data_class', data_class: 'another' } }, account(one))
    expect((await careAsked()).outcome).toBe('done')
    await t.done(setMyOptOut, { opt_out: { scope: 'data_class', data_class: 'customer' } }, account(one))
    expect((await careAsked()).outcome).toBe('refused')
  })

  it('between asking and redeeming finds the token burned', async () => {
    const answer = await careAsked()
    if (answer.outcome !== 'done') throw new Error('not granted')
    const { token } = answer.output as { token: string }
    await t.done(setMyOptOut, { opt_out: { scope: 'all' } }, account(one))
    t.clock.advance(1)
    expect(await t.door.enter(redeem, { token }, anonymous)).toMatchObject({ outcome: 'refused' })
    expect(await logged()).toMatchObject({ type: 'release.redeem', details: { reasons: ['opted_out'] } })
    const { opt_outs } = await t.done(myOptOuts, {}, account(one))
    await t.done(liftMyOptOut, { opt_out: opt_outs[0].id }, account(one))
    expect(await t.door.enter(redeem, { token }, anonymous)).toMatchObject({ outcome: 'refused' })
    expect((await careAsked()).outcome).toBe('done')
  })

  it('is bound by no purpose that the law exempts, from the moment on at which the institution says so', async () => {
    await t.done(setMyOptOut, { opt_out: { scope: 'all' } }, account(one))
    await t.done(exemptPurpose, { purpose: care, law: 'Banking Act § 23' })
    expect((await careAsked()).outcome).toBe('done')
    expect((await offersAsked()).outcome).toBe('refused')
    expect((await t.done(myOptOuts, {}, account(one))).exempt).toEqual([{ purpose: care, label: 'Service Provision', law: 'Banking Act § 23' }])
    await t.done(bindPurpose, { purpose: care })
    expect((await careAsked()).outcome).toBe('refused')
    expect((await t.done(exemptions, {})).data).toEqual([])
  })
})

describe('an opt-out is refused', () => {
  it('that is set already, of a purpose that nobody knows, and to whom it does not belong', async () => {
    const { id } = await t.done(setMyOptOut, { opt_out: { scope: 'all' } }, account(one))
    expect(await refused(setMyOptOut, { opt_out: { scope: 'all' } }, account(one))).toBe(consentsProblems.opted_out_already)
    await expect(t.door.enter(setMyOptOut, { opt_out: { scope: 'purpose', purpose: 'nothing' } }, account(one))).rejects.toMatchObject({
      kind: consentsProblems.opt_out_refused,
      errors: [{ pointer: '/opt_out/purpose' }],
    })
    const two = (await find('C-2')) as Subject
    expect(await refused(liftMyOptOut, { opt_out: id }, account(two))).toBe(doorProblems.not_found)
    expect(await refused(liftPersonsOptOut, { opt_out: id, user_id: 'C-2' }, t.officer)).toBe(doorProblems.not_found)
    for (const principal of [t.officer, t.principal({ roles: ['person'] }), t.harbour])
      await expect(t.door.enter(setMyOptOut, { opt_out: { scope: 'all' } }, principal)).rejects.toMatchObject({ kind: doorProblems.not_allowed })
    for (const principal of [account(one), t.auditor])
      await expect(t.door.enter(recordOptOut, { user_id: 'C-2', opt_out: { scope: 'all' } }, principal)).rejects.toMatchObject({
        kind: doorProblems.not_allowed,
      })
    await expect(t.door.enter(exemptPurpose, { purpose: 'nothing', law: 'x' }, t.officer)).rejects.toMatchObject({ kind: consentsProblems.opt_out_refused })
  })
})

describe('many opt-outs', () => {
  it('are imported once each with an entry of their own, or none of them, and the erased are passed over', async () => {
    const named = (n: number, purpose = 'dpv:Marketing') => ({ user_id: `many-${n}`, opt_out: { scope: 'purpose' as const, purpose } })
    const faulty = await t.door.enter(importOptOuts, { opt_outs: [named(1), named(2, 'nothing')] }, t.officer).catch((error: unknown) => error)
    expect(faulty).toMatchObject({ errors: [{ pointer: '/opt_outs/1/opt_out/purpose' }] })
    expect(await find('many-1')).toBeUndefined()
    const opt_outs = Array.from({ length: 300 }, (_, n) => named(n))
    const written = () => t.database.transaction(t.tenant, (tx) => tx.query("SELECT 1 FROM ledger.entry WHERE type = 'consents.opt_out'"))
    const before = (await written()).length
    expect(await t.done(importOptOuts, { opt_outs: [...opt_outs, opt_outs[0]] })).toEqual({ recorded: 300, already_set: 1, erased: 0 })
    const gone = (await find('many-7')) as Subject
    await t.database.transaction(t.tenant, (tx) => eraseSubject(tx, gone.id))
    expect(await t.done(importOptOuts, { opt_outs })).toEqual({ recorded: 0, already_set: 299, erased: 1 })
    expect((await written()).length - before).toBe(300)
    expect((await t.done(searchOptOuts, { user_id: 'many-3' })).opt_outs).toMatchObject([{ scope: 'purpose', term: 'dpv:Marketing', source: 'import' }])
    await expect(t.door.enter(importOptOuts, { opt_outs: Array.from({ length: importMax + 1 }, () => named(1)) }, t.officer)).rejects.toThrow()
  })

  it('are asked of many people in one question', async () => {
    const ids = await t.database.transaction(t.tenant, async (tx) => {
      const people = await registerSubjects(tx, t.door.node, ['many-1', 'many-2', 'free-1'])
      return [...people].map(([name, { id }]) => ({ name, id }))
    })
    const among = (purpose: string, ...dataClasses: string[]) =>
      t.database.transaction(t.tenant, async (tx) => {
        const barred = await optedOut(tx, t.door.node, ids.map(({ id }) => id) as Id<'subject'>[], { purpose, dataClasses })
        return ids.flatMap(({ name, id }) => (barred.has(id) ? [name] : []))
      })
    expect(await among(marketing, 'customer')).toEqual(['many-1', 'many-2'])
    expect(await among('dpv:AcademicResearch', 'customer')).toEqual([])
    await t.done(recordOptOut, { user_id: 'free-1', opt_out: { scope: 'data_class', data_class: 'health' } })
    expect(await among('dpv:AcademicResearch', 'customer', 'health')).toEqual(['free-1'])
  })
})
