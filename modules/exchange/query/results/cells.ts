import type { Id } from '@gatehouse/core/id'
import { placeOf, unitOf } from '@gatehouse/query/plan/nodes'
import type { Tx } from '@gatehouse/runtime/data/db'
import { operation, Refusal, refuse, type StepsContext } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import type { Predicate } from '@gatehouse/tabular/predicate'
import { z } from 'zod'
import { lineageOf, resultDataset, tableByReference } from '../../../custody/catalog/index.ts'
import { holderOf } from '../../../governance/projects/index.ts'
import { entriesAbout } from '../../../ledger/index.ts'
import { problems } from '../problems.ts'
import { findRun, stepsOf } from '../runs/store.ts'
import { inProject } from '../schema.ts'
import { countOf } from './odata/page.ts'
import { columnsBehind, elementsOf, stepsOfCell, treatmentOf } from './origin.ts'
import { exampleResult } from './read.ts'
import { type CellOrigin, cellOrigin, resultInput } from './schema.ts'
import type { ResultRow } from './store.ts'
import { namesOf, type OpenResult, openResult, type Row, rowsBetween } from './table.ts'
import { resultFacts } from './view.ts'
import { type Found, readableResult } from './visible.ts'

export const readCell = operation({
  name: 'query.read_cell',
  kind: 'steps',
  summary: 'Where a cell of a result comes from',
  description:
    'Columns of sources with the version that was read, steps with rows in and out, how the value was treated, approvals, the entries in the ledger and the runs of its lineage. All of it was written down when the result was made; no source is opened.',
  input: resultInput.extend({ row: z.coerce.number().int().min(0), column: z.string().max(200) }),
  output: cellOrigin,
  access: { action: 'read', on: inProject('query_result') },
  audit: ({ result, row, column }) => ({ object: { kind: 'query_result', id: result }, details: { row, column } }),
  http: { method: 'GET', path: '/v1/projects/:project/results/:result/cells' },
  example: { input: { ...exampleResult, row: 0, column: 'birth_year' } },
  problems: [doorProblems.not_found, problems.result_held, problems.result_ended, problems.column_unknown],
  async run(ctx, { project, result: id, row, column: name }) {
    const found = await ctx.step((tx) => readableResult(ctx, tx, project, id))
    if (found instanceof Refusal) return found
    const { result } = found
    const open = await openResult(ctx.node, ctx.tenant, result)
    if (open === undefined) return refuse(problems.result_ended, undefined, resultFacts(result))
    const column = result.columns.find((one) => one.name === name)
    const [values] = row < open.manifest.rows ? await rowsBetween(ctx.node, open, namesOf(open), row, row + 1) : []
    if (column === undefined || values === undefined) return refuse(problems.column_unknown, undefined, resultFacts(result))
    const plan = found.version.document
    const alike = await rowsAlike(ctx, open, result, values)
    const known = await ctx.step((tx) => knownOf(ctx, tx, found, column))
    const [element] = elementsOf(plan, column)
    return {
      row,
      column: name,
      value: values[name] ?? null,
      element: element === undefined ? null : { name: element.name, role: element.role, reduce: element.reduce, weight: element.weight ?? null },
      ...known,
      linked_by: unitOf(plan) ?? null,
      treatment: treatmentOf(plan, column, values[name] ?? null, alike),
      run: result.run_id,
      plan: result.plan_id,
      version: result.version,
    }
  },
})

/** Counted in the result itself: what a reader sees, and not what the treatment says. */
async function rowsAlike(ctx: StepsContext, open: OpenResult, result: ResultRow, values: Row): Promise<number | undefined> {
  const quasi = result.columns.filter(({ role, name }) => role === 'quasi' && Object.hasOwn(values, name)).map(({ name }) => name)
  if (quasi.length === 0 || result.kind === 'figures') return undefined
  const alike = quasi.map((name): Predicate => {
    const value = values[name] ?? null
    return value === null ? { column: name, missing: true } : { column: name, is: 'eq', value }
  })
  return countOf(ctx.node, open, { predicate: { all: alike } })
}

async function knownOf(
  { tenant }: StepsContext,
  tx: Tx,
  { result, version }: Found,
  column: ResultRow['columns'][number],
): Promise<Pick<CellOrigin, 'sources' | 'steps' | 'approvals' | 'entries' | 'lineage'>> {
  const run = await findRun(tx, result.run_id)
  const sources = await Promise.all(
    columnsBehind(version.document, column).map(async ({ as, table, column: name }) => ({
      as,
      table,
      column: name,
      schema_version: result.sources.find((source) => source.as === as)?.schema_version ?? 0,
      semantic: (await tableByReference(tx, table))?.columns.find((one) => one.name === name)?.field.semantic ?? null,
      holder: (await holderOf(tx, 'table', table))?.team ?? null,
      ...nodeBehind(result, table),
    })),
  )
  const about = [
    ...(await entriesAbout(tx, 'query_result', [result.id])),
    ...(await entriesAbout(tx, 'query_run', [result.run_id])),
    ...(await entriesAbout(tx, 'query_plan', [result.plan_id])),
  ]
  const edges = await lineageOf(tx, resultDataset(tenant, result.id), column.name)
  return {
    sources,
    steps: stepsOfCell(await stepsOf(tx, result.run_id), run?.floor ?? result.report.floor),
    approvals: [...approved('query_plan', version.review_id, version.approved_at), ...approved('query_disclosure', result.review_id, result.released_at)],
    entries: about.slice(-entriesMax).map(({ id, type }) => ({ id, type })),
    lineage: { runs: [...new Set([result.run_id as string, ...edges.map((edge) => edge.run)])] },
  }
}

/** A table of another node is walked back to what that node decided; what lies behind that is told there. */
function nodeBehind({ nodes }: ResultRow, table: string): Pick<CellOrigin['sources'][number], 'node' | 'decision'> {
  const { node = null } = placeOf(table)
  return { node, decision: nodes?.find((one) => one.node === node)?.decision ?? null }
}

const entriesMax = 50

function approved(kind: 'query_plan' | 'query_disclosure', review: Id<'review'> | null, at: ResultRow['released_at']): CellOrigin['approvals'] {
  return review === null ? [] : [{ review, kind, decided_at: at }]
}
