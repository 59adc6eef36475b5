import type { Instant } from '@gatehouse/core/instant'
import { nodeTenant, systemPrincipal } from '@gatehouse/runtime/base/context'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { importRecords } from '../../vault/imports/import.ts'
import { planImport } from '../../vault/imports/plan.ts'
import { bytesOf } from '../../vault/testing/vault.ts'
import { liftHold } from '../lift-hold.ts'
import { listErasures } from '../list-erasures.ts'
import { placeHold } from '../place-hold.ts'
import { restore } from '../restore.ts'
import type { Erasure, Hold } from '../schema.ts'
import { standing } from '../standing.ts'
import { openRetention, type RetentionNode } from '../testing/retention.ts'
import { withdrawErasure } from '../withdraw-erasure.ts'
import { dueAction, monthsAfter, type RecordSpan } from './due.ts'
import { previewRules } from './preview.ts'
import { removeRule } from './remove.ts'
import { type RuleTerms, reprieveDays, type SweepCounts } from './schema.ts'
import { setRule } from './set.ts'
import { sweepByRules } from './sweep.ts'

const at = (text: string) => text as Instant
const span = (record_type: string, first: string, last = first): RecordSpan => ({
  record_type,
  first_at: at(`${first}T12:00:00.000Z`),
  last_at: at(`${last}T12:00:00.000Z`),
})
const terms = (months: number, action: RuleTerms['action'] = 'erase', counts_from: RuleTerms['counts_from'] = 'last_record'): RuleTerms => ({
  months,
  action,
  counts_from,
})
const now = at('2030-01-01T12:00:00.000Z')

describe('a time of so many months', () => {
  it.each([
    ['2024-01-31T10:00:00.000Z', 1, '2024-02-29T10:00:00.000Z'],
    ['2023-01-31T10:00:00.000Z', 1, '2023-02-28T10:00:00.000Z'],
    ['2024-02-29T10:00:00.000Z', 12, '2025-02-28T10:00:00.000Z'],
    ['2024-11-30T10:00:00.000Z', 3, '2025-02-28T10:00:00.000Z'],
    ['2024-12-31T23:59:59.999Z', 2, '2025-02-28T23:59:59.999Z'],
    ['2020-05-15T00:00:00.000Z', 120, '2030-05-15T00:00:00.000Z'],
  ])('from %s, %i, ends on %s', (from, months, end) => expect(monthsAfter(at(from), months)).toBe(end))
})

describe('a person is due', () => {
  const due = (spans: readonly RecordSpan[], rules: Record<string, RuleTerms>) => dueAction(spans, new Map(Object.entries(rules)), now)

  it('never without a record, nor while one type has no rule, nor one whose time is not over', () => {
    expect(due([], { a: terms(1) })).toBeUndefined()
    expect(due([span('a', '2000-01-01')], {})).toBeUndefined()
    expect(due([span('a', '2000-01-01'), span('b', '2000-01-01')], { a: terms(1) })).toBeUndefined()
    expect(due([span('a', '2000-01-01'), span('b', '2029-12-31')], { a: terms(1), b: terms(1) })).toBeUndefined()
  })

  it('by the default of the institution where a type has no rule of its own, and by that alone where it has one', () => {
    expect(due([span('a', '2000-01-01'), span('b', '2000-01-01')], { '*': terms(1), a: terms(1) })).toBe('erase')
    expect(due([span('a', '2029-12-31')], { '*': terms(1), a: terms(1) })).toBeUndefined()
    expect(due([span('a', '2020-01-01')], { '*': terms(1), a: terms(1_200) })).toBeUndefined()
    expect(due([span('b', '2020-01-01')], { '*': terms(1, 'archive') })).toBe('archive')
    expect(due([], { '*': terms(1) })).toBeUndefined()
  })

  it('at the very moment, from the first or the last record', () => {
    expect(due([span('a', '2020-01-01')], { a: terms(120) })).toBe('erase')
    expect(due([span('a', '2020-01-02')], { a: terms(120) })).toBeUndefined()
    expect(due([span('a', '2010-01-01', '2029-01-01')], { a: terms(60) })).toBeUndefined()
    expect(due([span('a', '2010-01-01', '2029-01-01')], { a: terms(60, 'erase', 'first_record') })).toBe('erase')
  })

  it('to be hidden and not erased, where one of the rules only hides', () => {
    expect(due([span('a', '2000-01-01'), span('b', '2000-01-01')], { a: terms(1), b: terms(1, 'archive') })).toBe('archive')
  })
})

