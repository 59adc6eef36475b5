import { doorProblems } from '@gatehouse/runtime/door/problems'
import { rowsOf } from '@gatehouse/tabular/dataset'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type CatalogTable, lineageOf, openTable, tableByReference, tableDataset } from '../../../../custody/catalog/index.ts'
import { holderOf, putHolder } from '../../../../governance/projects/index.ts'
import { problems } from '../../problems.ts'
import { endResult } from '../end.ts'
import { endExpiredResults } from '../expiry.ts'
import { fieldOf, type Made, type ResultsNode, resultsNode } from '../testing/results.ts'
import { makeSource } from './make.ts'

let n: ResultsNode
let of: Awaited<ReturnType<ResultsNode['project']>>
const fields = [fieldOf('town', 'string'), fieldOf('age', 'integer')]
const columns = [
  { name: 'town', type: 'string' as const, role: 'quasi' as const, level: 1, levels: 2 },
  { name: 'age', type: 'integer' as const, role: 'sensitive' as const, level: null, levels: null },
]
const rows = (count: number) => Array.from({ length: count }, (_, row) => ({ town: `t${row % 2}`, age: row }))
const output = { title: 'Städte & Alter', source: { floor: 25 } }
const released = (plan: object = { output }, result: object = {}, version: object = {}) =>
  n.released(of, { fields, columns, chunks: [rows(30), rows(10)], plan, result, version })
const make = (made: Made, by = of.analyst) => n.done<{ table: string }>(makeSource, { project: made.project, result: made.result }, by)
const refused = (made: Made, by = of.analyst) => n.refused(makeSource, { project: made.project, result: made.result }, by)
const within = <T>(act: (tx: never) => Promise<T>) => n.t.database.transaction(n.t.tenant, (tx) => act(tx as never))
async function read(reference: string) {
  const table = (await within((tx) => tableByReference(tx, reference))) as CatalogTable
  const opened = await openTable(n.t.door.node, n.t.tenant, table, { columns: ['age', 'town'], rowsMax: 1_000, signal: new AbortController().signal })
  const found = []
  for await (const chunk of opened.chunks) found.push(...rowsOf(chunk))
  return { table, found }
}

beforeAll(async () => {
  n = await resultsNode()
  of = await n.project()
})
afterAll(() => n.t.close())

it('no result becomes a table that its plan does not offer, that is held, or about people whom objections could not reach', async () => {
  expect(await refused(await released({}))).toBe(problems.not_as_source)
  const people = { output, form: 'pseudonymised' as const }
  expect(await refused(await released(people))).toBe(problems.stays_here)
  expect(await refused(await released(people, {}, { reasons: ['untreated'], approved_at: n.inDays(0), approved_teams: [] }))).toBe(problems.not_as_source)
  expect(await refused(await released({ output }, { state: 'held', released_at: null }))).toBe(problems.result_held)
  expect(await refused(await released(), (await n.project()).analyst)).toBe(doorProblems.not_allowed)
})

it('it is read like any table, under its own floor, with its columns’ roles and its lineage', async () => {
  const made = await released()
  const { table: reference } = await make(made)
  expect(reference).toBe(`results.stadte-alter-${made.result.slice(-12)}`)
  const { table, found } = await read(reference)
  expect(table).toMatchObject({ floor: 25, rows: 40, title: output.title, source: { kind: 'result' } })
  expect(table.columns.map(({ name, identifier_role, field }) => [name, identifier_role, field.sensitivity])).toEqual([
    ['town', 'quasi', 'quasi_identifier'],
    ['age', 'sensitive', 'sensitive'],
  ])
  expect(found).toHaveLength(40)
  expect(found[3]).toEqual({ age: 3, town: 't1' })
  const edges = await within((tx) => lineageOf(tx, tableDataset(n.t.tenant, reference), 'town'))
  expect(edges[0]).toMatchObject({ input: { name: expect.stringContaining(made.result), field: 'town' } })
})

it('of twenty who ask at once one makes it, and its holder is that of the tables it came of', async () => {
  const team = (await n.team(of.lead)) as never
  const made = await released()
  await within((tx) => putHolder(tx, { kind: 'table', reference: 'hospital.stays', team, named_by: 'officer', named_at: n.inDays(0) as never }))
  const tables = await Promise.all(Array.from({ length: 20 }, () => make(made)))
  expect(new Set(tables.map(({ table }) => table)).size).toBe(1)
  expect(await within((tx) => holderOf(tx, 'table', tables[0]?.table ?? ''))).toMatchObject({ team })
  expect((await read(tables[0]?.table ?? '')).found).toHaveLength(40)
})

it('it ends with the result', async () => {
  const made = await released()
  const { table: reference } = await make(made)
  await within((tx) => endResult(tx, made.result, 'person_erased', n.inDays(0) as never))
  await endExpiredResults.run(n.t.door.node)
  await expect(read(reference)).rejects.toMatchObject({ code: 'drifted' })
  expect(await refused(made)).toBe(problems.result_ended)
})
