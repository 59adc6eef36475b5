import { nodePrimitives } from '@gatehouse/crypto/node'
import { type Dataset, datasetFrom, rowsOf } from '@gatehouse/tabular/dataset'
import type { SourceRecord } from '@gatehouse/tabular/value'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { seededRandom } from '../random/seeded.ts'
import { htmlReport } from '../report/report.ts'
import { planFields } from './fields.ts'
import { parsePlan } from './parse.ts'
import { runPlan } from './run.ts'
import type { Plan } from './schema.ts'
import type { PlanDependencies } from './task.ts'

const towns = ['York', 'Leeds', 'Hull', 'Ripon']
const jobs = ['nurse', 'clerk', 'baker']
const people: SourceRecord[] = Array.from({ length: 200 }, (_, i) => ({
  name: `Person ${i}`,
  age: 20 + ((i * 37) % 60),
  town: towns[(i * 7) % 4] ?? null,
  job: jobs[(i * 11) % 3] ?? null,
}))

const base = {
  version: 1,
  columns: {
    name: { role: 'identifying' },
    age: { role: 'quasi', type: 'integer', hierarchy: { kind: 'interval', widths: [5, 20] } },
    town: { role: 'quasi' },
    job: { role: 'sensitive' },
  },
  models: [{ model: 'k_anonymity', k: 5 }],
  suppression_limit: 0.05,
}

function planOf(change: Record<string, unknown> = {}): Plan {
  const read = parsePlan({ ...base, ...change })
  if (!read.ok) throw new Error(JSON.stringify(read.errors))
  return read.plan
}

const tableOf = (plan: Plan, rows: readonly SourceRecord[] = people): Dataset => datasetFrom(planFields(plan, Object.keys(rows[0] ?? {})), rows)
const run = (plan: Plan, more: Partial<PlanDependencies> = {}, rows = people) => runPlan(tableOf(plan, rows), plan, { random: seededRandom('plan'), ...more })

function classSizes(dataset: Dataset, columns: readonly string[]): number[] {
  const sizes = new Map<string, number>()
  for (const row of rowsOf(dataset)) {
    const key = JSON.stringify(columns.map((name) => row[name]))
    sizes.set(key, (sizes.get(key) ?? 0) + 1)
  }
  return [...sizes.values()]
}

describe('a plan that does not fit its table', () => {
  it('is refused with the columns that are missing or unplanned', () => {
    expect(() => planFields(planOf(), ['name', 'age', 'town'])).toThrow('the table has no column "job", which the plan names')
    expect(() => planFields(planOf(), ['name', 'age', 'town', 'job', 'wage'])).toThrow('the plan says nothing of column "wage"')
    expect(planFields(planOf({ other_columns: 'leave_out' }), ['name', 'age', 'town', 'job', 'wage']).map(({ name }) => name)).toEqual([
      'name',
      'age',
      'town',
      'job',
    ])
  })

  it('is refused where k is larger than the table, a value is not covered, or a column has no value', async () => {
    await expect(run(planOf({ models: [{ model: 'k_anonymity', k: 201 }] }))).rejects.toThrow(/201/)
    const covered = { ...base.columns, town: { role: 'quasi', hierarchy: { kind: 'table', rows: [['York', 'North']] } } }
    await expect(run(planOf({ columns: covered }))).rejects.toThrow('does not cover "Ripon"')
    await expect(
      run(
        planOf(),
        {},
        people.map((row) => ({ ...row, town: null })),
      ),
    ).rejects.toMatchObject({ code: 'all_missing', attribute: 'town' })
  })

  it('is refused without what it needs from outside', async () => {
    const hashed = { ...base.columns, name: { role: 'identifying', mask: { mask: 'hash' } } }
    await expect(run(planOf({ columns: hashed }))).rejects.toMatchObject({ code: 'mask_needs_key', pointer: '/columns/name/mask' })
    const filed = { ...base.columns, town: { role: 'quasi', hierarchy: { kind: 'file', path: 'towns.csv' } } }
    await expect(run(planOf({ columns: filed }))).rejects.toMatchObject({ code: 'missing_file', pointer: '/columns/town/hierarchy/path' })
    await expect(run(planOf({ risk: { population_size: 199 } }))).rejects.toMatchObject({ code: 'population_too_small', pointer: '/risk/population_size' })
    await expect(run(planOf({ population: { path: 'all.csv' } }))).rejects.toMatchObject({ code: 'population_missing' })
  })

  it('ends when it is aborted', async () => {
    await expect(run(planOf(), { signal: { aborted: true } })).rejects.toMatchObject({ code: 'aborted' })
  })
})