describe('the sweep', () => {
  let t: RetentionNode
  beforeAll(async () => {
    t = await openRetention()
  })
  afterAll(() => t.close())

  const system = () => systemPrincipal(t.tenant, 'job:retention-sweep')
  const sweep = () => t.done<SweepCounts>(sweepByRules, {}, system())
  const preview = (rule?: object) => t.done<SweepCounts & { first: { subject_id: string }[] }>(previewRules, rule === undefined ? {} : { rule })
  const statusOf = async (userId: string) => {
    const { status, erasure } = await t.done<{ status: string; erasure: Erasure | null }>(standing, { user_id: userId })
    return `${status} ${erasure?.state ?? '-'}`
  }
  const years = (count: number) => t.clock.advance(count * 366 * 86_400_000)

  it('does nothing without a rule, and a rule is of a record type that there is', async () => {
    years(30)
    expect(await sweep()).toEqual({ persons: 3, archive: 0, erase: 0, held: 0, spared: 0 })
    expect(await t.refused(setRule, { record_type: 'nothing', ...terms(12) })).toBe('/problems/retention/record-type-unknown')
    expect(await t.refused(removeRule, { record_type: 'customer' })).toBe('/problems/door/not-found')
    for (const months of [0, -1, 1.5, 1_201]) await expect(t.done(setRule, { record_type: 'customer', ...terms(months) })).rejects.toThrow()
  })

  it('does what the preview said, which changes nothing; a hold keeps the person, and lifted, it does not', async () => {
    const hold = await t.done<Hold>(placeHold, { user_id: 'C-1', matter: 'Case 1' })
    const rule = { record_type: 'customer', ...terms(120, 'archive') }
    const foreseen = { persons: 3, archive: 2, erase: 0, held: 1, spared: 0 }
    expect(await preview(rule)).toMatchObject({ ...foreseen, first: [{ action: 'archive' }, { action: 'archive' }] })
    expect(await preview()).toMatchObject({ archive: 0, first: [] })
    expect(await statusOf('C-2')).toBe('active -')
    await t.done(setRule, rule)
    expect(await sweep()).toEqual(foreseen)
    expect([await statusOf('C-1'), await statusOf('C-2'), await statusOf('C-3')]).toEqual(['active -', 'archived -', 'archived -'])
    await t.done(liftHold, { hold: hold.id })
    expect(await sweep()).toEqual({ persons: 3, archive: 1, erase: 0, held: 0, spared: 0 })
    expect(await sweep()).toEqual({ persons: 3, archive: 0, erase: 0, held: 0, spared: 0 })
    const entries = await t.rows<{ type: string }>(`SELECT type FROM ledger.entry WHERE type = 'retention.archived_by_rule'`)
    expect(entries).toHaveLength(3)
  })

  it('leaves alone for a year whom somebody showed again', async () => {
    await t.done(restore, { user_id: 'C-1' })
    expect(await sweep()).toMatchObject({ archive: 0, spared: 1 })
    t.clock.advance((reprieveDays + 1) * 86_400_000)
    expect(await sweep()).toMatchObject({ archive: 1, spared: 0 })
  })

  it('only proposes an erasure, once, which waits for two people; withdrawn, it is not proposed again for a year', async () => {
    await t.done(setRule, { record_type: 'customer', ...terms(12) })
    expect(await sweep()).toMatchObject({ erase: 3 })
    await t.turn()
    expect(await statusOf('C-2')).toBe('archived requested')
    expect(await sweep()).toMatchObject({ erase: 0 })
    const { data } = await t.done<{ data: Erasure[] }>(listErasures, {})
    expect(data.map(({ ground, requested_by, reference }) => [ground, requested_by, reference])).toEqual(
      Array.from({ length: 3 }, () => ['retention_ended', 'job:retention-sweep', null]),
    )
    const mine = (await t.done<{ erasure: Erasure }>(standing, { user_id: 'C-3' })).erasure
    await t.done(withdrawErasure, { erasure: mine.id })
    expect(await sweep()).toMatchObject({ erase: 0, spared: 1 })
    t.clock.advance((reprieveDays + 1) * 86_400_000)
    expect(await sweep()).toMatchObject({ erase: 1, spared: 0 })
  })

  it('keeps whoever has a record of a type without a rule, and everybody once the rule is gone', async () => {
    await t.done(removeRule, { record_type: 'customer' })
    const mapping = { record_type: 'loan', subject: 'customer_id', drop: [], fields: { sum: { name: 'sum', type: 'integer' } } }
    const plan = await t.done<{ import_id: string }>(planImport, { mapping, format: 'csv' })
    await t.done(importRecords, { import: plan.import_id, body: bytesOf('customer_id,sum\nC-50,7\n') })
    years(10)
    expect(await preview({ record_type: 'loan', ...terms(12, 'archive') })).toMatchObject({ persons: 4, archive: 1 })
    expect(await preview({ record_type: 'customer', ...terms(12, 'archive') })).toMatchObject({ archive: 0 })
    expect(await sweep()).toMatchObject({ archive: 0, erase: 0 })
  })

  it('follows the default of the institution for every type without a rule, until it is gone', async () => {
    expect(await preview({ record_type: '*', ...terms(12, 'archive') })).toMatchObject({ archive: 1 })
    await t.done(setRule, { record_type: '*', ...terms(1_200, 'archive') })
    expect(await preview()).toMatchObject({ archive: 0 })
    expect(await preview({ record_type: 'loan', ...terms(12, 'archive') })).toMatchObject({ archive: 1 })
    await t.done(removeRule, { record_type: '*' })
    expect(await t.refused(removeRule, { record_type: '*' })).toBe('/problems/door/not-found')
  })

  it('is handed to the institutions that have rules, and to no other', async () => {
    t.enqueued.length = 0
    const asNode = systemPrincipal(nodeTenant, 'job:retention-sweep')
    await t.done(sweepByRules, {}, asNode)
    expect(t.enqueued).toEqual([])
    await t.done(setRule, { record_type: 'loan', ...terms(12) })
    await t.done(sweepByRules, {}, asNode)
    expect(t.enqueued).toEqual([{ queue: 'retention-sweep', data: { tenant: t.tenant } }])
  })
})
