import type { Id } from '@gatehouse/core/id'
import type { AnyOperation } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { type TestNode, testNode } from '@gatehouse/runtime/door/testing/node'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { ledgerModule } from '../../ledger/index.ts'
import { eraseSubject, findSubject, registerSubjects, type Subject, subjectsModule } from '../../subjects/index.ts'
import { accessModule, allowed } from '../access/index.ts'
import { partnersModule } from '../partners/index.ts'
import { policiesModule } from '../policies/index.ts'
import { tenancyModule } from '../tenancy/index.ts'
import { disconnectMe, myConnections } from './connections.ts'
import { giveConsent } from './give.ts'
import { consentsInForce, consentsModule } from './index.ts'
import { myConsents } from './mine.ts'
import { consentsProblems } from './problems.ts'
import { readMyReceipt } from './receipt-mine.ts'
import type { OwnConsent } from './schema.ts'
import { myConsentHistory } from './versions-mine.ts'
import { withdrawMyConsent } from './withdraw-mine.ts'

const terms = { purposes: ['dpv:DirectMarketing'], recipients: ['harbour-bank', '*'], data_classes: ['employee'], method: 'paper' }
let t: TestNode
let jane: Subject
let count = 0
beforeAll(async () => {
  t = await testNode({
    modules: [ledgerModule, subjectsModule, tenancyModule, accessModule, partnersModule, policiesModule, consentsModule],
    plugs: { allowed },
  })
  const register = partnersModule.operations.find(({ name }) => name === 'partners.create')
  if (register === undefined) throw new Error('partners.create is gone')
  await t.door.enter(register, { reference: 'harbour-bank', name: 'Harbour Bank' }, officer())
})
afterAll(() => t.close())
beforeEach(async () => {
  jane = await person(`jane-${++count}`)
  t.entries.length = 0
})

const officer = () => t.principal({ roles: ['officer'] })
const account = (subject: Subject) => t.principal({ id: '01980000-0000-7000-8000-0000000000bb', roles: ['person'], subject: subject.id })
const person = async (userId: string) => (await t.database.transaction(t.tenant, (tx) => registerSubjects(tx, t.door.node, [userId]))).get(userId) as Subject
const done = async <T>(operation: AnyOperation, input: unknown, principal = account(jane)): Promise<T> => {
  const answer = await t.door.enter(operation, input, principal)
  if (answer.outcome !== 'done') throw new Error(`${operation.name}: ${JSON.stringify(answer)}`)
  return answer.output as T
}
const refused = async (operation: AnyOperation, input: unknown, principal = account(jane)) => {
  const answer = await t.door.enter(operation, input, principal)
  return answer.outcome === 'refused' ? answer.problem.kind : answer.outcome
}
const give = async (user_id: string, more = {}) =>
  (await done<{ consent: { id: Id<'consent'> } }>(giveConsent, { user_id, ...terms, ...more }, officer())).consent.id
const mine = (principal = account(jane)) => done<{ data: OwnConsent[]; next: string | null }>(myConsents, {}, principal)

describe('own consents are refused', () => {
  it('to staff, to a partner and to its engineer, who are no persons concerned', async () => {
    const id = await give(`jane-${count}`)
    const partner = '01980000-0000-7000-8000-00000000000a' as Id<'partner'>
    for (const principal of [officer(), t.principal({ roles: ['person'] }), t.principal({ roles: ['engineer', 'person'], partner })]) {
      await expect(t.door.enter(myConsents, {}, principal)).rejects.toMatchObject({ kind: doorProblems.not_allowed })
      await expect(t.door.enter(withdrawMyConsent, { consent: id }, principal)).rejects.toMatchObject({ kind: doorProblems.not_allowed })
    }
  })

  it('of another person, as if they were none', async () => {
    const other = await give('somebody-else', { evidence_reference: `of ${count}` })
    expect(await refused(withdrawMyConsent, { consent: other })).toBe(doorProblems.not_found)
    expect(await refused(withdrawMyConsent, { consent: '0198c1de-7b3a-7c4d-8e5f-00000000dead' })).toBe(doorProblems.not_found)
    const else_ = await t.database.transaction(t.tenant, (tx) => findSubject(tx, t.door.node, 'somebody-else'))
    expect(
      else_ && (await t.database.transaction(t.tenant, (tx) => consentsInForce(tx, else_.id, '2026-11-22T09:30:00.000Z' as never))).map(({ id }) => id),
    ).toContain(other)
    expect((await mine()).data).toEqual([])
  })

  it('when withdrawn already', async () => {
    const consent = await give(`jane-${count}`)
    await done(withdrawMyConsent, { consent })
    expect(await refused(withdrawMyConsent, { consent })).toBe(consentsProblems.already_withdrawn)
  })
})

