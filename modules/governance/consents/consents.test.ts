import { canonicalJson } from '@gatehouse/core/canonical-json'
import type { Id } from '@gatehouse/core/id'
import { addSeconds, type Instant, instantOf } from '@gatehouse/core/instant'
import { Problem } from '@gatehouse/core/problem'
import { sensitiveNames } from '@gatehouse/core/schema'
import { toHex, utf8 } from '@gatehouse/crypto/bytes'
import { nodePrimitives } from '@gatehouse/crypto/node'
import type { AnyOperation } from '@gatehouse/runtime/door/operation'
import { type TestNode, testNode } from '@gatehouse/runtime/door/testing/node'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ledgerModule } from '../../ledger/index.ts'
import { eraseSubject, findSubject, subjectsModule } from '../../subjects/index.ts'
import { partnersModule } from '../partners/index.ts'
import { policiesModule } from '../policies/index.ts'
import { tenancyModule } from '../tenancy/index.ts'
import { giveConsent } from './give.ts'
import { importConsents } from './import.ts'
import { type ConsentDocument, consentDocument, consentsInForce, consentsModule } from './index.ts'
import { consentsOverview } from './overview.ts'
import { readReceipt } from './receipt.ts'
import { importBatch, importMax } from './schema.ts'
import { searchConsents } from './search.ts'
import { consentHistory } from './versions.ts'
import { withdrawConsent } from './withdraw.ts'

const other = '01980000-0000-7000-8000-000000000002' as Id<'tenant'>
const terms = { purposes: ['dpv:DirectMarketing'], recipients: ['harbour-bank'], data_classes: ['employee'], method: 'paper' }
let t: TestNode
beforeAll(async () => {
  t = await testNode({ modules: [ledgerModule, subjectsModule, tenancyModule, partnersModule, policiesModule, consentsModule] })
  const register = partnersModule.operations.find(({ name }) => name === 'partners.create')
  if (register === undefined) throw new Error('partners.create is gone')
  for (const tenant of [t.tenant, other]) await t.door.enter(register, { reference: 'harbour-bank', name: 'Harbour Bank' }, t.principal({ tenant }))
})
afterAll(() => t.close())

const now = () => instantOf(t.clock.nowMs())
const enter = (operation: AnyOperation, input: unknown, tenant = t.tenant) => t.door.enter(operation, input, t.principal({ tenant }))
// biome-ignore lint/suspicious/noExplicitAny: answers of every operation
const done = async (operation: AnyOperation, input: unknown, tenant = t.tenant): Promise<any> => {
  const answer = await enter(operation, input, tenant)
  if (answer.outcome !== 'done') throw new Error(`${operation.name}: ${JSON.stringify(answer)}`)
  return answer.output
}
const refused = async (operation: AnyOperation, input: unknown, tenant = t.tenant) => {
  const answer = await enter(operation, input, tenant)
  return answer.outcome === 'refused' ? answer.problem.document() : answer
}
const faults = async (operation: AnyOperation, input: unknown) => {
  const thrown = await enter(operation, input).catch((error: unknown) => error)
  if (!(thrown instanceof Problem)) throw new Error(`no problem: ${JSON.stringify(thrown)}`)
  return { status: thrown.kind.status, pointers: thrown.errors?.map(({ pointer }) => pointer) }
}
const give = async (user_id: string, changes: Record<string, unknown> = {}, tenant = t.tenant) =>
  (await done(giveConsent, { user_id, ...terms, ...changes }, tenant)).consent
const person = async (user_id: string, tenant = t.tenant) => {
  const subject = await t.database.transaction(tenant, (tx) => findSubject(tx, t.door.node, user_id))
  if (subject === undefined) throw new Error(`${user_id} is unknown`)
  return subject
}
const inForce = async (user_id: string, at: Instant = now(), tenant = t.tenant) => {
  const { id } = await person(user_id, tenant)
  return t.database.transaction(tenant, (tx) => consentsInForce(tx, id, at))
}
const entriesAbout = (id: string) => t.entries.filter((entry) => entry.facts.object?.id === id)

