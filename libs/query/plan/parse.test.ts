import { describe, expect, it } from 'vitest'
import { changed, linkedPlan } from '../testing/plans.ts'
import { ownSources, seenFrom } from './nodes.ts'
import { parsePlan } from './parse.ts'

function faultsOf(json: unknown): { pointer: string; detail: string }[] {
  const read = parsePlan(json)
  return read.ok ? [] : [...read.errors]
}
const faulty = (pointer: string, value: unknown) => faultsOf(changed(linkedPlan, pointer, value))
const single = changed(changed(changed(linkedPlan, '/sources/1', undefined), '/linkage', undefined), '/elements', linkedPlan.elements.slice(0, 3)) as object
const oneSource = { ...(single as Record<string, unknown>), sources: linkedPlan.sources.slice(0, 1) }

describe('a query plan is refused, with the place and the way to mend it,', () => {
  it.each([
    ['is no object', 7, ''],
    ['is of another version', changed(linkedPlan, '/version', 2), '/version'],
    ['has a member nobody knows', changed(linkedPlan, '/elements/0/wieght', 1), '/elements/0/wieght'],
    ['names no table', changed(linkedPlan, '/sources/0/table', 'patients'), '/sources/0/table'],
    ['has a bad name', changed(linkedPlan, '/sources/0/as', 'GP'), '/sources/0/as'],
    ['prepares by an unknown step', changed(linkedPlan, '/prepare/gp/0/do', 'guess'), '/prepare/gp/0/do'],
    ['has a bad filter', changed(linkedPlan, '/sources/1/where', { all: [{ column: 'nights', is: '=', value: 1 }] }), '/sources/1/where/all/0'],
    ['has a bad cohort', changed(linkedPlan, '/cohort', { not: [] }), '/cohort/not'],
    ['asks for an unknown model', changed(linkedPlan, '/treatment/models/0/model', 'anonymous'), '/treatment/models/0/model'],
    [
      'has a measure of an unknown kind',
      changed(linkedPlan, '/aggregation', { by: ['town'], measures: [{ kind: 'median', of: 'nights' }] }),
      '/aggregation/measures/0/kind',
    ],
  ])('where it %s', (_, json, pointer) => {
    expect(faultsOf(json).map((fault) => fault.pointer)).toContain(pointer)
  })

  it.each([
    ['two sources of one name', '/sources/1/as', 'gp', '/sources/1/as', /unique/],
    ['two elements of one name', '/elements/1/name', 'age', '/elements/1/name', /unique/],
    ['an element of no source', '/elements/0/source', 'clinic', '/elements/0/source', /"gp", "ward"/],
    ['a preparation of no source', '/prepare', { clinic: [] }, '/prepare/clinic', /no source "clinic"/],
    ['a source that is not used', '/sources/2', { as: 'third', table: 'third.table' }, '/sources/2', /use it or leave it out/],
    ['several sources and no linkage', '/linkage', undefined, '/linkage', /by which keys/],
    ['a column that was renamed', '/prepare', { gp: [{ do: 'rename', column: 'age', to: 'years' }] }, '/elements/0/column', /called "years"/],
    ['a range without bounds', '/prepare', { gp: [{ do: 'range', column: 'age' }] }, '/prepare/gp/0', /min, max/],
    ['a range upside down', '/prepare', { gp: [{ do: 'range', column: 'age', min: 9, max: 1 }] }, '/prepare/gp/0/max', /smaller/],
    ['a key without the column of a source', '/linkage/keys/0/columns', { gp: 'nhs_number' }, '/linkage/keys/0/columns', /"ward"/],
    ['a key of an unknown source', '/linkage/keys/0/columns/clinic', 'x', '/linkage/keys/0/columns/clinic', /no source/],
    ['a pass of an unknown key', '/linkage/method/passes', [['nhs'], ['family', 'given', 'dob']], '/linkage/method/passes/1/2', /no key "dob"/],
    ['a pass without keys', '/linkage/method/passes', [['nhs'], []], '/linkage/method/passes/1', /everybody for one person/],
    [
      'the same pass twice',
      '/linkage/method/passes',
      [
        ['nhs', 'family'],
        ['family', 'nhs'],
      ],
      '/linkage/method/passes/1',
      /pass 1 asks for the same/,
    ],
    ['a key in no pass', '/linkage/method/passes', [['nhs']], '/linkage/keys/1', /no pass looks/],
    ['evidence weighed for an anonymised result', '/linkage/method', { kind: 'probabilistic' }, '/linkage/method', /deterministic passes/],
    ['a cohort over no element', '/cohort', { column: 'nhs_number', missing: false }, '/cohort/column', /no element/],
    ['an anonymised result without treatment', '/treatment', undefined, '/treatment', /at least one model/],
    [
      'an anonymised result that names people',
      '/elements/0',
      { name: 'who', source: 'gp', column: 'family_name', role: 'identifying' },
      '/elements/0',
      /names nobody/,
    ],
    ['a weight where nothing is weighed', '/elements/2/weight', 1, '/elements/2/weight', /only quasi-identifiers/],
    [
      'a model over no sensitive element',
      '/treatment/models/0',
      { model: 'distinct_l_diversity', attribute: 'age', l: 2 },
      '/treatment/models/0/attribute',
      /"sensitive"/,
    ],
    ['a hierarchy in a file', '/elements/1/hierarchy', { kind: 'file', path: 'towns.csv' }, '/elements/1/hierarchy', /no files/],
    [
      'a measure of what the table is parted by',
      '/aggregation',
      { by: ['town'], measures: [{ kind: 'sum', of: 'town' }] },
      '/aggregation/measures/0/of',
      /measure another/,
    ],
    [
      'a measure of what is generalised',
      '/aggregation',
      { by: ['town'], measures: [{ kind: 'mean', of: 'age' }] },
      '/aggregation/measures/0/of',
      /makes groups/,
    ],
    [
      'noise on sums',
      '/aggregation',
      { by: ['town'], measures: [{ kind: 'sum', of: 'nights' }], noise: { epsilon: 1 } },
      '/aggregation/measures/0',
      /counts only/,
    ],
  ])('with %s', (_, at, value, pointer, detail) => {
    const faults = faulty(at, value)
    expect(faults.map((fault) => fault.pointer)).toContain(pointer)
    expect(faults.find((fault) => fault.pointer === pointer)?.detail).toMatch(detail)
  })

  it('by what its form of result allows', () => {
    const as = (form: string, more: object = {}) => faultsOf({ ...linkedPlan, form, ...more })
    const named = [...linkedPlan.elements, { name: 'surname', source: 'gp', column: 'family_name', role: 'identifying' as const }]
    expect(as('pseudonymised', { elements: named })[0]).toMatchObject({ pointer: '/elements/5/mask', detail: expect.stringMatching(/masked by token or hash/) })
    expect(as('pseudonymised', { elements: [{ ...linkedPlan.elements[0], name: 'person' }, linkedPlan.elements[3]], cohort: undefined })[0]?.pointer).toBe(
      '/elements/0/name',
    )
    expect(as('identifiable', { elements: named })[0]).toMatchObject({ pointer: '/elements/5/mask', detail: expect.stringMatching(/untreated/) })
    expect(as('pseudonymised', { aggregation: { by: ['town'] } })[0]?.pointer).toBe('/form')
    expect(
      as('pseudonymised', {
        cohort: { column: 'surname', is: 'eq', value: 'Jones' },
        elements: [...linkedPlan.elements, { ...named[5], mask: { mask: 'hash' } }],
      })[0],
    ).toMatchObject({
      pointer: '/cohort/column',
      detail: expect.stringMatching(/singles them out/),
    })
    expect(faultsOf({ ...oneSource, form: 'pseudonymised' })[0]?.pointer).toBe('/linkage')
    expect(faultsOf({ ...oneSource, prepare: {}, aggregation: { by: ['town'], noise: { epsilon: 1 } } })[0]?.pointer).toBe('/aggregation/noise')
  })
})

