/** Two runs side by side: what of the plan is otherwise, what they read, what became of it, and how the values lie. */
import type { Id } from '@gatehouse/core/id'
import { idSchema } from '@gatehouse/core/schema'
import { diffPlans } from '@gatehouse/query/plan/diff'
import type { Tx } from '@gatehouse/runtime/data/db'
import { operation, refuse, type StepsContext } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import type { Field } from '@gatehouse/tabular/field'
import type { Manifest } from '../../../custody/catalog/index.ts'
import { type PartRow, partsOf } from '../parts/store.ts'
import { findVersion, type VersionRow } from '../plans/store.ts'
import { changesView } from '../plans/view.ts'
import { type Bounds, shiftOf, Tally } from '../results/distribution.ts'
import { findResult, type ResultRow } from '../results/store.ts'
import { chunksOf, type OpenResult, openResult } from '../results/table.ts'
import { exampleProject, inProject, inputOfProject } from '../schema.ts'
import { comparedRuns } from './schema.ts'
import { findRun, type RunRow, type StepRow, stepsOf } from './store.ts'
import { runViewOf } from './view.ts'

export const compareRuns = operation({
  name: 'query.compare_runs',
  kind: 'steps',
  summary: 'Compare two runs',
  description:
    'What of the plan is otherwise, versions of the sources, rows, risk and loss, columns and, of released results, how far the values of shared columns shifted. Figures are rounded and absent where they are about too few.',
  input: inputOfProject.extend({ left: idSchema('query_run'), right: idSchema('query_run') }),
  output: comparedRuns,
  access: { action: 'read', on: inProject('query_run') },
  audit: ({ left, right }, { shifts }) => ({ details: { left, right, columns: shifts.map(({ column }) => column) } }),
  http: { method: 'GET', path: '/v1/projects/:project/runs/compare' },
  example: { input: { project: exampleProject, left: '0198c1de-7b3a-7c4d-8e5f-000000000003', right: '0198c1de-7b3a-7c4d-8e5f-000000000013' } },
  problems: [doorProblems.not_found],
  async run(ctx, { project, left, right }) {
    const [one, other] = await ctx.step((tx) => Promise.all([sideOf(tx, project, left), sideOf(tx, project, right)]))
    if (one === undefined || other === undefined) return refuse(doorProblems.not_found)
    const names = (side: Side) => (side.result?.columns ?? []).map(({ name }) => name)
    const [of, to] = [names(one), names(other)]
    // Rows of results are looked at, so whoever may not look at results is told nothing of their values.
    const shown = (await ctx.may('read', inProject('query_result')({ project }))) && released(one, ctx) && released(other, ctx)
    return {
      left: runViewOf(one.run, one.steps, one.parts),
      right: runViewOf(other.run, other.steps, other.parts),
      same_plan: one.run.hash === other.run.hash,
      changes: changesView(diffPlans(one.version.document, other.version.document)),
      sources: sourcesOf(one, other),
      steps: stepsBeside(one, other),
      columns: {
        left_only: of.filter((name) => !to.includes(name)),
        right_only: to.filter((name) => !of.includes(name)),
        both: of.filter((name) => to.includes(name)),
      },
      shifts: shown ? await shiftsBetween(ctx, one.result as ResultRow, other.result as ResultRow, Math.max(one.run.floor, other.run.floor)) : [],
    }
  },
})

interface Side {
  readonly run: RunRow
  readonly steps: readonly StepRow[]
  readonly parts: readonly PartRow[]
  readonly version: VersionRow
  readonly result: ResultRow | undefined
}

async function sideOf(tx: Tx, project: Id<'project'>, id: Id<'query_run'>): Promise<Side | undefined> {
  const run = await findRun(tx, id)
  if (run?.project_id !== project) return undefined
  const version = await findVersion(tx, run.plan_id, run.version)
  if (version === undefined) return undefined
  const result = run.result_id === null ? undefined : await findResult(tx, run.result_id)
  return { run, steps: await stepsOf(tx, id), parts: await partsOf(tx, id), version, result }
}