describe('a consent that cannot be recorded', () => {
  it.each([
    ['an unknown purpose', { purposes: ['dpv:DirectMarketing', 'world_domination'] }, '/purposes/1'],
    ['an unknown partner', { recipients: ['nobody-knows'] }, '/recipients/0'],
    ['an end in the past', { until: '2026-11-22T09:30:00Z' }, '/until'],
    ['an end before the beginning', { from: '2027-01-01T00:00:00Z', until: '2026-12-01T00:00:00Z' }, '/until'],
    ['no purpose', { purposes: [] }, '/purposes'],
    ['a recipient named twice', { recipients: ['*', '*'] }, '/recipients'],
    ['an unknown method', { method: 'telepathy' }, '/method'],
  ])('is refused with the place: %s', async (_, changes, pointer) => {
    expect(await faults(giveConsent, { user_id: 'refused', ...terms, ...changes })).toEqual({ status: 400, pointers: [pointer] })
    await expect(person('refused')).rejects.toThrow('unknown')
  })

  it('refuses the id of a partner: policies name partners by reference', async () => {
    const rows = await t.database.transaction(t.tenant, (tx) => tx.query<{ id: string }>('SELECT id FROM partners.partner'))
    expect(await faults(giveConsent, { user_id: 'refused', ...terms, recipients: [rows[0]?.id] })).toEqual({ status: 400, pointers: ['/recipients/0'] })
  })

  it('refuses what is recorded already and not withdrawn, whatever the order of its words', async () => {
    const twice = { recipients: ['*', 'harbour-bank'] }
    const { id } = await give('same', twice)
    expect(await refused(giveConsent, { user_id: 'same', ...terms, recipients: ['harbour-bank', '*'] })).toMatchObject({
      type: '/problems/consents/already-given',
    })
    await done(withdrawConsent, { consent: id, user_id: 'same' })
    expect((await give('same', twice)).id).not.toBe(id)
  })

  it('records one of several that arrive at the same moment', async () => {
    const answers = await Promise.all([1, 2, 3, 4].map(() => enter(giveConsent, { user_id: 'raced', ...terms })))
    expect(answers.filter(({ outcome }) => outcome === 'done')).toHaveLength(1)
    expect(await inForce('raced')).toHaveLength(1)
  })

  it('refuses anything of an erased person', async () => {
    await give('erased')
    const { id } = await person('erased')
    await t.database.transaction(t.tenant, (tx) => eraseSubject(tx, id))
    expect(await refused(giveConsent, { user_id: 'erased', ...terms, recipients: ['*'] })).toMatchObject({ type: '/problems/consents/person-erased' })
  })
})

describe('the consents in force', () => {
  it('are none before the beginning, none from the end on', async () => {
    const from = addSeconds(now(), 60)
    const until = addSeconds(now(), 120)
    await give('period', { from, until })
    expect(await inForce('period', addSeconds(from, -0.001))).toEqual([])
    expect(await inForce('period', from)).toHaveLength(1)
    expect(await inForce('period', addSeconds(until, -0.001))).toHaveLength(1)
    expect(await inForce('period', until)).toEqual([])
  })

  it('are none once withdrawn, at that very moment and for any earlier one', async () => {
    const { id } = await give('changed-mind')
    expect(await inForce('changed-mind')).toHaveLength(1)
    await done(withdrawConsent, { consent: id, user_id: 'changed-mind', reason: 'no longer wanted' })
    expect(await inForce('changed-mind')).toEqual([])
  })

  it('are those of the one person and the one institution', async () => {
    await give('shared-name')
    await give('shared-name', { purposes: ['dpv:Marketing'] }, other)
    await give('neighbour', { recipients: ['*'] })
    expect((await inForce('shared-name')).map(({ purpose }) => purpose)).toEqual(['dpv:DirectMarketing'])
    const { id } = await person('shared-name')
    expect(await t.database.transaction(other, (tx) => consentsInForce(tx, id, now()))).toEqual([])
    const seen = await t.database.transaction(other, (tx) => tx.query('SELECT 1 FROM consents.consent WHERE subject_id = $1', [id]))
    expect(seen).toEqual([])
  })

  it('are one element for each purpose, in the words of the decision', async () => {
    const { id, digest } = await give('several', { purposes: ['dpv:DirectMarketing', 'dpv:AcademicResearch'], recipients: ['*'] })
    expect(await inForce('several')).toEqual(
      ['dpv:DirectMarketing', 'dpv:AcademicResearch'].map((purpose) => ({ id, purpose, recipients: ['*'], dataClasses: ['employee'], digest })),
    )
  })
})

