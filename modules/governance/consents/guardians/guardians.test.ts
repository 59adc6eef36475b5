import type { Id } from '@gatehouse/core/id'
import { addSeconds, type Instant, instantOf } from '@gatehouse/core/instant'
import type { Principal } from '@gatehouse/runtime/base/context'
import type { AnyOperation } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { type TestNode, testNode } from '@gatehouse/runtime/door/testing/node'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { ledgerModule } from '../../../ledger/index.ts'
import { eraseSubject, registerSubjects, type Subject, subjectsModule } from '../../../subjects/index.ts'
import { accessModule, allowed } from '../../access/index.ts'
import { partnersModule } from '../../partners/index.ts'
import { policiesModule } from '../../policies/index.ts'
import { tenancyModule } from '../../tenancy/index.ts'
import { confirmMyConsent } from '../confirm-mine.ts'
import { consentsInForce, consentsModule } from '../index.ts'
import { myConsents } from '../mine.ts'
import { createOffer } from '../offers/create.ts'
import { offers } from '../offers/list.ts'
import { giveMyConsent, myOffers } from '../offers/mine.ts'
import { retireOffer } from '../offers/retire.ts'
import { setMyOptOut } from '../opt-outs/mine.ts'
import { consentsProblems } from '../problems.ts'
import { readReceipt } from '../receipt.ts'
import type { OwnConsent } from '../schema.ts'
import { updateSettings } from './age-rule.ts'
import { agreeForWard, giveForWard } from './give.ts'
import { liftForWard, optOutForWard, wardOptOuts } from './opt-outs.ts'
import { recordGuardian } from './record.ts'
import { revokeGuardian } from './revoke.ts'
import { listGuardians } from './search.ts'
import { myWards, wardConsents } from './wards.ts'
import { withdrawForWard } from './withdraw.ts'

/** The clock of the test begins on 22 November 2026: Kim comes of age on 1 December. */
const born = '2008-12-01'
const daySeconds = 86_400
const other = '01980000-0000-7000-8000-000000000002' as Id<'tenant'>

let t: TestNode
let offer: Id<'consent_offer'>
let kim: Subject
let ada: Subject
let bea: Subject
let names: { kim: string; ada: string; bea: string }
let start: number
let count = 0

beforeAll(async () => {
  t = await testNode({
    modules: [ledgerModule, subjectsModule, tenancyModule, accessModule, partnersModule, policiesModule, consentsModule],
    plugs: { allowed },
  })
  start = t.clock.nowMs()
  offer = (await done(createOffer, { title: 'Mail', about: 'We may write.', purposes: ['dpv:DirectMarketing'], recipients: ['*'], data_classes: ['*'] })).id
})
afterAll(() => t.close())
beforeEach(async () => {
  t.clock.set(start)
  count += 1
  names = { kim: `kim-${count}`, ada: `ada-${count}`, bea: `bea-${count}` }
  const people = await t.database.transaction(t.tenant, (tx) => registerSubjects(tx, t.door.node, Object.values(names)))
  ;[kim, ada, bea] = [people.get(names.kim), people.get(names.ada), people.get(names.bea)] as [Subject, Subject, Subject]
  await done(updateSettings, { age_of_majority: 18, confirm_within_days: null }, officer())
  t.entries.length = 0
})

const now = () => instantOf(t.clock.nowMs())
const officer = () => t.principal({ roles: ['officer'] })
const account = (subject: Subject, tenant = t.tenant) =>
  t.principal({ id: `01980000-0000-7000-8000-${subject.id.slice(-12)}`, roles: ['person'], subject: subject.id, tenant })
// biome-ignore lint/suspicious/noExplicitAny: answers of every operation
async function done(operation: AnyOperation, input: unknown, principal: Principal = officer()): Promise<any> {
  const answer = await t.door.enter(operation, input, principal)
  if (answer.outcome !== 'done') throw new Error(`${operation.name}: ${JSON.stringify(answer.outcome === 'refused' ? answer.problem.document() : answer)}`)
  return answer.output
}
const refused = async (operation: AnyOperation, input: unknown, principal: Principal) => {
  const answer = await t.door.enter(operation, input, principal)
  return answer.outcome === 'refused' ? answer.problem.kind : answer.outcome
}
const guard = async (changes: Record<string, unknown> = {}): Promise<Id<'guardianship'>> =>
  (await done(recordGuardian, { user_id: names.kim, guardian_user_id: names.ada, basis: 'parental_responsibility', born, ...changes })).id
