import { toHex, utf8 } from '@gatehouse/crypto/bytes'
import { nodePrimitives as primitives } from '@gatehouse/crypto/node'
import { isTokenOf } from '@gatehouse/linkage/token/fit-token'
import type { AudienceKey } from '@gatehouse/linkage/token/key'
import type { SourceRecord, SourceValue } from '@gatehouse/tabular/value'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parsePlan } from '../plan/parse.ts'
import type { PlanTable } from '../plan/table.ts'
import { changed, column, dataOf, gp, gpRow, hospital, linkedPlan, nhsNumbers, tables } from '../testing/plans.ts'
import { runPlanInMemory, testSecrets } from '../testing/run-plan.ts'
import { passesOf } from './plan-steps.ts'
import { StepStop } from './step.ts'
import { schemeOf } from './tokenise.ts'

describe('a source on its way', () => {
  const single = {
    ...changed(linkedPlan, '/linkage', undefined),
    sources: [linkedPlan.sources[0]],
    elements: linkedPlan.elements.slice(0, 3),
    cohort: undefined,
    treatment: undefined,
    form: 'identifiable',
    prepare: {},
  }
  const prepared = (steps: readonly object[], rows: readonly SourceRecord[], known: PlanTable = gp) =>
    runPlanInMemory({ ...single, prepare: { gp: steps } }, new Map([['gp', known]]), new Map([['gp', dataOf(known, rows)]]))

  it('ends where a check says so, and names the check and no value', async () => {
    const stopped = prepared([{ do: 'require', column: 'town', rule: 'present', otherwise: 'stop' }], [gpRow(0), gpRow(1, { town: null })])
    await expect(stopped).rejects.toThrow(StepStop)
    await expect(stopped).rejects.toThrow(/require of town \(\/0\): 1 rows of a chunk are not present/)
    await expect(prepared([{ do: 'code', column: 'town', list: { York: 'YRK' }, otherwise: 'stop' }], [gpRow(1)])).rejects.toThrow(/not_in_list/)
    await expect(prepared([{ do: 'range', column: 'age', max: 9, otherwise: 'stop' }], [gpRow(1)])).rejects.toThrow(/outside/)
  })

  it('loses who objected before anything else is looked at, and counts them', async () => {
    const key = new Uint8Array(32).fill(1)
    const digests = new Set(['p1', 'p4'].map((id) => toHex(primitives.hmacSha256(key, utf8(id)))))
    // The row of an objector would stop the run, were it looked at.
    const rows = [gpRow(0), gpRow(1, { town: null }), gpRow(2, { patient_id: null }), gpRow(4)]
    const stopping = { ...single, prepare: { gp: [{ do: 'require', column: 'town', rule: 'present', otherwise: 'stop' }] } }
    const { rows: told, facts } = await runPlanInMemory(stopping, tables, new Map([['gp', dataOf(gp, rows)]]), { ...testSecrets, excluded: { key, digests } })
    expect(told.map(({ weight }) => weight)).toEqual([100, 102])
    expect(facts.get('extract:gp')?.stages?.find(({ kind }) => kind === 'exclude')).toEqual({
      kind: 'exclude',
      rows_in: 4,
      rows_out: 2,
      cells_changed: 0,
      reasons: { objected: 2 },
    })
  })

  it('is checked, coded, converted and put into form, each loss by its reason', async () => {
    const rows = [
      gpRow(0, { nhs_number: '9434765918' }),
      gpRow(1, { town: ' York ', age: 130 }),
      gpRow(2, { town: 'Hull' }),
      gpRow(3, { patient_id: 'p2' }),
      gpRow(4, { town: null }),
    ]
    const { rows: told, facts } = await prepared(
      [
        { do: 'require', column: 'nhs_number', rule: 'valid' },
        { do: 'require', column: 'patient_id', rule: 'unique' },
        { do: 'require', column: 'town', rule: 'present' },
        { do: 'range', column: 'age', max: 120 },
        { do: 'normalise', column: 'town', form: 'text' },
        { do: 'code', column: 'town', list: { york: 'YRK' } },
        { do: 'convert', column: 'weight_lb', from: '[lb_av]', to: 'kg' },
      ],
      rows,
    )
    expect(told).toEqual([
      { age: null, town: 'YRK', weight: 45.81282937 },
      { age: 22, town: null, weight: 46.26642174 },
    ])
    expect(facts.get('extract:gp')?.reasons).toEqual({ not_valid: 1, not_unique: 1, not_present: 1, out_of_range: 1, not_in_list: 1 })
    expect(facts.get('extract:gp')).toMatchObject({ rows_in: 5, rows_out: 2 })
  })

  it('takes a unit, a new name and a type along to the element', async () => {
    const known: PlanTable = { reference: 'a.b', columns: [column('dose', 'string', 'plain'), column('when', 'string', 'plain')] }
    const plan = {
      version: 1,
      form: 'identifiable',
      sources: [{ as: 'a', table: 'a.b', where: { column: 'dose', is: 'ne', value: 'none' } }],
      prepare: { a: [{ do: 'rename', column: 'dose', to: 'amount' }] },
      elements: [
        { name: 'mg', source: 'a', column: 'amount', role: 'insensitive', type: 'number' },
        { name: 'day', source: 'a', column: 'when', role: 'insensitive', type: 'date', date_order: 'dmy' },
      ],
      output: { title: 'Doses' },
    }
    const rows = [
      { dose: '2.5', when: '03/04/2026' },
      { dose: 'much', when: 'then' },
      { dose: 'none', when: null },
    ]
    const { rows: told, facts } = await runPlanInMemory(plan, new Map([['a', known]]), new Map([['a', dataOf(known, rows)]]))
    expect(told).toEqual([
      { mg: 2.5, day: '2026-04-03' },
      { mg: null, day: null },
    ])
    expect(facts.get('extract:a')?.reasons).toEqual({ filtered: 1, not_number: 1, not_date: 1 })
  })
})