const released = ({ result }: Side, { now }: StepsContext) => result?.state === 'released' && result.expires_at > now

function sourcesOf(one: Side, other: Side) {
  const [of, to] = [one, other].map(({ result, version }) =>
    version.document.sources.map(({ table }) => ({ table, schema_version: result?.sources.find((source) => source.table === table)?.schema_version ?? null })),
  ) as [{ table: string; schema_version: number | null }[], { table: string; schema_version: number | null }[]]
  return [...new Set([...of, ...to].map(({ table }) => table))].map((table) => {
    const at = (side: typeof of) => side.find((source) => source.table === table)
    return { table, left: at(of)?.schema_version ?? null, right: at(to)?.schema_version ?? null, in_left: at(of) !== undefined, in_right: at(to) !== undefined }
  })
}

function stepsBeside(one: Side, other: Side) {
  const [of, to] = [runViewOf(one.run, one.steps, one.parts).steps, runViewOf(other.run, other.steps, other.parts).steps]
  // A step that only the later has stands where the later has it.
  const ids = of.map(({ id }) => id)
  to.forEach(({ id }, at) => {
    if (!ids.includes(id)) ids.splice(ids.indexOf(to[at - 1]?.id ?? '') + 1, 0, id)
  })
  return ids.map((id) => {
    const [left, right] = [of.find((step) => step.id === id), to.find((step) => step.id === id)]
    const rows = (step: typeof left) => (step === undefined ? null : { rows_in: step.rows_in, rows_out: step.rows_out })
    return { id, title: (left ?? right)?.title ?? id, left: rows(left), right: rows(right) }
  })
}

async function shiftsBetween(ctx: StepsContext, one: ResultRow, other: ResultRow, floor: number) {
  const [left, right] = [await openResult(ctx.node, ctx.tenant, one), await openResult(ctx.node, ctx.tenant, other)]
  if (left === undefined || right === undefined) return []
  const figure = new Set([...one.columns, ...other.columns].filter(({ role }) => role === 'figure' || role === 'token').map(({ name }) => name))
  const shared = left.manifest.fields.filter(
    ({ name, type }) => !figure.has(name) && right.manifest.fields.some((field) => field.name === name && field.type === type),
  )
  const bounds = new Map(shared.map(({ name }) => [name, boundsOf([left.manifest, right.manifest], name)]))
  const [of, to] = [await tallies(ctx, left, shared, bounds), await tallies(ctx, right, shared, bounds)]
  return shared.map(({ name: column }) => {
    const [before, after] = [of.get(column)?.counts, to.get(column)?.counts]
    if (before === undefined || after === undefined) return { column, distance: null, values: [] }
    const { distance, values } = shiftOf(before, after, floor)
    return { column, distance, values: [...values] }
  })
}

async function tallies(ctx: StepsContext, open: OpenResult, fields: readonly Field[], bounds: ReadonlyMap<string, Bounds | undefined>) {
  const found = new Map(fields.map(({ name }) => [name, new Tally(bounds.get(name))]))
  for await (const { data } of chunksOf(ctx.node, open, [...found.keys()])) for (const column of data.columns) found.get(column.field.name)?.add(column)
  return found
}

/** As the manifests say; no row is read for it. */
function boundsOf(manifests: readonly Manifest[], column: string): Bounds | undefined {
  let bounds: Bounds | undefined
  for (const { fields, chunks } of manifests) {
    const at = fields.findIndex(({ name }) => name === column)
    for (const { columns } of chunks) {
      const { min, max } = columns[at] ?? {}
      if (min !== undefined && max !== undefined) bounds = { min: Math.min(min, bounds?.min ?? min), max: Math.max(max, bounds?.max ?? max) }
    }
  }
  return bounds
}
