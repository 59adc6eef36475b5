/** Where the columns of a result come from, in the words of OpenLineage. Pure. */
import type { Id } from '@gatehouse/core/id'
import { sourceColumnOf } from '@gatehouse/query/plan/check'
import { unitOf } from '@gatehouse/query/plan/nodes'
import type { QueryPlan } from '@gatehouse/query/plan/schema'
import { type ColumnSource, lineageNamespace, type RunEvent, resultDataset, runEvent, tableDataset } from '../../../custody/catalog/index.ts'
import { columnsOf } from '../offered.ts'
import type { VersionRow } from '../plans/store.ts'
import type { ResultRow } from '../results/store.ts'
import type { PlanTables } from '../tables.ts'
import type { RunRow } from './store.ts'

export interface Traced {
  readonly tenant: Id<'tenant'>
  readonly run: Pick<RunRow, 'id' | 'plan_id' | 'started_at' | 'asked_at'>
  readonly version: Pick<VersionRow, 'document'>
  readonly tables: PlanTables
  readonly row: Pick<ResultRow, 'id' | 'rows' | 'columns' | 'made_at'>
}

export function lineageOfRun({ tenant, run, version: { document: plan }, tables, row }: Traced): RunEvent[] {
  const job = { namespace: lineageNamespace(tenant), name: `plans/${run.plan_id}` }
  const inputs = plan.sources.map(({ as, table }) => {
    const read = columnsOf(plan, as)
    const fields = (tables.get(as)?.columns ?? []).filter(({ name }) => read.includes(name)).map(({ field: { name, type } }) => ({ name, type }))
    return { ...tableDataset(tenant, table), fields }
  })
  const columns = Object.fromEntries([
    ...row.columns.map(({ name, level }) => [name, sourcesOf(tenant, plan, name, level)] as const),
    ['*', choosing(tenant, plan)] as const,
  ])
  const output = { ...resultDataset(tenant, row.id), fields: row.columns.map(({ name, type }) => ({ name, type })), rows: row.rows, columns }
  const started = run.started_at ?? run.asked_at
  return [
    runEvent({ state: 'START', at: started, run: run.id, job, inputs, outputs: [] }),
    runEvent({ state: 'COMPLETE', at: row.made_at, run: run.id, job, inputs, outputs: [output] }),
  ]
}

function sourcesOf(tenant: Id<'tenant'>, plan: QueryPlan, name: string, level: number | null): ColumnSource[] {
  const element = plan.elements.find((one) => one.name === name)
  if (element === undefined)
    return keysOf(tenant, plan).map((key) => ({ ...key, how: 'TRANSFORMATION', masking: true, description: 'pseudonym of the project' }))
  const { table } = plan.sources.find(({ as }) => as === element.source) as QueryPlan['sources'][number]
  const prepared = (plan.prepare[element.source] ?? []).some(({ column, do: step }) => column === element.column && step !== 'rename')
  const done = [
    ...(prepared ? ['prepared'] : []),
    ...(level === null || level === 0 ? [] : [`generalisation, level ${level}`]),
    ...(element.mask === undefined ? [] : ['masked']),
  ]
  const how = plan.aggregation === undefined ? (done.length === 0 ? 'IDENTITY' : 'TRANSFORMATION') : 'AGGREGATION'
  const field = sourceColumnOf(plan, element.source, element.column)
  return [{ ...tableDataset(tenant, table), field, how, masking: element.mask !== undefined, ...(done.length === 0 ? {} : { description: done.join(', ') }) }]
}

/** What people are told by decides which rows there are, and so do filters and the cohort. */
function choosing(tenant: Id<'tenant'>, plan: QueryPlan): ColumnSource[] {
  const how = { how: 'JOIN', ...howLinked(plan) } as const
  return keysOf(tenant, plan).map((key) => ({ ...key, ...how }))
}

function howLinked(plan: QueryPlan): Pick<ColumnSource, 'masking' | 'description'> {
  const unit = unitOf(plan)
  if (unit !== undefined) return { masking: true, description: `encoded, and compared by the linkage unit ${unit}` }
  const session = plan.linkage?.method.kind === 'session'
  return { masking: session, ...(session ? { description: 'linked in a session of the nodes, by what nobody keeps' } : {}) }
}

function keysOf(tenant: Id<'tenant'>, plan: QueryPlan) {
  return (plan.linkage?.keys ?? []).flatMap(({ columns }) =>
    Object.entries(columns).flatMap(([as, column]) => {
      const source = plan.sources.find((one) => one.as === as)
      return source === undefined ? [] : [{ ...tableDataset(tenant, source.table), field: sourceColumnOf(plan, as, column) }]
    }),
  )
}
