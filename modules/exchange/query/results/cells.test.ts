/** Walking back from a cell, comparing runs and the end of results, on PostgreSQL. */
import { listAll } from '@gatehouse/runtime/data/blobs/blob-store'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { problems } from '../problems.ts'
import { compareRuns } from '../runs/compare.ts'
import { endStep, findRun } from '../runs/store.ts'
import { readCell } from './cells.ts'
import { createDownload } from './downloads/create.ts'
import { endResult } from './end.ts'
import { endExpiredResults } from './expiry.ts'
import { readResult } from './read.ts'
import { readRows } from './rows.ts'
import { findResult, type ResultRow } from './store.ts'
import { resultFile } from './table.ts'
import { fieldOf, type Made, type ResultsNode, resultsNode } from './testing/results.ts'

let n: ResultsNode
let of: Awaited<ReturnType<ResultsNode['project']>>
let made: Made
const fields = [fieldOf('town', 'string'), fieldOf('age', 'integer'), fieldOf('diagnosis', 'string')]
const columns = [
  { name: 'town', type: 'string' as const, role: 'quasi' as const, level: 2, levels: 4 },
  { name: 'age', type: 'integer' as const, role: 'quasi' as const, level: 1, levels: 3 },
  { name: 'diagnosis', type: 'string' as const, role: 'sensitive' as const, level: null, levels: null },
]
const rows = (count: number, town = (row: number) => `t${row % 2}`) =>
  Array.from({ length: count }, (_, row) => ({ town: town(row), age: 40, diagnosis: row % 3 === 0 ? null : 'flu' }))
const steps = [
  { id: 'extract-stays', kind: 'extract', title: 'extract stays' },
  { id: 'treat', kind: 'treat', title: 'treat' },
]
const within = <T>(act: (tx: never) => Promise<T>) => n.t.database.transaction(n.t.tenant, (tx) => act(tx as never))
const now = () => n.inDays(0) as never

beforeAll(async () => {
  n = await resultsNode()
  of = await n.project()
  made = await n.released(of, { fields, columns, steps, chunks: [rows(30), rows(4)] })
  await within((tx) => endStep(tx, made.run, 'extract-stays', 'h', { rows_in: 103, rows_out: 34 }, now()))
})
afterAll(() => n.t.close())

const cell = (row: number, column: string, result = made, by = of.analyst) =>
  n.done<Record<string, unknown>>(readCell, { project: result.project, result: result.result, row, column }, by)

describe('a cell', () => {
  it('is walked back by nobody outside the project, and not beyond the table', async () => {
    const elsewhere = await n.project()
    const ask = (row: number, column: string, project = made.project, by = of.analyst) => n.refused(readCell, { project, result: made.result, row, column }, by)
    expect(await ask(0, 'town', made.project, elsewhere.analyst)).toBe(doorProblems.not_allowed)
    expect(await ask(0, 'town', elsewhere.project, elsewhere.analyst)).toBe(doorProblems.not_found)
    for (const [row, column] of [
      [34, 'town'],
      [0, 'patient'],
      [0, '__proto__'],
    ] as const)
      expect(await ask(row, column)).toBe(problems.column_unknown)
  })

  it('tells its source, its steps, how it was treated and what the ledger has of it', async () => {
    await n.done(createDownload, { project: made.project, result: made.result, format: 'json' }, of.analyst)
    expect(await cell(1, 'town')).toMatchObject({
      value: 't1',
      element: { name: 'town', role: 'quasi', reduce: 'first' },
      sources: [{ as: 'stays', table: 'hospital.stays', column: 'town', schema_version: 3, holder: null }],
      steps: [
        { id: 'extract-stays', rows_in: 105, rows_out: 35 },
        { id: 'treat', rows_in: null },
      ],
      // 17 rows look like it; the exact number is not told.
      treatment: { level: 2, levels: 4, models: ['k_anonymity'], rows_alike: '10 to 19', hidden: null },
      lineage: { runs: [made.run] },
      version: 1,
    })
    expect(await cell(0, 'diagnosis')).toMatchObject({ value: null, treatment: { hidden: expect.stringContaining('treatment took it out') } })
  })

  it('of a table of figures that is hidden tells no rule by which it could be worked out', async () => {
    const plan = { aggregation: { by: ['town'], measures: [{ kind: 'count' as const }] }, treatment: undefined }
    const figures = await n.released(of, {
      fields: [fieldOf('town', 'string'), fieldOf('count', 'number')],
      columns: [columns[0] as never, { name: 'count', type: 'number', role: 'figure', level: null, levels: null }],
      chunks: [
        [
          { town: 'a', count: 20 },
          { town: 'b', count: null },
        ],
      ],
      plan,
    })
    const origin = await cell(1, 'count', figures)
    expect(origin).toMatchObject({ value: null, treatment: { rows_alike: null, aggregation: { by: ['town'], profile: 'strictest' } } })
    expect((origin as { treatment: { hidden: string } }).treatment.hidden).toMatch(/too few people .* or another figure/)
    expect(origin).toMatchObject({ sources: [{ column: 'town' }] })
  })
})