describe('tables of other nodes', () => {
  const across = changed(linkedPlan, '/sources/1/table', 'st-mary/hospital.stays') as typeof linkedPlan

  it('are named by their node, once, and a deadline needs one', () => {
    expect(faultsOf(across)).toEqual([])
    for (const table of ['st-mary/leeds/hospital.stays', '/hospital.stays', 'St-Mary/hospital.stays', 'st-mary/']) {
      expect(faultsOf(changed(across, '/sources/1/table', table))[0]?.pointer).toBe('/sources/1/table')
    }
    expect(faultsOf({ ...linkedPlan, nodes: { deadline_hours: 2 } })[0]?.pointer).toBe('/nodes')
    expect(faultsOf({ ...across, nodes: { deadline_hours: 2, partial: 'allowed' } })).toEqual([])
  })

  it('are not weighed across nodes', () => {
    const weighed = { ...across, form: 'pseudonymised', linkage: { ...across.linkage, method: { kind: 'probabilistic' } } }
    expect(faultsOf(weighed).map(({ pointer }) => pointer)).toContain('/linkage/method')
  })

  it('are linked in a session where there are other nodes, for results that nobody is found again in', () => {
    const inSession = (plan: typeof linkedPlan, form = 'anonymised') => ({
      ...plan,
      form,
      linkage: { ...plan.linkage, method: { kind: 'session', passes: plan.linkage.method.passes } },
    })
    expect(faultsOf(inSession(across))).toEqual([])
    expect(faultsOf(inSession(linkedPlan))).toMatchObject([
      { pointer: '/linkage/method', detail: expect.stringMatching(/no table of the plan is at another node/) },
    ])
    expect(faultsOf(inSession(across, 'pseudonymised'))).toMatchObject([{ pointer: '/linkage/method', detail: expect.stringMatching(/found again/) }])
    const unknown = { ...inSession(across).linkage, method: { kind: 'session', passes: [['shoe_size']] } }
    expect(faultsOf({ ...across, linkage: unknown })[0]).toMatchObject({ pointer: '/linkage/method/passes/0/0' })
    const misspelt = { ...across, linkage: { ...across.linkage, method: { kind: 'seance', passes: [] } } }
    expect(faultsOf(misspelt)).toMatchObject([{ pointer: '/linkage/method/kind', detail: 'use one of deterministic, session, probabilistic, encoded' }])
  })

  it('are linked by encodings, through a node that holds none of them, where two nodes have some', () => {
    const keys = across.linkage.keys.slice(-2)
    const encoded = (method: object = {}, more: object = {}) => ({
      ...across,
      linkage: { keys, method: { kind: 'encoded', unit: 'trust', ...method } },
      ...more,
    })
    expect(parsePlan(encoded())).toMatchObject({ ok: true, value: { linkage: { method: { threshold: 0.8, keys_min: 2 } } } })
    const first = (plan: object) => faultsOf(plan)[0]
    expect(first({ ...encoded(), sources: linkedPlan.sources })).toMatchObject({
      pointer: '/linkage/method',
      detail: expect.stringMatching(/weigh evidence there/),
    })
    expect(first(encoded({ unit: 'st-mary' }))).toMatchObject({ pointer: '/linkage/method/unit', detail: expect.stringMatching(/name another node/) })
    expect(first(encoded({ unit: 'St Mary' }))?.pointer).toBe('/linkage/method/unit')
    expect(first(encoded({ threshold: 0.5 }))?.pointer).toBe('/linkage/method/threshold')
    expect(first(encoded({ keys_min: 3 }))?.pointer).toBe('/linkage/method/keys_min')
    expect(first(encoded({ review_from: 0.6 }))?.pointer).toBe('/linkage/method/review_from')
    expect(first(encoded({}, { form: 'pseudonymised' }))).toMatchObject({ pointer: '/linkage/method', detail: expect.stringMatching(/another form of result/) })
    const one = { ...encoded(), linkage: { keys: keys.slice(0, 1), method: { kind: 'encoded', unit: 'trust', keys_min: 1 } } }
    expect(first(one)).toMatchObject({ pointer: '/linkage/keys', detail: expect.stringMatching(/two keys or more/) })
  })

  it('are seen from where each node stands', () => {
    const read = parsePlan(across)
    if (!read.ok) throw new Error('the plan was not read')
    const there = seenFrom(read.value, { reader: 'st-mary', sender: 'york' })
    expect(there.sources.map(({ table }) => table)).toEqual(['york/surgery.patients', 'hospital.stays'])
    expect(ownSources(there).map(({ as }) => as)).toEqual(['ward'])
    expect(seenFrom(there, { reader: 'york', sender: 'st-mary' })).toEqual(read.value)
  })
})

