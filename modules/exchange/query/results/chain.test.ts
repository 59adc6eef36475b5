/** A result that became a source, and another that was made of it: walked back from a cell to the first tables. */
import type { QueryPlanInput } from '@gatehouse/query/plan/schema'
import type { Principal } from '@gatehouse/runtime/base/context'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { lineageOf, type RunEvent, resultDataset } from '../../../custody/catalog/index.ts'
import { faultsOfEvent, openLineageSchemas, schemasMissing } from '../../../custody/catalog/lineage/testing/schemas.ts'
import { exportLineage } from '../discover/lineage.ts'
import type { RunView } from '../runs/schema.ts'
import { hospitalPlan, type QueryNode, queryNode } from '../testing/query.ts'
import { makeSource } from './as-source/make.ts'
import { readCell } from './cells.ts'
import type { CellOrigin } from './schema.ts'

type Of = Awaited<ReturnType<QueryNode['project']>>
let n: QueryNode
let owners: [Principal, Principal]
let [first, second]: [Of, Of] = [undefined, undefined] as never
let [earlier, later]: [RunView, RunView] = [undefined, undefined] as never
let reference = ''

beforeAll(async () => {
  n = await queryNode()
  owners = [await n.staff(['data_owner']), await n.staff(['data_owner'])]
  first = await n.project()
  earlier = await released(first, { ...hospitalPlan, output: { ...hospitalPlan.output, source: { floor: 10 } } })
  reference = (await n.done<{ table: string }>(makeSource, { project: first.project, result: earlier.result }, first.analyst)).table
  second = await n.project([reference])
  later = await released(second, {
    version: 1,
    form: 'anonymised',
    sources: [{ as: 'before', table: reference }],
    elements: [
      { name: 'place', source: 'before', column: 'town', role: 'quasi' },
      { name: 'illness', source: 'before', column: 'diagnosis', role: 'sensitive' },
    ],
    treatment: { models: [{ model: 'k_anonymity', k: 5 }], suppression_limit: 0.2 },
    output: { title: 'Illnesses by place', formats: ['json'] },
  })
})
afterAll(() => n?.t.close())

async function released(of: Of, document: QueryPlanInput): Promise<RunView> {
  const held = await n.ran(of, document)
  expect(held).toMatchObject({ state: 'held_for_review', reason: null })
  for (const owner of owners) await n.vote(held.review ?? '', owner)
  return n.look(of, held.id)
}

it('a cell leads back over both runs, to the columns of the tables that the first has read', async () => {
  expect([earlier.state, later.state]).toEqual(['released', 'released'])
  const cell = { project: second.project, result: later.result, row: 0, column: 'place' }
  const origin = await n.done<CellOrigin>(readCell, cell, second.analyst)
  expect(origin.sources).toMatchObject([{ as: 'before', table: reference, column: 'town' }])
  // Between them stands the act that made the one a source of the other.
  expect(origin.lineage.runs).toEqual([later.id, expect.any(String), earlier.id])
  const edges = await n.within((tx) => lineageOf(tx, resultDataset(n.t.tenant, later.result as never), 'place'))
  const behind = edges.map(({ input }) => `${input.name} ${input.field}`)
  expect(behind).toEqual(expect.arrayContaining([expect.stringMatching(/tables\/hospital\.patients town$/)]))
  // Of nothing else in those tables but what decided who is in it.
  expect(behind.filter((name) => /diagnosis|days/.test(name))).toEqual([])
})

it.skipIf(schemasMissing)(`every event of whole runs is one of OpenLineage${schemasMissing ? ' (skipped: no reference data)' : ''}`, async () => {
  const faults = openLineageSchemas()
  const events: RunEvent[] = []
  for (const { project, lead } of [first, second])
    for await (const event of await n.done<AsyncIterable<RunEvent>>(exportLineage, { project }, lead)) events.push(event)
  expect(new Set(events.map(({ run }) => run.runId)).size).toBeGreaterThanOrEqual(2)
  expect(events.flatMap((event) => faultsOfEvent(faults, event))).toEqual([])
})