describe('two runs', () => {
  const compared = (left: Made, right: Made, by = of.analyst) =>
    n.done<{ same_plan: boolean; changes: { pointer: string }[]; shifts: { column: string; distance: number | null; values: object[] }[]; columns: object }>(
      compareRuns,
      { project: left.project, left: left.run, right: right.run },
      by,
    )

  it('of another project are not compared', async () => {
    const elsewhere = await n.project()
    const theirs = await n.released(elsewhere, { fields, columns, chunks: [rows(10)] })
    expect(await n.refused(compareRuns, { project: made.project, left: made.run, right: theirs.run }, of.analyst)).toBe(doorProblems.not_found)
  })

  it('show what of the plan is otherwise, their columns and how far values moved; few are told with others', async () => {
    // Three in 43 live in a town of their own.
    const later = await n.released(of, {
      fields: [fields[0], fields[1]] as never,
      columns: columns.slice(0, 2),
      chunks: [rows(40, () => 't0').map(({ diagnosis: _, ...row }) => row), rows(3, () => 'alone').map(({ diagnosis: _, ...row }) => row)],
      plan: { treatment: { models: [{ model: 'k_anonymity', k: 3 }] } },
    })
    const { changes, shifts, columns: both } = await compared(made, later)
    expect(changes.map(({ pointer }) => pointer)).toContain('/treatment/models/0/k')
    expect(both).toEqual({ left_only: ['diagnosis'], right_only: [], both: ['town', 'age'] })
    const town = shifts.find(({ column }) => column === 'town')
    expect(town?.distance).toBeGreaterThan(0.4)
    expect(JSON.stringify(town)).not.toContain('alone')
    expect(shifts.find(({ column }) => column === 'age')).toMatchObject({ distance: 0 })
  })

  it('tell nothing of values while a result is held', async () => {
    const held = await n.released(of, { fields, columns, chunks: [rows(30)], result: { state: 'held', released_at: null } })
    expect((await compared(made, held)).shifts).toEqual([])
  })
})

describe('the end of a result', () => {
  const objects = async ({ result }: Made) => {
    let count = 0
    for await (const _ of listAll(n.t.blobs, `${resultFile(n.t.tenant, result)}/`)) count++
    return count
  }
  const row = ({ result }: Made) => within((tx) => findResult(tx, result)) as Promise<ResultRow>
  const brief = (days: number, more: object = {}) =>
    n.released(of, { fields, columns, chunks: [rows(10)], result: { expires_at: n.inDays(days) as never, ...more } })

  it('destroys its key and its objects; what it was stays in the list', async () => {
    const soon = await brief(1)
    expect(await objects(soon)).toBe(2)
    n.t.clock.advance(86_400_000)
    // Also before the job comes by.
    expect(await n.refused(readRows, { project: soon.project, result: soon.result }, of.analyst)).toBe(problems.result_ended)
    await endExpiredResults.run(n.t.door.node)
    expect(await row(soon)).toMatchObject({ state: 'ended', ended_by: 'expired', wrapped: null, kek_version: null, rows: 10 })
    expect(await objects(soon)).toBe(0)
    expect(await n.done(readResult, { project: soon.project, result: soon.result }, of.analyst)).toMatchObject({ state: 'ended', end: 'expired' })
    expect(await n.refused(readCell, { project: soon.project, result: soon.result, row: 0, column: 'town' }, of.analyst)).toBe(problems.result_ended)
    expect(await objects(made)).toBe(3)
  })

  it('is finished by the next turn where the process died after the key and before the objects, or between two objects', async () => {
    const [one, other] = [await brief(10), await brief(10)]
    for (const { result } of [one, other]) await within((tx) => endResult(tx, result, 'deleted', now()))
    await n.t.blobs.delete(`${resultFile(n.t.tenant, other.result)}/manifest`)
    for (let turn = 0; turn < 2; turn++) await endExpiredResults.run(n.t.door.node)
    expect([await objects(one), await objects(other)]).toEqual([0, 0])
    expect(await row(one)).toMatchObject({ ended_by: 'deleted' })
  })

  it('leaves one entry, however many turns look at once, and ends the run of one that was never released', async () => {
    const held = await brief(1, { state: 'held', released_at: null })
    await within((tx) =>
      (tx as { change: (text: string, values: unknown[]) => Promise<number> }).change(
        "UPDATE query.run SET state = 'held_for_review' WHERE tenant_id = $1 AND id = $2",
        [n.t.tenant, held.run],
      ),
    )
    n.t.clock.advance(86_400_000)
    await Promise.all(Array.from({ length: 4 }, () => endExpiredResults.run(n.t.door.node)))
    const written = await within((tx) =>
      (tx as { query: <T>(text: string, values: unknown[]) => Promise<T[]> }).query<{ id: string }>(
        "SELECT id FROM ledger.entry WHERE tenant_id = $1 AND type = 'query.result_ended' AND object_id = $2",
        [n.t.tenant, held.result],
      ),
    )
    expect(written).toHaveLength(1)
    expect(await within((tx) => findRun(tx, held.run))).toMatchObject({ state: 'expired', reason: 'review_expired' })
  })
})