describe('people linked by digests', () => {
  const left: PlanTable = {
    reference: 'a.left',
    columns: [column('k1', 'string', 'plain'), column('k2', 'string', 'plain'), column('v', 'integer', 'plain'), column('t', 'string', 'plain')],
  }
  const right: PlanTable = { ...left, reference: 'a.right' }
  const row = fc.record({
    k1: fc.option(fc.constantFrom('a', 'B', 'b', 'c', 'd')),
    k2: fc.option(fc.constantFrom('x', 'y', 'z')),
    v: fc.option(fc.integer({ min: -3, max: 9 })),
    t: fc.option(fc.constantFrom('p', 'q', 'r')),
  })
  const reductions = ['first', 'last', 'min', 'max', 'mean', 'sum', 'count'] as const

  /** By values in clear, every pair of records with every other. */
  function naivePeople(rows: readonly SourceRecord[], passes: readonly (readonly string[])[]): number[] {
    const person = rows.map((_, index) => index)
    const agrees = (one: SourceRecord, other: SourceRecord) =>
      passes.some((pass) =>
        pass.every((key) => one[key] !== null && other[key] !== null && String(one[key]).toLowerCase() === String(other[key]).toLowerCase()),
      )
    const rename = (from: number, to: number) =>
      person.forEach((who, at) => {
        if (who === from) person[at] = to
      })
    rows.forEach((one, i) => {
      rows.slice(0, i).forEach((other, j) => {
        const [first, second] = [person[i] as number, person[j] as number]
        if (agrees(one, other)) rename(Math.max(first, second), Math.min(first, second))
      })
    })
    return person
  }
  function naiveReduce(values: readonly SourceValue[], how: (typeof reductions)[number]): SourceValue {
    const there = values.filter((value) => value !== null)
    if (how === 'count') return there.length
    if (there.length === 0) return null
    const sum = () => there.reduce((total: number, value) => total + (value as number), 0)
    if (how === 'sum') return sum()
    if (how === 'mean') return sum() / there.length
    if (how === 'first') return there[0] as SourceValue
    if (how === 'last') return there.at(-1) as SourceValue
    return there.reduce((best, value) =>
      (how === 'min' ? (value as number) < (best as number) : (value as number) > (best as number)) ? value : best,
    ) as SourceValue
  }

  it('are the same as by values in clear, pair by pair', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(row, { maxLength: 12 }),
        fc.array(row, { maxLength: 12 }),
        fc.constantFrom<string[][]>([['k1']], [['k1', 'k2']], [['k1', 'k2'], ['k2']], [['k2'], ['k1']]),
        fc.constantFrom('everybody', 'linked', 'first'),
        fc.constantFrom(...reductions),
        async (a, b, passes, keep, reduce) => {
          const used = [...new Set(passes.flat())]
          const plan = {
            version: 1,
            form: 'identifiable',
            sources: [
              { as: 'a', table: 'a.left' },
              { as: 'b', table: 'a.right' },
            ],
            elements: [
              { name: 'av', source: 'a', column: 'v', role: 'insensitive', reduce },
              { name: 'bv', source: 'b', column: 'v', role: 'insensitive', reduce },
              { name: 'bt', source: 'b', column: 't', role: 'insensitive', reduce: reduce === 'mean' || reduce === 'sum' ? 'last' : reduce },
            ],
            linkage: { keys: used.map((name) => ({ name, form: 'text', columns: { a: name, b: name } })), method: { kind: 'deterministic', passes }, keep },
            output: { title: 'Both' },
          }
          const { rows, facts } = await runPlanInMemory(
            plan,
            new Map([
              ['a', left],
              ['b', right],
            ]),
            new Map([
              ['a', dataOf(left, a)],
              ['b', dataOf(right, b)],
            ]),
          )
          const person = naivePeople([...a, ...b], passes)
          const people = [...new Set(person)].sort((one, other) => one - other)
          const expected = people.flatMap((who) => {
            const ofA = a.filter((_, index) => person[index] === who)
            const ofB = b.filter((_, index) => person[a.length + index] === who)
            if (keep === 'linked' && (ofA.length === 0 || ofB.length === 0)) return []
            if (keep === 'first' && ofA.length === 0) return []
            const text = reduce === 'mean' || reduce === 'sum' ? 'last' : reduce
            return [
              {
                av: naiveReduce(
                  ofA.map(({ v }) => v),
                  reduce,
                ),
                bv: naiveReduce(
                  ofB.map(({ v }) => v),
                  reduce,
                ),
                bt: naiveReduce(
                  ofB.map(({ t }) => t),
                  text,
                ),
              },
            ]
          })
          expect(rows).toEqual(expected)
          expect(facts.get('link')).toMatchObject({ rows_in: a.length + b.length, rows_out: expected.length, reasons: { people: people.length } })
        },
      ),
      { numRuns: 150 },
    )
  })

  it('meet by no value in clear, and not under the key of another project', async () => {
    const plan = { ...linkedPlan, treatment: undefined, form: 'pseudonymised', cohort: undefined, prepare: {} }
    const data = new Map([
      ['gp', dataOf(gp, [gpRow(0), gpRow(1)])],
      ['ward', dataOf(hospital, [{ number: nhsNumbers[0] ?? null, surname: 'Other', forename: null, born: null, diagnosis: 'gout', nights: 3 }])],
    ])
    const { rows, outputs, result } = await runPlanInMemory(plan, tables, data)
    const between = outputs.get('extract:gp')?.fields.map(({ name }) => name)
    expect(between).toEqual(['age', 'town', 'weight', '#high0', '#low0', '#high1', '#low1', '#token'])
    expect(rows).toHaveLength(2)
    const linked = rows.find(({ diagnosis }) => diagnosis === 'gout')
    expect(linked).toMatchObject({ nights: 3, town: 'York' })
    expect(result.columns.map(({ field }) => field.name)).toEqual(['person', 'age', 'town', 'weight', 'diagnosis', 'nights'])
    const read = parsePlan(plan)
    const [first] = read.ok ? passesOf(read.value, tables, 'gp') : []
    // Re-identification makes the token anew from a candidate's identifiers.
    const scheme = schemeOf(first as NonNullable<typeof first>)
    const key = testSecrets.token as AudienceKey
    expect(isTokenOf(primitives, key, scheme, { nhs_number: '943 476 5919' }, String(linked?.person))).toBe(true)
    expect(isTokenOf(primitives, key, scheme, { nhs_number: nhsNumbers[1] ?? '' }, String(linked?.person))).toBe(false)
    const other = await runPlanInMemory(plan, tables, data, {
      ...testSecrets,
      person: new Uint8Array(32).fill(8),
      token: { ...key, key: new Uint8Array(32).fill(4) },
    })
    expect(other.rows.map(({ person }) => person)).not.toContain(linked?.person)
    expect(toHex(other.outputs.get('write')?.people ?? new Uint8Array())).not.toBe(toHex(outputs.get('write')?.people ?? new Uint8Array()))
  })
})