describe('the document of a consent', () => {
  it('has the digest that stands in the ledger, and a salt of its own', async () => {
    const one = await give('proven')
    const subject = await person('proven')
    const kept = await t.database.transaction(t.tenant, (tx) => consentDocument(tx, subject.id, one.id))
    expect(kept).toMatchObject({ id: one.id, subject: subject.id, purposes: terms.purposes })
    expect(toHex(nodePrimitives.sha256(utf8(canonicalJson(kept))))).toBe(one.digest)
    expect(entriesAbout(one.id).map(({ type, facts }) => ({ type, facts }))).toEqual([
      {
        type: 'consents.give',
        facts: {
          subject: { id: subject.id, commitment: subject.commitment },
          object: { kind: 'consent', id: one.id },
          details: { consent_id: one.id, consent_digest: one.digest },
        },
      },
    ])
    await done(withdrawConsent, { consent: one.id, user_id: 'proven' })
    const again = await give('proven')
    const next = await t.database.transaction(t.tenant, (tx) => consentDocument(tx, subject.id, again.id))
    expect(next?.salt).not.toBe((kept as ConsentDocument).salt)
    expect((kept as ConsentDocument).salt).toHaveLength(22)
  })

  it('is not found under another person', async () => {
    const { id } = await give('owner')
    await give('stranger')
    const stranger = await person('stranger')
    expect(await t.database.transaction(t.tenant, (tx) => consentDocument(tx, stranger.id, id))).toBeUndefined()
    for (const operation of [withdrawConsent, readReceipt]) {
      expect(await refused(operation, { consent: id, user_id: 'stranger' })).toMatchObject({ status: 404 })
      expect(await refused(operation, { consent: id, user_id: 'never-seen' })).toMatchObject({ status: 404 })
      expect(await refused(operation, { consent: id, user_id: 'owner' }, other)).toMatchObject({ status: 404 })
    }
    expect(await inForce('owner')).toHaveLength(1)
  })
})

describe('withdrawing', () => {
  it('happens once, of two at the same moment too, and tells the ledger without the reason', async () => {
    const { id, digest } = await give('twice-withdrawn')
    const answers = await Promise.all([1, 2].map(() => enter(withdrawConsent, { consent: id, user_id: 'twice-withdrawn', reason: 'A private matter' })))
    expect(answers.map(({ outcome }) => outcome).sort()).toEqual(['done', 'refused'])
    const subject = await person('twice-withdrawn')
    const written = entriesAbout(id).filter(({ type }) => type === 'consents.withdraw')
    expect(written).toHaveLength(2)
    for (const { facts } of written) expect(facts).toMatchObject({ subject: { commitment: subject.commitment }, details: { consent_digest: digest } })
    const events = await t.database.transaction(t.tenant, (tx) =>
      tx.query<{ type: string; data: unknown }>('SELECT type, data FROM work.outbox WHERE subject = $1 ORDER BY created_at, type', [id]),
    )
    expect(events.map(({ type }) => type)).toEqual(['consents.given', 'consents.withdrawn'])
    expect(events[1]?.data).toEqual({ consent: id, subject: subject.id, recipients: [expect.stringMatching(/^[0-9a-f-]{36}$/)] })
    expect(JSON.stringify([t.entries, t.logLines, events])).not.toMatch(/private matter|twice-withdrawn/)
  })
})