describe('a plan', () => {
  it('releases rows that keep the models, without names and suppressed rows', async () => {
    const result = await run(planOf({ models: [...base.models, { model: 'distinct_l_diversity', attribute: 'job', l: 2 }] }))
    if (result.outcome !== 'released') throw new Error(result.reason)
    expect(result.dataset.columns.map(({ field }) => field.name)).toEqual(['age', 'town', 'job'])
    expect(Math.min(...classSizes(result.dataset, ['age', 'town']))).toBeGreaterThanOrEqual(5)
    const { report } = result
    expect(report).toMatchObject({ rowsBefore: 200, rowsAfter: result.dataset.rowCount, rowsSuppressed: 200 - result.dataset.rowCount })
    expect(report.models.map(({ verdict }) => verdict)).toEqual(['holds', 'holds'])
    expect(report.riskAfter?.prosecutor.highest).toBeLessThanOrEqual(0.2)
    expect(report.search).toMatchObject({ optimal: true, nodes: 8, heights: [3, 1] })
    expect(report.columns[0]).toMatchObject({ name: 'name', done: [{ what: 'Taken out: it names people directly.' }] })
    expect(htmlReport({ title: 'people.csv', ...report })).toContain('All 2 models hold')
  })

  it('keeps its promise on any table, or says that it cannot', async () => {
    const row = fc.record({
      name: fc.constant('x'),
      age: fc.integer({ min: 20, max: 90 }),
      town: fc.option(fc.constantFrom(...towns)),
      job: fc.constantFrom(...jobs),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(row, { minLength: 6, maxLength: 40 }), fc.integer({ min: 2, max: 6 }), async (rows, k) => {
        const result = await run(planOf({ models: [{ model: 'k_anonymity', k }], suppression_limit: 0.2 }), {}, [
          ...rows,
          { name: 'x', age: 30, town: 'York', job: 'nurse' },
        ])
        if (result.outcome !== 'released') return
        expect(Math.min(...classSizes(result.dataset, ['age', 'town']))).toBeGreaterThanOrEqual(k)
        expect(result.report.rowsSuppressed).toBeLessThanOrEqual(Math.floor(0.2 * (rows.length + 1)))
      }),
      { numRuns: 60 },
    )
  })

  it('masks instead of taking out, so that rows of several tables can be joined by one receiver', async () => {
    const plan = planOf({ columns: { ...base.columns, name: { role: 'identifying', mask: { mask: 'hash' } } } })
    const masks = { primitives: nodePrimitives, key: new Uint8Array(32).fill(7) }
    const [one, two] = await Promise.all([run(plan, { masks }), run(plan, { masks })])
    if (one.outcome !== 'released' || two.outcome !== 'released') throw new Error('not released')
    const names = [...rowsOf(one.dataset)].map((row) => row.name)
    expect(new Set(names).size).toBe(one.dataset.rowCount)
    expect(names.some((name) => String(name).includes('Person'))).toBe(false)
    expect([...rowsOf(two.dataset)].map((row) => row.name)).toEqual(names)
  })

  it('runs operators first, and says what they take away', async () => {
    const swapped = { ...base.columns, job: { role: 'sensitive', operators: [{ operator: 'pram', keep: 0.5 }] } }
    const models = [...base.models, { model: 'distinct_l_diversity', attribute: 'job', l: 2 }]
    const result = await run(planOf({ columns: swapped, models, accept_voided: ['distribution'], operators: [{ apply: { operator: 'sampling', rows: 100 } }] }))
    if (result.outcome !== 'released') throw new Error(result.reason)
    expect(result.report.models.map(({ verdict }) => verdict)).toEqual(['holds', 'voided'])
    expect(result.report.rowsAfter + result.report.rowsSuppressed).toBe(100)
    expect(result.report.columns[3]?.done.map(({ what }) => what)).toEqual([
      'Replaces categories at random by known probabilities (pram, keep 0.5, invariant false)',
      'Keeps a random sample of the rows (sampling, rows 100)',
    ])
  })

  it('compares with a population that is generalised in the same way', async () => {
    const everybody = Array.from({ length: 5 }, () => people).flat()
    const plan = planOf({ models: [{ model: 'k_map', k: 10 }], population: { path: 'all.csv' }, suppression_limit: 0.5 })
    const result = await run(plan, { population: tableOf(plan, everybody) })
    if (result.outcome !== 'released') throw new Error(result.reason)
    expect(result.report.models).toMatchObject([{ verdict: 'holds' }])
    expect(result.report.riskAfter?.journalist?.highest).toBeLessThanOrEqual(0.1)
  })

  it('turns one knob until the risk is low enough, and else releases nothing', async () => {
    const loop = { knob: 'k', settings: [2, 5, 10], threshold: 0.1 }
    const met = await run(planOf({ risk_loop: loop }))
    expect(met.outcome).toBe('released')
    expect(met.report.loop).toMatchObject({ met: true, goal: expect.stringContaining('at most 10 %') })
    expect(met.report.riskAfter?.prosecutor.highest).toBeLessThanOrEqual(0.1)
    const last = met.report.loop?.rounds.at(-1)?.setting.replace('k = ', '')
    expect(met.report.models).toMatchObject([{ name: `${last}-anonymity`, verdict: 'holds' }])
    expect((await run(planOf({ risk_loop: { ...loop, threshold: 0.5 } }))).report.models).toMatchObject([{ name: '2-anonymity', verdict: 'holds' }])
    const missed = await run(planOf({ risk_loop: { ...loop, threshold: 0.001 } }))
    expect(missed).toMatchObject({ outcome: 'not_met', reason: 'settings_exhausted' })
    expect('dataset' in missed).toBe(false)
    expect(htmlReport({ title: 't', ...missed.report })).toContain('The goal was not met')
  })

  it('treats suppressed rows again where it may, and loses fewer', async () => {
    // Two hundred people in classes of five as they are, and thirty who stand alone.
    const dense = Array.from({ length: 200 }, (_, i) => ({ name: 'x', age: 30 + (i % 10), town: towns[Math.floor(i / 10) % 4] ?? null, job: 'nurse' }))
    const scattered = [...dense, ...Array.from({ length: 30 }, (_, i) => ({ name: 'x', age: 60 + i, town: towns[i % 4] ?? null, job: 'clerk' }))]
    const models = [{ model: 'k_anonymity', k: 5 }]
    const [local, global] = await Promise.all([run(planOf({ models, local_recoding: true }), {}, scattered), run(planOf({ models }), {}, scattered)])
    if (local.outcome !== 'released' || global.outcome !== 'released') throw new Error('not released')
    expect(local.release.rounds.length).toBeGreaterThan(1)
    expect(local.mappings).toHaveLength(local.release.rounds.length)
    expect(Math.min(...classSizes(local.dataset, ['age', 'town']))).toBeGreaterThanOrEqual(5)
    expect(local.release.loss).toBeLessThan(global.release.loss)
    expect(htmlReport({ title: 't', ...local.report })).toContain('treated again on their own')
  })

  it('tells no value of a row in its report', async () => {
    const result = await run(planOf())
    const page = htmlReport({ title: 'people.csv', ...result.report })
    expect(page).not.toContain('Person ')
    for (const job of jobs) expect(page).not.toContain(job)
  })
})