describe('the rows of people', () => {
  const many = Array.from({ length: 60 }, (_, who) =>
    gpRow(who, { nhs_number: null, family_name: `Name ${String.fromCharCode(97 + (who % 26))}${String.fromCharCode(97 + Math.floor(who / 26))}` }),
  )
  const data = new Map([
    ['gp', dataOf(gp, many)],
    ['ward', dataOf(hospital, [])],
  ])

  it('are refused where the treatment cannot keep what was promised, with the risk before', async () => {
    const strict = changed(linkedPlan, '/treatment/risk_loop', { knob: 'k', settings: [2, 30], threshold: 0.01 })
    const { rows, facts } = await runPlanInMemory(strict, tables, data)
    expect(rows).toEqual([])
    expect(facts.get('treat')).toMatchObject({ refused: 'settings_exhausted', rows_out: 0, risk: { before: 1 } })
    const few = await runPlanInMemory(changed(linkedPlan, '/treatment/models/0/k', 61), tables, data)
    expect(few.facts.get('treat')).toMatchObject({ refused: 'untreatable', rows_out: 0 })
  })

  it('keep the promise after treatment, and who is in them goes along', async () => {
    const { rows, facts, outputs } = await runPlanInMemory({ ...linkedPlan, form: 'pseudonymised' }, tables, data)
    const classes = new Map<string, number>()
    for (const { age, town } of rows) classes.set(`${age} ${town}`, (classes.get(`${age} ${town}`) ?? 0) + 1)
    expect(Math.min(...classes.values())).toBeGreaterThanOrEqual(3)
    const treated = facts.get('treat')
    expect(treated?.risk?.after).toBeLessThanOrEqual(1 / 3)
    expect(treated?.cells_changed).toBeGreaterThan(0)
    expect(treated?.report?.columns.map(({ name }) => name)).toEqual(['age', 'town', 'weight', 'diagnosis', 'nights'])
    expect(outputs.get('write')?.people?.length).toBe(rows.length * 8)
    // Weight is told as it is, so each pseudonym can be held against the person whose weight it is.
    const read = parsePlan({ ...linkedPlan, form: 'pseudonymised' })
    const pass = (read.ok ? passesOf(read.value, tables, 'gp') : [])[1]
    const scheme = schemeOf(pass as NonNullable<typeof pass>)
    for (const { person, weight } of rows) {
      const row = many.find((each) => Math.abs(Number(each.weight_lb) * 0.45359237 - Number(weight)) < 1e-9) as Record<string, string>
      expect(isTokenOf(primitives, testSecrets.token as AudienceKey, scheme, row, String(person))).toBe(true)
    }
  })

  it('come in no order of the source, but where they name people', async () => {
    const untreated = { ...linkedPlan, treatment: undefined, cohort: undefined, prepare: {} }
    const weights = async (form: string) => (await runPlanInMemory({ ...untreated, form }, tables, data)).rows.map(({ weight }) => weight)
    const order = many.map(({ weight_lb }) => weight_lb)
    expect(await weights('identifiable')).toEqual(order)
    const shuffled = await weights('pseudonymised')
    expect(shuffled).not.toEqual(order)
    expect(shuffled.toSorted()).toEqual(order.toSorted())
  })

  it('are only those of the cohort', async () => {
    const { rows, facts } = await runPlanInMemory(
      { ...linkedPlan, treatment: undefined, form: 'pseudonymised', cohort: { column: 'age', is: 'ge', value: 60 } },
      tables,
      data,
    )
    expect(rows.every(({ age }) => Number(age) >= 60)).toBe(true)
    expect(facts.get('select')).toMatchObject({ rows_in: 60, rows_out: rows.length, reasons: { not_in_cohort: 60 - rows.length } })
  })
})