const inForce = (subject = kim, at: Instant = now()) => t.database.transaction(t.tenant, (tx) => consentsInForce(tx, subject.id, at))
const later = (days: number) => t.clock.set(start + days * daySeconds * 1000)
/** Everything that a guardian may ask for. */
const acts = (guardianship: string, consent = '0198c1de-7b3a-7c4d-8e5f-00000000dead'): [AnyOperation, object][] => [
  [wardConsents, { guardianship }],
  [giveForWard, { guardianship, offer }],
  [agreeForWard, { guardianship, proposal: '0198c1de-7b3a-7c4d-8e5f-00000000dead' }],
  [withdrawForWard, { guardianship, consent }],
  [wardOptOuts, { guardianship }],
  [optOutForWard, { guardianship, opt_out: { scope: 'all' } }],
  [liftForWard, { guardianship, opt_out: '0198c1de-7b3a-7c4d-8e5f-00000000dead' }],
]
const refusedAll = async (guardianship: string, principal: Principal, consent?: string) => {
  for (const [operation, input] of acts(guardianship, consent)) expect(await refused(operation, input, principal), operation.name).toBe(doorProblems.not_found)
  expect((await done(myWards, {}, principal)).wards.map((ward: { guardianship: string }) => ward.guardianship)).not.toContain(guardianship)
}

describe('an opt-out', () => {
  it('is set by a guardian alone, says so, and is lifted by guardians, but not one that the person set', async () => {
    const guardianship = await guard({ jointly: true })
    const wish = { scope: 'purpose' as const, purpose: 'dpv:Marketing' }
    const set = await done(optOutForWard, { guardianship, opt_out: wish }, account(ada))
    expect(set).toMatchObject({ source: 'guardian', term: 'dpv:Marketing' })
    expect(await refused(optOutForWard, { guardianship, opt_out: wish }, account(ada))).toBe(consentsProblems.opted_out_already)
    expect(t.entries.at(-2)).toMatchObject({ type: 'consents.opt_out_for_ward', facts: { subject: { id: kim.id }, details: { guardianship } } })
    t.clock.advance(1)
    const own = await done(setMyOptOut, { opt_out: { scope: 'all' } }, account(kim))
    expect(await refused(liftForWard, { guardianship, opt_out: own.id }, account(ada))).toBe(doorProblems.not_found)
    await done(liftForWard, { guardianship, opt_out: set.id }, account(ada))
    expect((await done(wardOptOuts, { guardianship }, account(ada))).opt_outs).toMatchObject([
      { source: 'person', lifted_at: null },
      { source: 'guardian', lifted_at: expect.any(String) },
    ])
  })
})

describe('a guardian is not recorded', () => {
  it.each([
    ['who is the person', { guardian_user_id: 'same' }, '/guardian_user_id'],
    ['by parental responsibility without a date of birth', { born: undefined }, '/born'],
    ['by parental responsibility for somebody of age', { born: '1990-05-05' }, '/born'],
    ['with an end before the beginning', { from: '2027-01-02T00:00:00Z', until: '2027-01-01T00:00:00Z' }, '/until'],
  ])('%s', async (_, changes, pointer) => {
    const input = { user_id: 'same', guardian_user_id: 'else', basis: 'parental_responsibility' as const, born, ...changes }
    const thrown = await t.door.enter(recordGuardian as AnyOperation, input, officer()).catch((error: unknown) => error)
    expect(thrown).toMatchObject({ kind: consentsProblems.guardian_refused, errors: [{ pointer }] })
  })

  it('for whom somebody acts too; and one for whom somebody acts from now on acts for nobody, but whoever only gave a power of attorney does', async () => {
    const guardianship = await guard()
    const back = { user_id: names.ada, guardian_user_id: names.kim, basis: 'court_order' as const }
    const thrown = await t.door.enter(recordGuardian as AnyOperation, back, officer()).catch((error: unknown) => error)
    expect(thrown).toMatchObject({ kind: consentsProblems.guardian_refused, errors: [{ pointer: '/guardian_user_id' }] })
    await done(recordGuardian, { user_id: names.ada, guardian_user_id: names.bea, basis: 'power_of_attorney' })
    expect((await done(myWards, {}, account(ada))).wards).toMatchObject([{ guardianship }])
    await done(giveForWard, { guardianship, offer }, account(ada))
    await done(recordGuardian, { user_id: names.ada, guardian_user_id: names.bea, basis: 'court_order' })
    expect(await refused(giveForWard, { guardianship, offer }, account(ada))).toBe(doorProblems.not_found)
  })

  it('of an erased person, nor by anybody but those who may record consents', async () => {
    await t.database.transaction(t.tenant, (tx) => eraseSubject(tx, kim.id))
    const input = { user_id: names.kim, guardian_user_id: names.ada, basis: 'court_order' as const }
    expect(await refused(recordGuardian, input, officer())).toBe(consentsProblems.person_erased)
    for (const principal of [account(ada), t.principal({ roles: ['auditor'] })])
      await expect(t.door.enter(recordGuardian, input, principal)).rejects.toMatchObject({ kind: doorProblems.not_allowed })
  })
})

