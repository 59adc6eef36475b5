import { describe, expect, it } from 'vitest'
import { changed, column, gp, hospital, linkedPlan, tables } from '../testing/plans.ts'
import { checkPlan } from './check.ts'
import { draftPlan } from './draft.ts'
import { parsePlan } from './parse.ts'
import type { QueryPlan } from './schema.ts'
import type { PlanTable } from './table.ts'

function planOf(json: unknown): QueryPlan {
  const read = parsePlan(json)
  if (!read.ok) throw new Error(JSON.stringify(read.errors))
  return read.value
}
function faultsOf(json: unknown, known: ReadonlyMap<string, PlanTable> = tables) {
  const checked = checkPlan(planOf(json), known)
  return checked.ok ? [] : checked.errors
}

describe('a plan held to its tables is refused', () => {
  it.each([
    ['a column that the table lacks', '/elements/0/column', 'years', '/elements/0/column', /"patient_id"/],
    ['a key column that the table lacks', '/linkage/keys/0/columns/ward', 'nhs', '/linkage/keys/0/columns/ward', /has no column "nhs"/],
    ['a filter on a column that is not there', '/sources/1/where', { column: 'dx', missing: true }, '/sources/1/where/column', /no column "dx"/],
    ['a filter of another type', '/sources/1/where', { column: 'nights', is: 'gt', value: '3' }, '/sources/1/where/value', /integer/],
    ['a cohort of another type', '/cohort', { column: 'age', starts_with: '1' }, '/cohort/starts_with', /only text/],
    ['a unit of text', '/prepare', { ward: [{ do: 'convert', column: 'diagnosis', from: 'kg', to: 'g' }] }, '/prepare/ward/0/column', /only numbers/],
    ['a unit that is none', '/prepare', { gp: [{ do: 'convert', column: 'weight_lb', from: 'stone', to: 'kg' }] }, '/prepare/gp/0/from', /UCUM/],
    ['a name that is taken', '/prepare', { gp: [{ do: 'rename', column: 'weight_lb', to: 'age' }] }, '/prepare/gp/0/to', /already/],
    ['a sum of text', '/elements/3/reduce', 'sum', '/elements/3/reduce', /only numbers/],
    ['a truth of numbers', '/elements/4/reduce', 'any', '/elements/4/reduce', /true and false/],
    ['a number read as a date', '/elements/4/type', 'date', '/elements/4/type', /not taken for date/],
    ['intervals of text', '/elements/1/hierarchy', { kind: 'interval', widths: [5] }, '/elements/1/hierarchy', /"number"/],
    ['a key of clashing types', '/linkage/keys/3/columns/ward', 'nights', '/linkage/keys/3/columns/ward', /integer, which is no date/],
  ])('for %s', (_, at, value, pointer, detail) => {
    const json =
      at === '/prepare' && (value as { gp?: { do: string }[] }).gp?.[0]?.do === 'rename'
        ? changed(changed(linkedPlan, at, value), '/elements/2', linkedPlan.elements[3])
        : changed(linkedPlan, at, value)
    const named = json as { elements: { name: string }[] }
    if (named.elements[2]?.name === 'diagnosis') named.elements.splice(3, 1)
    const faults = faultsOf(json)
    expect(faults.map((fault) => fault.pointer)).toContain(pointer)
    expect(faults.find((fault) => fault.pointer === pointer)?.detail).toMatch(detail)
  })

  it('for a table that is not there, without a word on its columns', () => {
    expect(faultsOf(linkedPlan, new Map([['gp', gp]]))).toMatchObject([
      { pointer: '/sources/1/table', detail: expect.stringMatching(/no table "hospital.stays"/) },
    ])
  })

  it('for a key whose columns are a date here and text there, but for the form of dates', () => {
    const text = changed(linkedPlan, '/linkage/keys/3/form', 'text')
    expect(faultsOf(text)).toMatchObject([{ pointer: '/linkage/keys/3/columns', detail: expect.stringMatching(/one type/) }])
    expect(faultsOf(linkedPlan)).toEqual([])
  })

  it('for an element that the catalogue knows to name people, whatever the plan says of it', () => {
    const disguised = changed(linkedPlan, '/elements/1', { name: 'code', source: 'gp', column: 'nhs_number', role: 'insensitive' })
    expect(faultsOf(disguised)).toMatchObject([
      { pointer: '/elements/1', detail: expect.stringMatching(/names people.*catalogue knows the column as identifying/) },
    ])
    const renamed = changed(changed(linkedPlan, '/prepare', { gp: [{ do: 'rename', column: 'given_name', to: 'code' }] }), '/linkage/keys/2/columns/gp', 'code')
    expect(faultsOf(changed(renamed, '/elements/1', { name: 'town', source: 'gp', column: 'code', role: 'insensitive' }))).toMatchObject([
      { pointer: '/elements/1' },
    ])
  })
})

describe('a plan held to its tables', () => {
  it('takes the stricter word on how much an element tells of people', () => {
    const checked = checkPlan(planOf(changed(linkedPlan, '/elements/1/role', 'insensitive')), tables)
    expect(checked).toMatchObject({
      ok: true,
      raised: [{ pointer: '/elements/1/role', from: 'insensitive', to: 'quasi' }],
    })
    expect(checked.ok && checked.plan.elements.map(({ role }) => role)).toEqual(['quasi', 'quasi', 'sensitive', 'sensitive', 'insensitive'])
    const kept = checkPlan(planOf(changed(linkedPlan, '/elements/4/role', 'quasi')), tables)
    expect(kept).toMatchObject({ ok: true, raised: [] })
  })

  it('is drafted from them with keys, roles and a treatment, and passes', () => {
    const draft = draftPlan(tables, 'A draft')
    expect(draft.linkage?.method).toEqual({ kind: 'deterministic', passes: [['national_health_number'], ['family_name', 'given_name', 'date_of_birth']] })
    expect(draft.elements.map(({ name }) => name)).toEqual(['date_of_birth', 'age', 'town', 'weight_lb', 'smoker', 'born', 'diagnosis', 'nights'])
    expect(faultsOf(draft)).toEqual([])
    const alone = draftPlan(new Map([['stays', { ...hospital, columns: [column('nights', 'integer', 'plain')] }]]), 'Nights')
    expect(alone.linkage).toBeUndefined()
  })
})