describe('figures', () => {
  const many = Array.from({ length: 200 }, (_, who) =>
    gpRow(who, {
      nhs_number: null,
      family_name: `Name ${String.fromCharCode(97 + (who % 26), 97 + Math.floor(who / 26))}`,
      town: who < 3 ? 'Hull' : who % 2 === 0 ? 'York' : 'Leeds',
      smoker: who % 4 === 0,
    }),
  )
  const data = new Map([
    ['gp', dataOf(gp, many)],
    ['ward', dataOf(hospital, [])],
  ])
  const figures = (aggregation: object, more: object = {}) =>
    runPlanInMemory(
      {
        ...linkedPlan,
        treatment: undefined,
        cohort: undefined,
        prepare: {},
        elements: [...linkedPlan.elements, { name: 'smoker', source: 'gp', column: 'smoker', role: 'sensitive' }],
        aggregation,
        ...more,
      },
      tables,
      data,
    )

  it('hide small cells and everything they could be worked out from', async () => {
    const { rows, facts } = await figures({ by: ['town'], measures: [{ kind: 'count' }, { kind: 'mean', of: 'weight' }], profile: 'acro' })
    expect(rows.find(({ town }) => town === 'Hull')).toEqual({ town: 'Hull', count: null, mean_weight: null })
    expect(rows.filter(({ count }) => count === null).length).toBeGreaterThan(1)
    expect(facts.get('aggregate')?.reasons).toMatchObject({ threshold: 1, secondary: 1 })
    const shown = rows.find(({ count }) => count !== null)
    expect(Number(shown?.count) % 5).toBe(0)
    expect(shown?.mean_weight).toBeGreaterThan(190)
  })

  it('of two ways are a cell for each pair, those of nobody too', async () => {
    const { rows, outputs } = await figures({ by: ['town', 'smoker'], measures: [{ kind: 'count' }], profile: 'data_shield' })
    expect(rows.map(({ town, smoker }) => `${town} ${smoker}`).sort()).toEqual([
      'Hull false',
      'Hull true',
      'Leeds false',
      'Leeds true',
      'York false',
      'York true',
    ])
    expect(outputs.get('aggregate')?.people?.length).toBe(200 * 8)
    expect(outputs.get('write')?.people).toBeUndefined()
  })

  it('with noise differ from run to run, and tell no category of one person', async () => {
    const alone = new Map([
      [
        'gp',
        dataOf(
          gp,
          many.map((row, who) => (who === 0 ? { ...row, town: 'Ripon' } : row)),
        ),
      ],
      ['ward', dataOf(hospital, [])],
    ])
    const runs = await Promise.all(
      Array.from({ length: 4 }, () =>
        runPlanInMemory(
          { ...linkedPlan, treatment: undefined, cohort: undefined, prepare: {}, aggregation: { by: ['town'], noise: { epsilon: 1 } } },
          tables,
          alone,
        ),
      ),
    )
    for (const { rows } of runs) {
      expect(rows.map(({ town }) => town)).not.toContain('Ripon')
      expect(Math.abs(Number(rows.find(({ town }) => town === 'York')?.count) - 98)).toBeLessThan(40)
    }
    expect(new Set(runs.map(({ rows }) => JSON.stringify(rows.map(({ count }) => count)))).size).toBeGreaterThan(1)
  })
})