describe('nothing of a person is shown to, and nothing done by', () => {
  it('the guardian of another, or whoever guesses the id', async () => {
    const guardianship = await guard()
    await refusedAll(guardianship, account(bea))
    await refusedAll('0198c1de-7b3a-7c4d-8e5f-00000000dead', account(ada))
    await refusedAll(guardianship, account(kim))
  })

  it('a guardian of another institution', async () => {
    const guardianship = await guard()
    await refusedAll(guardianship, account(ada, other)).catch(() => undefined)
    expect(await t.door.enter(wardConsents, { guardianship }, account(ada, other))).toMatchObject({ outcome: 'refused' })
  })

  it('the staff or a partner by these doors', async () => {
    const guardianship = await guard()
    for (const principal of [officer(), t.principal({ roles: ['person'] })])
      await expect(t.door.enter(wardConsents, { guardianship }, principal)).rejects.toMatchObject({ kind: doorProblems.not_allowed })
  })

  it('a guardian before the beginning, from the end on, and once revoked', async () => {
    const order = await guard({ basis: 'court_order', born: undefined, from: addSeconds(now(), 60), until: addSeconds(now(), 120) })
    await refusedAll(order, account(ada))
    t.clock.advance(60_000)
    expect(await done(wardConsents, { guardianship: order }, account(ada))).toMatchObject({ consents: [], offers: [{ title: 'Mail', given: null }] })
    t.clock.advance(60_000)
    await refusedAll(order, account(ada))
    const power = await guard({ basis: 'power_of_attorney', born: undefined })
    const { consent } = await done(giveForWard, { guardianship: power, offer }, account(ada))
    expect(await refused(revokeGuardian, { guardianship: power, user_id: names.bea }, officer())).toBe(doorProblems.not_found)
    await done(revokeGuardian, { guardianship: power, user_id: names.kim, reason: 'a quarrel' })
    await refusedAll(power, account(ada), consent.id)
    expect(await refused(revokeGuardian, { guardianship: power, user_id: names.kim }, officer())).toBe(doorProblems.not_found)
    expect(JSON.stringify(t.entries)).not.toContain('quarrel')
    // What was agreed to before stays.
    expect(await inForce()).toHaveLength(1)
  })

  it('a guardian from the person’s coming of age on, by the institution’s clock and by its rule of the moment', async () => {
    const guardianship = await guard()
    t.clock.set(Date.UTC(2026, 10, 30, 23, 59, 59, 999))
    expect(await done(giveForWard, { guardianship, offer }, account(ada))).toMatchObject({ proposal: null })
    t.clock.advance(1)
    await refusedAll(guardianship, account(ada))
    expect((await done(listGuardians, { user_id: names.kim })).guardians).toMatchObject([{ state: 'of_age', of_age_on: '2026-12-01' }])
    await done(updateSettings, { age_of_majority: 21, confirm_within_days: null })
    expect((await done(myWards, {}, account(ada))).wards).toHaveLength(1)
    await done(updateSettings, { age_of_majority: 16, confirm_within_days: null })
    await refusedAll(guardianship, account(ada))
  })

  it('anybody once one of the two is erased', async () => {
    const guardianship = await guard()
    await t.database.transaction(t.tenant, (tx) => eraseSubject(tx, kim.id))
    await refusedAll(guardianship, account(ada))
  })

  it('a guardian who names the consent of another person', async () => {
    const guardianship = await guard()
    const own = await done(giveMyConsent, { offer }, account(bea))
    expect(await refused(withdrawForWard, { guardianship, consent: own.id }, account(ada))).toBe(doorProblems.not_found)
    expect(await inForce(bea)).toHaveLength(1)
  })
})