describe('a person', () => {
  it('reads the own consents in words, and leaves an entry under the commitment', async () => {
    const id = await give(`jane-${count}`, { until: '2027-01-01T00:00:00Z' })
    expect(await mine()).toEqual({
      data: [
        {
          id,
          state: 'in_force',
          version: 1,
          supersedes: null,
          superseded_by: null,
          superseded_at: null,
          given_by: null,
          to_confirm: false,
          confirmed_at: null,
          purposes: [{ term: 'dpv:DirectMarketing', label: 'Direct Marketing' }],
          recipients: [
            { reference: 'harbour-bank', name: 'Harbour Bank' },
            { reference: '*', name: null },
          ],
          data_classes: ['employee'],
          method: 'paper',
          given_at: '2026-11-22T09:30:00.000Z',
          from: '2026-11-22T09:30:00.000Z',
          until: '2027-01-01T00:00:00.000Z',
          withdrawn_at: null,
        },
      ],
      next: null,
    })
    expect(t.entries.at(-1)).toMatchObject({
      type: 'consents.mine',
      actor: { id: account(jane).id },
      facts: { subject: { id: jane.id, commitment: jane.commitment } },
    })
  })

  it('reads the versions of the own consent and takes its receipt; those of anybody else are not found', async () => {
    const first = await give(`jane-${count}`)
    const second = await give(`jane-${count}`, { supersedes: first, until: '2027-01-01T00:00:00Z' })
    const { versions } = await done<{ versions: OwnConsent[] }>(myConsentHistory, { consent: second })
    expect(versions.map(({ id, version, state }) => ({ id, version, state }))).toEqual([
      { id: second, version: 2, state: 'in_force' },
      { id: first, version: 1, state: 'superseded' },
    ])
    expect(await done(readMyReceipt, { consent: first })).toMatchObject({ record_id: first, pii_principal_id: jane.id, consent_state: 'superseded' })
    const other = account(await person(`other-${count}`))
    expect(await refused(myConsentHistory, { consent: first }, other)).toBe(doorProblems.not_found)
    expect(await refused(readMyReceipt, { consent: first }, other)).toBe(doorProblems.not_found)
  })

  it('withdraws one with the effect that staff has: out of force at once, announced, and audited in the person’s name without the reason', async () => {
    const consent = await give(`jane-${count}`)
    const view = await done<OwnConsent>(withdrawMyConsent, { consent, reason: 'I changed banks' })
    expect(view).toMatchObject({ id: consent, state: 'withdrawn', withdrawn_at: '2026-11-22T09:30:00.000Z' })
    expect(await t.database.transaction(t.tenant, (tx) => consentsInForce(tx, jane.id, view.given_at))).toEqual([])
    expect(t.entries.at(-1)).toMatchObject({
      type: 'consents.withdraw_mine',
      actor: { kind: 'user', id: account(jane).id },
      facts: { subject: { commitment: jane.commitment }, object: { kind: 'consent', id: consent }, details: { consent_id: consent } },
    })
    expect(JSON.stringify(t.entries)).not.toContain('changed banks')
    const events = await t.database.transaction(t.tenant, (tx) => tx.query('SELECT type FROM work.outbox WHERE subject = $1 ORDER BY type', [consent]))
    expect(events).toEqual([{ type: 'consents.given' }, { type: 'consents.withdrawn' }])
  })

  it('takes a partner out of the own consents: withdrawn where it stands alone, superseded where others are named, and never another’s', async () => {
    const alone = await give(`jane-${count}`, { recipients: ['harbour-bank'] })
    const both = await give(`jane-${count}`, { recipients: ['harbour-bank', 'holder'], until: '2027-01-01T00:00:00Z' })
    const everybody = await give(`jane-${count}`, { recipients: ['*'] })
    const other = await give(`other-${count}`, { recipients: ['harbour-bank'] })
    const connections = async () => (await done<{ connections: { partner: string; name: string | null }[]; everybody: number }>(myConnections, {})) as never
    expect(await connections()).toMatchObject({
      connections: expect.arrayContaining([
        { partner: 'harbour-bank', name: 'Harbour Bank', consents: expect.arrayContaining([alone, both]) },
        { partner: 'holder', name: null, consents: [both] },
      ]),
      everybody: 1,
    })
    t.entries.length = 0
    expect(await done(disconnectMe, { partner: 'harbour-bank' })).toEqual({ withdrawn: 1, narrowed: 1, everybody: 1 })
    expect(await connections()).toMatchObject({ connections: [{ partner: 'holder' }], everybody: 1 })
    const { data } = await mine()
    expect(data.map(({ id, state }) => ({ id, state }))).toEqual(
      expect.arrayContaining([
        { id: alone, state: 'withdrawn' },
        { id: both, state: 'superseded' },
        { id: everybody, state: 'in_force' },
      ]),
    )
    expect(data.find(({ supersedes }) => supersedes === both)).toMatchObject({
      version: 2,
      until: '2027-01-01T00:00:00.000Z',
      recipients: [{ reference: 'holder' }],
    })
    expect(t.entries.map(({ type }) => type).toSorted()).toEqual([
      'consents.connections_mine',
      'consents.disconnect_mine',
      'consents.give_mine',
      'consents.mine',
      'consents.withdraw_mine',
    ])
    const theirs = (await done<{ data: OwnConsent[] }>(myConsents, {}, account(await person(`other-${count}`)))).data
    expect(theirs).toMatchObject([{ id: other, state: 'in_force' }])
    expect(await done(disconnectMe, { partner: 'nobody-knows' })).toEqual({ withdrawn: 0, narrowed: 0, everybody: 1 })
  })

  it('pages through many, newest first', async () => {
    const ids = []
    for (const n of [1, 2, 3]) {
      t.clock.advance(1)
      ids.unshift(await give(`jane-${count}`, { evidence_reference: `form ${n}` }))
    }
    const first = await done<{ data: OwnConsent[]; next: string }>(myConsents, { limit: 2 })
    const second = await done<{ data: OwnConsent[]; next: null }>(myConsents, { limit: 2, cursor: first.next })
    expect([...first.data, ...second.data].map(({ id }) => id)).toEqual(ids)
    expect(second.next).toBeNull()
  })

  it('who is erased meanwhile finds nothing to withdraw', async () => {
    const consent = await give(`jane-${count}`)
    await t.database.transaction(t.tenant, (tx) => eraseSubject(tx, jane.id))
    expect(await refused(withdrawMyConsent, { consent })).toBe(doorProblems.not_found)
    expect(await refused(myConsents, {})).toBe(doorProblems.not_found)
  })
})
