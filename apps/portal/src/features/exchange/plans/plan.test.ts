import { describe, expect, it } from 'vitest'
import {
  addElement,
  addSource,
  asPlan,
  barsColumn,
  emptyPlan,
  freeName,
  type Plan,
  railsOf,
  removeElement,
  removeSource,
  renameElement,
  sessionBarred,
  withForm,
} from './plan.ts'
import { fromLines, linesOf } from './predicate.ts'

const column = (name: string, more = {}) => ({ name, type: 'string', semantic: null, identifier_role: 'none', weight_hint: null, ...more })
const grown = (): Plan => {
  let plan = addSource(addSource(emptyPlan('Falls'), 'clinic.visits'), 'registry.visits')
  plan = addElement(plan, 'visits', column('age', { type: 'integer', identifier_role: 'quasi', weight_hint: 0.8 }))
  plan = addElement(plan, 'visits_2', column('age'))
  return {
    ...plan,
    cohort: { all: [{ column: 'age', is: 'ge', value: 65 }, { not: { column: 'age_2', missing: true } }] },
    aggregation: { by: ['age', 'age_2'] },
  }
}

describe('a plan in forms', () => {
  it.each([
    ['a text', 'plan'],
    ['one without an output', { ...emptyPlan('x'), output: undefined }],
    ['sources that are no list', { ...emptyPlan('x'), sources: {} }],
    ['an element without a role', { ...emptyPlan('x'), elements: [{ name: 'a', source: 'b', column: 'c' }] }],
    ['passes that are no lists', { ...emptyPlan('x'), linkage: { keys: [], method: { kind: 'deterministic', passes: ['a'] } } }],
    ['keys without columns', { ...emptyPlan('x'), linkage: { keys: [{ name: 'a', form: 'name' }], method: { kind: 'probabilistic' } } }],
    ['a model without a name', { ...emptyPlan('x'), treatment: { models: [{}] } }],
  ])('is left to the JSON view where it is %s', (_, value) => expect(asPlan(value)).toBeUndefined())

  it('keeps what the forms do not know', () => expect(asPlan({ ...emptyPlan('x'), more: 1 })).toMatchObject({ more: 1 }))

  it('names nothing twice, and nothing by signs that a plan does not take', () => {
    expect([freeName('9 Äge–group', []), freeName('age', ['age', 'age_2']), freeName('1', [])]).toEqual(['ge_group', 'age_3', 'x'])
    expect(grown().sources.map(({ as }) => as)).toEqual(['visits', 'visits_2'])
  })

  it('takes an element in the role, with the weight and as coarse as its keepers say', () => {
    expect(grown().elements[0]).toEqual({
      name: 'age',
      source: 'visits',
      column: 'age',
      role: 'quasi',
      weight: 0.8,
      hierarchy: { kind: 'interval', widths: [5, 10, 20, 40] },
    })
  })

  it('loses with a source all that came from it', () => {
    const left = removeSource(
      { ...grown(), prepare: { visits: [], visits_2: [] }, linkage: { keys: [], method: { kind: 'deterministic', passes: [] } } },
      'visits_2',
    )
    expect(left).toMatchObject({ cohort: { all: [{ column: 'age' }] }, aggregation: { by: ['age'] }, prepare: { visits: [] } })
    expect(left.elements).toHaveLength(1)
    expect(left).not.toHaveProperty('linkage')
  })

  it('loses cohort and figures with the last element they speak of, and follows another name', () => {
    const left = removeElement(removeElement(grown(), 'age'), 'age_2')
    expect([left.cohort, left.aggregation]).toEqual([undefined, undefined])
    expect(renameElement(grown(), 'age', 'years')).toMatchObject({ cohort: { all: [{ column: 'years' }, {}] }, aggregation: { by: ['years', 'age_2'] } })
  })

  it('says what a form bars, and takes it out when the form is chosen', () => {
    const linked = withForm(
      { ...grown(), linkage: { keys: [{ name: 'id', form: 'identifier', columns: {} }], method: { kind: 'probabilistic' } } },
      'pseudonymised',
    )
    expect(linked).not.toHaveProperty('aggregation')
    const named = addElement(linked, 'visits', column('patient', { identifier_role: 'subject' }))
    expect(named.elements.at(-1)).toMatchObject({ role: 'identifying', mask: { mask: 'token' } })
    expect(withForm(named, 'identifiable').elements.at(-1)).not.toHaveProperty('mask')
    expect(withForm(named, 'identifiable')).not.toHaveProperty('treatment')
    expect(withForm(named, 'anonymised').linkage?.method).toEqual({ kind: 'deterministic', passes: [['id']] })
    expect(withForm(named, 'anonymised').elements).toHaveLength(2)
    expect([grown(), linked, withForm(grown(), 'pseudonymised')].map(railsOf)).toEqual([
      ['probabilistic', 'identifying', 'link_missing'],
      ['figures'],
      ['figures', 'pseudonym_keys', 'link_missing'],
    ])
    const across = {
      ...linked,
      sources: [{ as: 'visits', table: 'leeds/ward.visits' }],
      linkage: { ...linked.linkage, method: { kind: 'session', passes: [['id']] } },
    } as Plan
    expect([across, { ...across, form: 'anonymised' as const }, withForm(grown(), 'anonymised')].map(sessionBarred)).toEqual([
      'sessionPseudonyms',
      undefined,
      'sessionElsewhere',
    ])
    expect(withForm({ ...across, form: 'anonymised' }, 'pseudonymised').linkage?.method.kind).toBe('deterministic')
    expect(['subject', 'direct', 'quasi'].map((identifier_role) => barsColumn(grown(), { identifier_role }))).toEqual([true, true, false])
  })
})

describe('a condition in lines', () => {
  const isNumber = (name: string) => name === 'age'

  it.each([
    ['a denial', { not: { column: 'a', missing: true } }],
    ['one within another', { all: [{ any: [{ column: 'a', missing: true }] }] }],
  ])('is left to its JSON where it is %s', (_, predicate) => expect(linesOf(predicate as never)).toBeUndefined())

  it('comes back as it went', () => {
    for (const predicate of [
      undefined,
      { column: 'age', is: 'lt', value: 10 },
      {
        all: [
          { column: 'a', is: 'eq', value: '10' },
          { column: 'a', missing: false },
        ],
      },
      {
        any: [
          { column: 'a', starts_with: 'x' },
          { column: 'age', in: [1, 2] },
          { column: 'b', is: 'ne', value: true },
        ],
      },
    ] as const) {
      const lines = linesOf(predicate)
      expect(lines === undefined ? 'nested' : fromLines(lines, isNumber)).toEqual(predicate)
    }
  })

  it('takes what is typed for a number only in a column of numbers', () => {
    expect(fromLines({ join: 'all', lines: [{ column: 'age', test: 'eq', value: '' }] }, isNumber)).toEqual({ column: 'age', is: 'eq', value: '' })
    expect(fromLines({ join: 'all', lines: [{ column: 'code', test: 'eq', value: '007' }] }, isNumber)).toEqual({ column: 'code', is: 'eq', value: '007' })
  })
})