describe('a guardian', () => {
  it('sees for whom, gives and withdraws on their behalf, and the receipt names the capacity', async () => {
    const guardianship = await guard({ label: 'Kim' })
    expect((await done(myWards, {}, account(ada))).wards).toEqual([
      { guardianship, label: 'Kim', basis: 'parental_responsibility', until: null, of_age_on: '2026-12-01', jointly: false },
    ])
    const { consent } = await done(giveForWard, { guardianship, offer }, account(ada))
    expect(consent).toMatchObject({ state: 'in_force', given_by: { capacity: 'parental_responsibility', guardianships: [guardianship] }, to_confirm: false })
    expect(await inForce()).toMatchObject([{ id: consent.id }])
    expect(t.entries.at(-1)).toMatchObject({
      type: 'consents.give_for_ward',
      actor: { id: account(ada).id },
      facts: {
        subject: { commitment: kim.commitment },
        object: { kind: 'consent', id: consent.id },
        details: { guardianships: [guardianship], capacity: 'parental_responsibility' },
      },
    })
    const receipt = await done(readReceipt, { consent: consent.id, user_id: names.kim })
    expect(receipt).toMatchObject({
      pii_principal_id: kim.id,
      given_by: { capacity: 'parental_responsibility', guardianships: [guardianship] },
      events: [{ event_state: 'given', entity_id: guardianship }],
    })
    expect((await done(wardConsents, { guardianship }, account(ada))).offers).toMatchObject([{ id: offer, given: consent.id }])
    expect(await done(withdrawForWard, { guardianship, consent: consent.id }, account(ada))).toMatchObject({ state: 'withdrawn' })
    expect(await inForce()).toEqual([])
    expect(JSON.stringify(t.entries)).not.toMatch(/Kim|kim-|2008/)
  })

  it('of two who have to agree together proposes, and the other one gives it; each alone withdraws', async () => {
    const first = await guard({ jointly: true })
    const twice = await guard({ jointly: true })
    const second = await guard({ guardian_user_id: names.bea, jointly: true })
    const { consent: none, proposal } = await done(giveForWard, { guardianship: first, offer }, account(ada))
    expect(none).toBeNull()
    expect(await inForce()).toEqual([])
    expect(await refused(giveForWard, { guardianship: second, offer }, account(bea))).toBe(consentsProblems.proposal_waits)
    // Neither the one who proposed, nor under another entry of the same person.
    for (const guardianship of [first, twice])
      expect(await refused(agreeForWard, { guardianship, proposal }, account(ada))).toBe(consentsProblems.second_guardian_needed)
    expect((await done(wardConsents, { guardianship: second }, account(bea))).waiting).toMatchObject([{ proposal, offer, mine: false }])
    const answers = await Promise.all([1, 2].map(() => t.door.enter(agreeForWard, { guardianship: second, proposal }, account(bea))))
    expect(answers.map(({ outcome }) => outcome).toSorted()).toEqual(['done', 'refused'])
    const [consent] = await inForce()
    expect((await done(myConsents, {}, account(kim))).data).toMatchObject([{ id: consent?.id, given_by: { guardianships: [first, second] } }])
    await done(withdrawForWard, { guardianship: first, consent: consent?.id }, account(ada))
    expect(await inForce()).toEqual([])
  })

  it('whose own power ended meanwhile has proposed nothing, and neither has one who waited too long', async () => {
    const first = await guard({ basis: 'court_order', born: undefined, jointly: true })
    const second = await guard({ guardian_user_id: names.bea, basis: 'court_order', born: undefined, jointly: true })
    const { proposal } = await done(giveForWard, { guardianship: first, offer }, account(ada))
    await done(revokeGuardian, { guardianship: first, user_id: names.kim })
    expect(await refused(agreeForWard, { guardianship: second, proposal }, account(bea))).toBe(doorProblems.not_found)
    later(31)
    expect((await done(wardConsents, { guardianship: second }, account(bea))).waiting).toEqual([])
    expect((await done(giveForWard, { guardianship: second, offer }, account(bea))).proposal).not.toBeNull()
  })
})

