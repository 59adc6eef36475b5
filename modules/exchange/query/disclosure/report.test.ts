import { type QueryPlanInput, queryPlanSchema } from '@gatehouse/query/plan/schema'
import { type Dataset, datasetFrom } from '@gatehouse/tabular/dataset'
import type { Field, FieldType } from '@gatehouse/tabular/field'
import type { SourceRecord } from '@gatehouse/tabular/value'
import { describe, expect, it } from 'vitest'
import type { ResultView } from '../results/schema.ts'
import { reportOf } from './report.ts'

type Role = ResultView['columns'][number]['role']
const field = (name: string, type: FieldType): Field => ({ name, type, sensitivity: 'plain', nullable: true })
const roles: Readonly<Record<string, Role>> = {
  town: 'quasi',
  age: 'quasi',
  name: 'insensitive',
  note: 'insensitive',
  diagnosis: 'sensitive',
  weight: 'sensitive',
}

const plan = (more: Partial<QueryPlanInput> = {}) =>
  queryPlanSchema.parse({
    version: 1,
    form: 'anonymised',
    sources: [{ as: 's', table: 'a.b' }],
    elements: [{ name: 'town', source: 's', column: 'town', role: 'quasi' }],
    treatment: { models: [{ model: 'k_anonymity', k: 10 }] },
    output: { title: 'T' },
    ...more,
  })

async function* once(chunk: Dataset) {
  yield chunk
}

interface Asked {
  readonly plan?: Partial<QueryPlanInput>
  readonly people?: number
  readonly risk?: number
  readonly hidden?: Record<string, number>
  readonly isolates?: boolean
  readonly uncompared?: number
}
async function reported(
  fields: readonly Field[],
  rows: readonly SourceRecord[],
  { plan: more, people = 100, risk = 0.1, hidden = {}, isolates = false, uncompared = 0 }: Asked = {},
) {
  const columns = fields.map(({ name, type }) => ({ name, type, role: roles[name] ?? ('figure' as const), level: null, levels: null }))
  const report = await reportOf({
    plan: plan(more),
    floor: 10,
    people,
    facts: { risk_after: { rows: rows.length, prosecutor_highest: risk, prosecutor_average: risk, rows_at_risk: 0 }, loss: 0.3 },
    columns,
    outputs: new Map([['aggregate', { facts: { reasons: hidden } }]]),
    uncompared,
    guard: isolates ? { outcome: 'refuse', isolations: [{ against: ['before'], side: 'new without earlier', people: 3 }] } : { outcome: 'release' },
    chunks: once(datasetFrom(fields, rows)),
  })
  const of = (check: string, column?: string) => report.checks.find((one) => one.check === check && (column === undefined || one.column === column))
  return { report, of }
}

const classes = (size: number, count: number, more: (row: number) => SourceRecord = () => ({})) =>
  Array.from({ length: size * count }, (_, row) => ({ town: `t${row % count}`, ...more(row) }))
const town = field('town', 'string')
const treatmentOff = { form: 'pseudonymised' as const, treatment: undefined }

describe('rows', () => {
  it('fail where the treatment did not keep what it promised, whatever it says', async () => {
    const { report, of } = await reported([town], [...classes(10, 5), { town: 'alone' }])
    expect(report.status).toBe('fail')
    expect(of('class_size')).toMatchObject({ status: 'fail', detail: expect.stringContaining('plan demands') })
    expect(of('unique_rows')?.status).toBe('fail')
  })

  it('are for a person to judge below the floor, and pass above it', async () => {
    const below = { treatment: { models: [{ model: 'k_anonymity' as const, k: 5 }] } }
    expect((await reported([town], classes(5, 10), { plan: below, risk: 0.2 })).of('class_size')).toMatchObject({ status: 'review' })
    const { report, of } = await reported([town], classes(10, 5))
    expect([report.status, of('class_size')?.status, of('risk')?.status]).toEqual(['pass', 'pass', 'pass'])
  })

  it('that nothing was done to are for a person to judge', async () => {
    const { report, of } = await reported([town], classes(10, 5), { plan: treatmentOff })
    expect([report.status, of('risk')?.status]).toEqual(['review', 'review'])
  })

  it('about fewer people than the floor fail', async () => {
    expect((await reported([town], classes(10, 5), { people: 9 })).of('people')?.status).toBe('fail')
  })

  it('that an earlier release, subtracted, would leave a few of, are for a person to judge', async () => {
    const { of } = await reported([town], classes(10, 5), { isolates: true })
    expect(of('differencing')).toMatchObject({ status: 'review' })
    expect(of('differencing')?.detail).not.toContain('3')
    const blind = await reported([town], classes(10, 5), { uncompared: 2 })
    expect([blind.report.status, blind.of('not_compared')?.status]).toEqual(['review', 'review'])
  })
})