describe('a new version', () => {
  it('is refused of what is another’s, unknown, withdrawn, over or superseded already, and when it would leave a gap', async () => {
    const { id } = await give('chained')
    expect(await refused(giveConsent, { user_id: 'someone-else', ...terms, supersedes: id })).toMatchObject({ status: 404 })
    expect(await refused(giveConsent, { user_id: 'chained', ...terms, supersedes: '0198c1de-7b3a-7c4d-8e5f-00000000dead' })).toMatchObject({ status: 404 })
    expect(await faults(giveConsent, { user_id: 'chained', ...terms, supersedes: id, from: addSeconds(now(), 1) })).toEqual({
      status: 400,
      pointers: ['/from'],
    })
    await give('chained', { supersedes: id, recipients: ['*'] })
    expect(await refused(giveConsent, { user_id: 'chained', ...terms, supersedes: id })).toMatchObject({ type: '/problems/consents/superseded' })
    expect(await refused(withdrawConsent, { consent: id, user_id: 'chained' })).toMatchObject({ type: '/problems/consents/superseded' })
    const gone = await give('chained')
    await done(withdrawConsent, { consent: gone.id, user_id: 'chained' })
    expect(await refused(giveConsent, { user_id: 'chained', ...terms, supersedes: gone.id })).toMatchObject({ type: '/problems/consents/already-withdrawn' })
    const over = await give('chained', { until: addSeconds(now(), 1) })
    t.clock.advance(2000)
    expect(await refused(giveConsent, { user_id: 'chained', ...terms, supersedes: over.id })).toMatchObject({ type: '/problems/consents/not-in-life' })
  })

  it('that says what another consent says already leaves the one before in force', async () => {
    const first = await give('doubled')
    const other = await give('doubled', { recipients: ['*'] })
    const thrown = await enter(giveConsent, { user_id: 'doubled', ...terms, recipients: ['*'], supersedes: first.id }).catch((error: unknown) => error)
    expect(thrown).toMatchObject({ kind: { type: '/problems/consents/already-given' } })
    expect((await inForce('doubled')).map(({ id }) => id).toSorted()).toEqual([first.id, other.id].toSorted())
  })

  it('takes the place of the one before at that moment, once of two at a time, and the chain can be read from any of them', async () => {
    const first = await give('versioned')
    t.clock.advance(1000)
    const both = await Promise.all(
      ['2027-01-01T00:00:00Z', '2028-01-01T00:00:00Z'].map((until) => enter(giveConsent, { user_id: 'versioned', ...terms, until, supersedes: first.id })),
    )
    expect(both.map(({ outcome }) => outcome).toSorted()).toEqual(['done', 'refused'])
    const second = (both.find(({ outcome }) => outcome === 'done') as unknown as { output: { consent: { id: string; version: number } } }).output.consent
    t.clock.advance(1000)
    // The very same terms: a renewal.
    const third = await give('versioned', { until: second.version === 2 ? (second as never as { until: string }).until : '', supersedes: second.id })
    expect((await inForce('versioned')).map(({ id }) => id)).toEqual([third.id])
    for (const id of [first.id, second.id, third.id]) {
      const { versions } = await done(consentHistory, { consent: id, user_id: 'versioned' })
      expect(versions.map((one: Record<string, unknown>) => [one.id, one.version, one.state, one.supersedes, one.superseded_by])).toEqual([
        [third.id, 3, 'in_force', second.id, null],
        [second.id, 2, 'superseded', first.id, third.id],
        [first.id, 1, 'superseded', null, second.id],
      ])
    }
    expect(await refused(consentHistory, { consent: first.id, user_id: 'neighbour' })).toMatchObject({ status: 404 })
    expect(entriesAbout(third.id).at(0)?.facts.details).toEqual({ consent_id: third.id, consent_digest: third.digest, supersedes: second.id })
  })
})

describe('a consent towards another controller', () => {
  it('covers what that one receives and nothing else, and has to name it among the recipients', async () => {
    expect(await faults(giveConsent, { user_id: 'joint', ...terms, controller: 'nobody-knows' })).toEqual({ status: 400, pointers: ['/controller'] })
    expect(await faults(giveConsent, { user_id: 'joint', ...terms, recipients: ['holder'], controller: 'harbour-bank' })).toEqual({
      status: 400,
      pointers: ['/controller'],
    })
    await give('joint', { recipients: ['*'], controller: 'harbour-bank' })
    expect((await inForce('joint')).map(({ recipients }) => recipients)).toEqual([['harbour-bank']])
  })
})