describe('at coming of age', () => {
  const given = async () => (await done(giveForWard, { guardianship: await guard(), offer }, account(ada))).consent.id as Id<'consent'>
  const mine = async (): Promise<OwnConsent[]> => (await done(myConsents, {}, account(kim))).data

  it('what guardians agreed to stands, marked to be confirmed, and the person confirms it', async () => {
    const consent = await given()
    expect(await refused(confirmMyConsent, { consent }, account(kim))).toBe(consentsProblems.nothing_to_confirm)
    later(30)
    expect(await mine()).toMatchObject([{ id: consent, state: 'in_force', to_confirm: true, confirmed_at: null }])
    expect(await refused(confirmMyConsent, { consent }, account(ada))).toBe(doorProblems.not_found)
    expect(await done(confirmMyConsent, { consent }, account(kim))).toMatchObject({ to_confirm: false, confirmed_at: now() })
    expect(await refused(confirmMyConsent, { consent }, account(kim))).toBe(consentsProblems.nothing_to_confirm)
    expect((await done(readReceipt, { consent, user_id: names.kim })).events).toMatchObject([
      { event_state: 'given' },
      { event_state: 'confirmed', entity_id: kim.id },
    ])
  })

  it('it ends by itself after the days that the institution sets, unless it is confirmed', async () => {
    await done(updateSettings, { age_of_majority: 18, confirm_within_days: 30 })
    const consent = await given()
    t.clock.set(Date.UTC(2026, 11, 30, 23, 59, 59, 999))
    expect(await inForce()).toHaveLength(1)
    t.clock.advance(1)
    expect(await inForce()).toEqual([])
    expect(await mine()).toMatchObject([{ id: consent, state: 'expired', to_confirm: false }])
    expect(await refused(confirmMyConsent, { consent }, account(kim))).toBe(consentsProblems.nothing_to_confirm)
    t.clock.set(Date.UTC(2026, 11, 30))
    await done(confirmMyConsent, { consent }, account(kim))
    later(365)
    expect(await inForce()).toHaveLength(1)
  })
})

describe('what people are asked for', () => {
  it('is agreed to by the person alone, is renewed as the next version, and is asked no more once retired', async () => {
    const input = {
      title: 'A year',
      about: 'For a year.',
      purposes: ['dpv:Marketing'],
      recipients: ['*'],
      data_classes: ['*'],
      valid_days: 365,
      notice_version: '7',
    }
    const { id } = await done(createOffer, input)
    const first = await done(giveMyConsent, { offer: id }, account(kim))
    expect(first).toMatchObject({ version: 1, until: addSeconds(now(), 365 * daySeconds), given_by: null, method: 'electronic_form' })
    t.clock.advance(1000)
    const second = await done(giveMyConsent, { offer: id }, account(kim))
    expect(second).toMatchObject({ version: 2, supersedes: first.id })
    expect((await done(myOffers, {}, account(kim))).data.find((one: { id: string }) => one.id === id)).toMatchObject({ given: second.id, valid_days: 365 })
    await done(retireOffer, { offer: id })
    expect((await done(offers, {})).data.map((one: { id: string }) => one.id)).not.toContain(id)
    expect(await refused(giveMyConsent, { offer: id }, account(kim))).toBe(doorProblems.not_found)
    expect(await refused(retireOffer, { offer: id }, officer())).toBe(doorProblems.not_found)
    expect(await inForce()).toHaveLength(1)
  })

  it('names what exists, and is asked by those who may record consents', async () => {
    const input = { title: 'A', about: 'B', purposes: ['nothing'], recipients: ['*'], data_classes: ['*'] }
    await expect(t.door.enter(createOffer, input, officer())).rejects.toMatchObject({ kind: consentsProblems.terms_refused })
    await expect(t.door.enter(createOffer, { ...input, purposes: ['dpv:Marketing'] }, account(kim))).rejects.toMatchObject({ kind: doorProblems.not_allowed })
    await expect(t.door.enter(updateSettings, { age_of_majority: 18, confirm_within_days: 0 }, account(kim))).rejects.toMatchObject({
      kind: doorProblems.not_allowed,
    })
  })
})