describe('columns', () => {
  const email = (row: number) => ({ name: `person${row}@example.org` })
  it('that name people fail, though the plan calls them something else', async () => {
    const { report, of } = await reported([town, field('name', 'string')], classes(10, 5, email))
    expect(report.status).toBe('fail')
    expect(of('direct_identifiers', 'name')).toMatchObject({ status: 'fail', said: { code: 'identifiers_found', params: { semantic: 'full_name' } } })
    expect(JSON.stringify(report)).not.toContain('person1@')
  })

  it('that mean nothing known, but are of one row each, fail as well', async () => {
    const word = (row: number) => ({ thing: `w${String.fromCharCode(97 + (row % 26), 97 + Math.floor(row / 26))}x` })
    const { of } = await reported([town, field('thing', 'string')], classes(10, 5, word))
    expect(of('direct_identifiers', 'thing')).toMatchObject({ status: 'fail', said: { code: 'identifiers_unique', params: {} } })
  })

  it('that name people are for a person to judge where the result may', async () => {
    const { of } = await reported([town, field('name', 'string')], classes(10, 5, email), { plan: { form: 'identifiable', treatment: undefined } })
    expect(of('direct_identifiers', 'name')).toMatchObject({ status: 'review' })
  })

  it('that were written by hand are found by how they read', async () => {
    const note = (row: number) => ({ note: `${['fell at home', 'was seen twice', 'came by himself'][row % 3]} on the ${row % 17}th and went home` })
    const found = async (more: Asked) => (await reported([town, field('note', 'string')], classes(10, 5, note), more)).of('free_text', 'note')?.status
    expect([await found({}), await found({ plan: treatmentOff })]).toEqual(['fail', 'review'])
  })

  it('with rare values and extremes of a few are found, and nothing is said of how few', async () => {
    const rare = (row: number) => ({ diagnosis: row === 3 ? 'rare' : 'flu', weight: row === 0 ? 300 : 70 + (row % 2) })
    const { report, of } = await reported([town, field('diagnosis', 'string'), field('weight', 'number')], classes(10, 5, rare))
    expect(of('rare_values', 'diagnosis')).toMatchObject({ status: 'review', detail: expect.stringContaining('ewer than 10') })
    expect(of('min_max', 'weight')).toMatchObject({ status: 'review', detail: expect.stringContaining('largest value is') })
    expect(JSON.stringify(report)).not.toMatch(/rare"|300/)
  })
})

describe('figures', () => {
  const fields = [town, field('count', 'number')]
  const counts = (...values: (number | null)[]) => values.map((count, row) => ({ town: `t${row}`, count }))
  const aggregation = { aggregation: { by: ['town'], measures: [{ kind: 'count' as const }] }, treatment: undefined }

  it('below the floor fail, each named by its place', async () => {
    const { report, of } = await reported(fields, counts(20, 5, null, 35), { plan: aggregation })
    expect(report.status).toBe('fail')
    expect(of('threshold')).toMatchObject({ status: 'fail', cells: [{ row: 1, column: 'count' }] })
  })

  it('of nobody, and exact ones, are for a person to judge', async () => {
    const { of } = await reported(fields, counts(20, 0, 33), { plan: aggregation })
    expect(of('zeroes')).toMatchObject({ status: 'review', cells: [{ row: 1, column: 'count' }] })
    expect(of('rounding')).toMatchObject({ status: 'review', cells: [{ row: 2, column: 'count' }] })
  })

  it('that were hidden are told by rule, in sums', async () => {
    const { report, of } = await reported(fields, counts(20, null, 35), { plan: aggregation, hidden: { threshold: 1, secondary: 12 } })
    expect([report.status, report.cells_suppressed]).toEqual(['pass', 13])
    expect(of('threshold_rule')?.detail).toContain('Fewer than 10')
    expect(of('secondary_suppression')?.detail).toContain('About 10')
  })

  it('of sums say that dominance and the p ratio were asked', async () => {
    const sums = { ...aggregation, aggregation: { by: ['town'], measures: [{ kind: 'count' as const }, { kind: 'sum' as const, of: 'weight' }] } }
    const { of } = await reported([...fields, field('sum_weight', 'number')], counts(20, 35), { plan: sums, hidden: { dominance: 2 } })
    expect([of('dominance')?.detail, of('p_ratio')?.detail]).toEqual([
      expect.stringContaining('Fewer than 10 cells are hidden by it'),
      expect.stringContaining('No cell'),
    ])
  })
})