describe('the list of a person’s consents', () => {
  it('is empty for whom nobody knows', async () => {
    expect(await done(searchConsents, { user_id: 'never-seen' })).toEqual({ data: [], next: null })
  })

  it('is newest first, pages, and tells states apart', async () => {
    const states = {
      in_force: {},
      not_yet: { from: addSeconds(now(), 3600) },
      expired: { until: addSeconds(now(), 1) },
      withdrawn: { purposes: ['dpv:Marketing'] },
    }
    const ids: string[] = []
    for (const changes of Object.values(states)) {
      t.clock.advance(1)
      ids.push((await give('listed', changes)).id)
    }
    await done(withdrawConsent, { consent: ids[3], user_id: 'listed' })
    t.clock.advance(2000)
    const first = await done(searchConsents, { user_id: 'listed', limit: 3 })
    const rest = await done(searchConsents, { user_id: 'listed', limit: 3, cursor: first.next })
    const all = [...first.data, ...rest.data]
    expect(all.map(({ id }) => id)).toEqual(ids.toReversed())
    expect(all.map(({ state }) => state)).toEqual(Object.keys(states).toReversed())
    expect(rest.next).toBeNull()
    expect((await done(searchConsents, { user_id: 'listed', in_force: true })).data.map(({ id }: { id: string }) => id)).toEqual([ids[0]])
    expect(t.entries.at(-1)?.facts).toMatchObject({ subject: { id: (await person('listed')).id }, details: { consents: 1 } })
  })
})

describe('the overview', () => {
  const alone = '01980000-0000-7000-8000-000000000003' as Id<'tenant'>

  it('counts by purpose and month, and only the institution’s own', async () => {
    await done(
      partnersModule.operations.find(({ name }) => name === 'partners.create') as AnyOperation,
      { reference: 'harbour-bank', name: 'Harbour Bank' },
      alone,
    )
    const days = (count: number) => addSeconds(now(), count * 86_400)
    await give('V1', {}, alone)
    await give('V2', { until: days(10) }, alone)
    await give('V3', { from: days(5) }, alone)
    const gone = await give('V4', {}, alone)
    await done(withdrawConsent, { consent: gone.id, user_id: 'V4' }, alone)
    const { purposes, months } = await done(consentsOverview, {}, alone)
    expect(purposes).toEqual([
      { purpose: 'dpv:DirectMarketing', label: 'Direct Marketing', in_force: 2, ending_soon: 1, not_yet: 1, expired: 0, withdrawn: 1, superseded: 0 },
    ])
    expect(months).toHaveLength(25)
    expect(months[12]).toMatchObject({ month: now().slice(0, 7), given: 4, withdrawn: 1 })
    expect(months.reduce((sum: number, month: { ending: number }) => sum + month.ending, 0)).toBe(1)
  })
})

describe('a receipt', () => {
  const processing = { methods: ['dpv:Store'], storage_locations: ['AT'], retention_period: 'P2Y', jurisdiction: 'AT' }

  it('speaks in the field names of ISO/IEC TS 27560 and proves itself', async () => {
    const { consent, receipt } = await done(giveConsent, { user_id: 'keeper', ...terms, language: 'en', notice_version: '3', processing })
    expect(receipt).toMatchObject({
      record_id: consent.id,
      pii_principal_id: (await person('keeper')).id,
      pii_processing: {
        privacy_notice: '3',
        language: 'en',
        purposes: [
          {
            purpose: 'dpv:DirectMarketing',
            lawful_basis: 'dpv:Consent',
            pii_information: [{ pii_type: 'employee' }],
            pii_controllers: [t.tenant],
            processing_methods: ['dpv:Store'],
            storage_locations: ['AT'],
            retention_period: 'P2Y',
            jurisdiction: 'AT',
          },
        ],
      },
      party_identification: [
        { party_id: t.tenant, party_role: 'pii_controller' },
        { party_role: 'recipient', party_name: 'Harbour Bank' },
      ],
      events: [{ event_state: 'given', validity_duration: null }],
      consent_state: 'in_force',
      version: 1,
    })
    expect(toHex(nodePrimitives.sha256(utf8(canonicalJson(receipt.proof.document))))).toBe(consent.digest)
    await done(withdrawConsent, { consent: consent.id, user_id: 'keeper' })
    const later = await done(readReceipt, { consent: consent.id, user_id: 'keeper' })
    expect(later.events.map(({ event_state }: { event_state: string }) => event_state)).toEqual(['given', 'withdrawn'])
    expect(later.proof).toEqual(receipt.proof)
    expect(JSON.stringify(later)).not.toContain('keeper')
  })

  it('tells of an end that came by itself, and of a successor', async () => {
    const { consent } = await done(giveConsent, { user_id: 'lapsed', ...terms, until: addSeconds(now(), 1) })
    t.clock.advance(2000)
    const events = (await done(readReceipt, { consent: consent.id, user_id: 'lapsed' })).events
    expect(events).toMatchObject([{ event_state: 'given' }, { event_state: 'expired', event_type: 'time', event_time: consent.until, entity_id: t.tenant }])
    const first = await give('replaced')
    await give('replaced', { supersedes: first.id })
    const states = (await done(readReceipt, { consent: first.id, user_id: 'replaced' })).events
    expect(states.map(({ event_state }: { event_state: string }) => event_state)).toEqual(['given', 'superseded'])
  })

  it('marks what tells of a person', () => {
    expect([...sensitiveNames(giveConsent.output)]).toEqual(expect.arrayContaining(['evidence_reference', 'document']))
    expect([...sensitiveNames(withdrawConsent.input)].sort()).toEqual(['reason', 'user_id'])
  })
})

