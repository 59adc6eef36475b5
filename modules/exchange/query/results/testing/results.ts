/** A node with a project in which a run has been released, as its tests begin. */
import type { Id } from '@gatehouse/core/id'
import { type QueryPlanInput, queryPlanSchema } from '@gatehouse/query/plan/schema'
import type { Principal } from '@gatehouse/runtime/base/context'
import type { Module } from '@gatehouse/runtime/door/module'
import { datasetFrom } from '@gatehouse/tabular/dataset'
import type { Field, FieldType } from '@gatehouse/tabular/field'
import type { SourceRecord } from '@gatehouse/tabular/value'
import { catalogModule, tableKey, writeTable } from '../../../../custody/catalog/index.ts'
import { createProject } from '../../../../governance/projects/create.ts'
import { beginProject } from '../../../../governance/projects/life.ts'
import { addMember } from '../../../../governance/projects/members.ts'
import { addSource } from '../../../../governance/projects/sources.ts'
import { type ProjectsNode, projectsNode } from '../../../../governance/projects/testing/projects.ts'
import { wrapResultKey } from '../../keys.ts'
import { queryModule } from '../../module.ts'
import { insertPlan, insertVersion, type VersionRow } from '../../plans/store.ts'
import { insertRun, insertSteps, moveRun, type StepRow, setRunResult } from '../../runs/store.ts'
import type { ResultView, SdcReport } from '../schema.ts'
import { insertResult, type ResultRow } from '../store.ts'
import { resultFile } from '../table.ts'

export type ResultsNode = Awaited<ReturnType<typeof resultsNode>>

export const fieldOf = (name: string, type: FieldType): Field => ({ name, type, sensitivity: 'plain', nullable: true })
export const passed: SdcReport = {
  status: 'pass',
  checks: [],
  rows: 0,
  people: null,
  floor: 10,
  risk_highest: 0.1,
  loss: 0.2,
  cells_suppressed: null,
}

const plan: QueryPlanInput = {
  version: 1,
  form: 'anonymised',
  sources: [{ as: 'stays', table: 'hospital.stays' }],
  elements: [
    { name: 'town', source: 'stays', column: 'town', role: 'quasi' },
    { name: 'age', source: 'stays', column: 'age', role: 'quasi' },
    { name: 'diagnosis', source: 'stays', column: 'diagnosis', role: 'sensitive' },
  ],
  treatment: { models: [{ model: 'k_anonymity', k: 5 }] },
  output: { title: 'Stays by town', formats: ['csv', 'json', 'ndjson', 'parquet'] },
}

export interface Made {
  readonly project: Id<'project'>
  readonly result: Id<'query_result'>
  readonly run: Id<'query_run'>
  readonly plan: Id<'query_plan'>
}

/** @param more modules that stand above queries, lowest first */
export async function resultsNode(more: readonly Module[] = []) {
  const n = await projectsNode([catalogModule, queryModule, ...more])
  const { t } = n
  const officer = t.principal({ roles: ['administrator', 'officer'] })

  async function project(tables = ['hospital.stays']): Promise<{ project: Id<'project'>; lead: Principal; analyst: Principal }> {
    const { id } = await n.done<{ id: Id<'project'> }>(createProject, n.terms(), officer)
    const [lead, analyst] = [await n.staff(), await n.staff()]
    for (const [who, role] of [
      [lead, 'project_lead'],
      [analyst, 'project_analyst'],
    ] as const) {
      await n.done(addMember, { project: id, kind: 'user', holder: who.id, role }, officer)
    }
    for (const reference of tables) await n.done(addSource, { project: id, kind: 'table', reference }, officer)
    await n.done(beginProject, { project: id }, officer)
    return { project: id, lead, analyst }
  }

  return { ...n, officer, project, released: releasing(n) }
}

/** Releases results on a node with queries. */
export function releasing({ t, inDays }: Pick<ProjectsNode, 't' | 'inDays'>) {
  const { node } = t.door
  /** As a run leaves it: rows sealed under a key of their own, and what is known of them. */
  return async function released(
    of: { readonly project: Id<'project'>; readonly analyst: Principal },
    content: {
      readonly fields: readonly Field[]
      readonly chunks: readonly (readonly SourceRecord[])[]
      readonly plan?: Partial<QueryPlanInput>
      readonly columns?: ResultView['columns']
      readonly result?: Partial<ResultRow>
      readonly version?: Partial<VersionRow>
      readonly steps?: readonly Pick<StepRow, 'id' | 'kind' | 'title'>[]
    },
  ): Promise<Made> {
    const at = inDays(0) as never
    const document = queryPlanSchema.parse({ ...plan, ...content.plan })
    const { newId } = { newId: <K extends 'query_plan' | 'query_run' | 'query_result'>() => crypto.randomUUID() as unknown as Id<K> }
    const ids = { plan: newId<'query_plan'>(), run: newId<'query_run'>(), result: newId<'query_result'>() }
    const key = node.keys.primitives.randomBytes(32)
    const wrapped = await wrapResultKey(node, t.tenant, ids.result, key)
    const file = tableKey(t.tenant, resultFile(t.tenant, ids.result), key)
    const manifest = await writeTable(
      t.blobs,
      node.keys.primitives,
      file,
      content.fields,
      content.chunks.map((rows) => datasetFrom(content.fields, rows)),
    )
    await t.database.transaction(t.tenant, async (tx) => {
      await insertPlan(tx, { id: ids.plan, project_id: of.project, created_by: of.analyst.id, created_at: at }, 1_000)
      const version = { plan_id: ids.plan, version: 1, hash: 'a'.repeat(64), document, made_by: of.analyst.id, made_at: at }
      await insertVersion(tx, { ...version, reasons: [], review_id: null, approved_teams: null, approved_at: null, ...content.version })
      const run = { id: ids.run, project_id: of.project, plan_id: ids.plan, version: 1, hash: version.hash, title: document.output.title }
      await insertRun(tx, { ...run, schedule_id: null, asked_by: of.analyst.id, asked_from: null, behalf: null, asked_at: at, floor: 10 }, 1_000)
      await moveRun(tx, ids.run, { from: 'queued', to: 'released', at, ended: true })
      if (content.steps !== undefined) await insertSteps(tx, ids.run, content.steps)
      await insertResult(tx, {
        id: ids.result,
        project_id: of.project,
        run_id: ids.run,
        plan_id: ids.plan,
        version: 1,
        title: document.output.title,
        form: document.form,
        kind: document.aggregation === undefined ? 'rows' : 'figures',
        state: 'released',
        ended_by: null,
        ...wrapped,
        rows: manifest.rows,
        columns: content.columns ?? content.fields.map(({ name, type }) => ({ name, type, role: 'insensitive', level: null, levels: null })),
        report: { ...passed, rows: manifest.rows },
        digest: 'd'.repeat(64),
        sources: document.sources.map(({ as, table }) => ({ as, table, schema_version: 3 })),
        review_id: null,
        made_at: at,
        released_at: at,
        expires_at: inDays(20) as never,
        ended_at: null,
        source: null,
        nodes: null,
        told_apart: null,
        ...content.result,
      })
      await setRunResult(tx, ids.run, ids.result)
    })
    return { project: of.project, ...ids }
  }
}