describe('a query plan is read', () => {
  it('with its defaults written out', () => {
    const read = parsePlan(linkedPlan)
    expect(read).toMatchObject({
      ok: true,
      value: { sources: [{ rows_max: 10_000_000 }, {}], output: { expires_days: 90, formats: ['csv', 'json', 'parquet'] } },
    })
    expect(faultsOf(oneSource)).toEqual([])
  })

  it('for pseudonyms with evidence weighed, for people by name, and for figures alone', () => {
    expect(
      faultsOf({
        ...linkedPlan,
        form: 'pseudonymised',
        linkage: { ...linkedPlan.linkage, method: { kind: 'probabilistic', threshold: 0.95, review_from: 0.6 } },
      }),
    ).toEqual([])
    expect(faultsOf({ ...linkedPlan, form: 'pseudonymised', treatment: undefined })).toEqual([])
    const named = [
      ...linkedPlan.elements.map(({ name, source, column }) => ({ name, source, column, role: 'insensitive' })),
      { name: 'surname', source: 'gp', column: 'family_name', role: 'identifying' },
    ]
    expect(faultsOf({ ...linkedPlan, form: 'identifiable', treatment: undefined, elements: named })).toEqual([])
    expect(
      faultsOf({ ...linkedPlan, treatment: undefined, aggregation: { by: ['town'], measures: [{ kind: 'count' }, { kind: 'mean', of: 'nights' }] } }),
    ).toEqual([])
    expect(faultsOf({ ...linkedPlan, treatment: undefined, aggregation: { by: ['town'], noise: { epsilon: 0.5 } } })).toEqual([])
  })
})