describe('an import', () => {
  const many = (count: number, changes: Record<string, unknown> = {}) =>
    Array.from({ length: count }, (_, i) => ({ user_id: `imported-${i}`, ...terms, ...changes }))

  it('records nothing when one of them is faulty, and gives its place', async () => {
    const consents = [...many(2, { purposes: ['dpv:Marketing'] }), { user_id: 'imported-bad', ...terms, purposes: ['nothing'] }]
    expect(await faults(importConsents, { consents })).toEqual({ status: 400, pointers: ['/consents/2/purposes/0'] })
    await expect(person('imported-bad')).rejects.toThrow('unknown')
    expect((await faults(importConsents, { consents: many(importMax + 1) })).pointers).toEqual(['/consents'])
  })

  it('records each once, with an entry of its own, and nothing more when it is sent again', async () => {
    const consents = many(importBatch + 10)
    const before = t.entries.length
    expect(await done(importConsents, { consents: [...consents, consents[0]] })).toEqual({ recorded: importBatch + 10, already_given: 1, erased: 0 })
    const given = t.entries.slice(before).filter(({ type }) => type === 'consents.give')
    expect(new Set(given.map(({ facts }) => facts.subject?.commitment)).size).toBe(importBatch + 10)
    const { id } = await person('imported-0')
    const [one] = await inForce('imported-0')
    expect(given.find(({ facts }) => facts.subject?.id === id)?.facts.details).toEqual({ consent_id: one?.id, consent_digest: one?.digest })
    t.clock.advance(5000)
    expect(await done(importConsents, { consents })).toEqual({ recorded: 0, already_given: importBatch + 10, erased: 0 })
    expect(await inForce('imported-0')).toHaveLength(1)
  })

  it('passes over the erased', async () => {
    const { id } = await person('imported-1')
    await t.database.transaction(t.tenant, (tx) => eraseSubject(tx, id))
    expect(await done(importConsents, { consents: many(3, { purposes: ['dpv:Marketing'] }) })).toEqual({ recorded: 2, already_given: 0, erased: 1 })
  })
})

it('runs the example of every operation', async () => {
  // What a person does needs an account of a person; the others name what is not there.
  const theirs = consentsModule.operations.filter(({ http }) => http?.path.startsWith('/v1/me/'))
  const absent = ['withdraw', 'receipt', 'versions', 'retire_offer', 'revoke_guardian', 'lift_opt_out'].map((verb) => `consents.${verb}`)
  for (const operation of consentsModule.operations) {
    const answer = await enter(operation, operation.example?.input)
    const wanted = absent.includes(operation.name) || theirs.includes(operation) ? 'refused' : 'done'
    expect(answer.outcome, operation.name).toBe(wanted)
  }
})
