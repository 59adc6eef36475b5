/** A result becomes a table of the catalogue, which other plans may read under its own floor, until the result ends. */
import type { Id } from '@gatehouse/core/id'
import type { Tx } from '@gatehouse/runtime/data/db'
import { operation, Refusal, refuse, type StepsContext } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import {
  deleteTable,
  keepResultTable,
  lineageNamespace,
  recordLineage,
  resultDataset,
  runEvent,
  tableDataset,
  writeResultFile,
} from '../../../../custody/catalog/index.ts'
import { putHolder } from '../../../../governance/projects/index.ts'
import { holdersOfTables } from '../../plans/review-kind.ts'
import { problems } from '../../problems.ts'
import { inProject } from '../../schema.ts'
import { leavingResult } from '../leaving.ts'
import { exampleResult } from '../read.ts'
import { resultInput } from '../schema.ts'
import { findResult, setResultSource } from '../store.ts'
import { dataOf, type OpenResult, openResult } from '../table.ts'
import { resultFacts } from '../view.ts'
import type { Found } from '../visible.ts'
import { catalogColumns, slugOf } from './columns.ts'

export const makeSource = operation({
  name: 'query.make_source',
  kind: 'steps',
  summary: 'Make a result a table of the catalogue',
  description:
    'Where its plan says so, and of anonymised results only: objections and erasures could not reach the people behind pseudonyms. It has the floor that the plan gives it, the holder of the tables it came of, its lineage, and the end of the result.',
  input: resultInput,
  output: z.strictObject({ table: z.string().describe('as plans name it') }),
  access: { action: 'export', on: inProject('query_result') },
  audit: ({ result }, { table }) => ({ object: { kind: 'query_result', id: result }, details: { table } }),
  http: { method: 'POST', path: '/v1/projects/:project/results/:result/as-source', status: 201 },
  example: { input: exampleResult },
  problems: [doorProblems.not_found, problems.result_held, problems.result_ended, problems.stays_here, problems.not_as_source],
  async run(ctx, { project, result: id }) {
    const found = await ctx.step((tx) => fitFor(ctx, tx, project, id))
    if (found instanceof Refusal) return found
    if (found.result.source !== null) return { table: found.result.source }
    const open = await openResult(ctx.node, ctx.tenant, found.result)
    if (open === undefined) return refuse(problems.result_ended, undefined, resultFacts(found.result))
    const upload = ctx.newId<'upload'>()
    const { file, manifest } = await writeResultFile(ctx.node, ctx.tenant, upload, open.manifest.fields, dataOf(ctx.node, open))
    const kept = await ctx
      .step((tx) => keep(ctx, tx, found, { upload, rows: manifest.rows, open }))
      .catch(async (error: unknown) => {
        await deleteTable(ctx.node.blobs, file)
        throw error
      })
    if (kept instanceof Refusal || !kept.own) await deleteTable(ctx.node.blobs, file)
    return kept instanceof Refusal ? kept : { table: kept.table }
  },
})

async function fitFor(
  ctx: StepsContext,
  tx: Tx,
  project: Id<'project'>,
  id: Id<'query_result'>,
): Promise<(Found & { readonly holder: Id<'team'> | undefined }) | Refusal> {
  const found = await leavingResult(ctx, tx, project, id)
  if (found instanceof Refusal) return found
  const facts = resultFacts(found.result)
  if (found.version.document.output.source === undefined) return refuse(problems.not_as_source, 'the plan does not say so', facts)
  if (found.result.kind === 'rows' && found.result.form !== 'anonymised')
    return refuse(problems.not_as_source, 'it is about people whom their objections could not reach', facts)
  const holders = await holdersOfTables(tx, found.version)
  if (holders.length > 1) return refuse(problems.not_as_source, 'its tables have several holders, and a table has one', facts)
  return { ...found, holder: holders[0] }
}

interface Copied {
  readonly upload: Id<'upload'>
  readonly rows: number
  readonly open: OpenResult
}

/** Of two who ask at once one makes the table, and both are told it. */
async function keep(
  ctx: StepsContext,
  tx: Tx,
  { result: { id }, version, holder }: Found & { readonly holder: Id<'team'> | undefined },
  { upload, rows, open }: Copied,
): Promise<{ readonly table: string; readonly own: boolean } | Refusal> {
  const result = await findResult(tx, id, true)
  if (result === undefined || result.state !== 'released' || result.expires_at <= ctx.now) return refuse(problems.result_ended)
  if (result.source !== null) return { table: result.source, own: false }
  const kept = await keepResultTable(tx, ctx.node, ctx.tenant, {
    table: ctx.newId<'table'>(),
    source: ctx.newId<'data_source'>(),
    upload,
    slug: slugOf(result.title, id),
    title: result.title,
    description: `A result of a query, until ${result.expires_at.slice(0, 10)}.`,
    columns: catalogColumns(open.manifest.fields, result.columns),
    rows,
    floor: Math.max(version.document.output.source?.floor ?? 0, result.report.floor),
    digest: result.digest,
    by: ctx.principal.id,
    at: ctx.now,
  })
  if ('refused' in kept) {
    const detail = kept.refused === 'slug_taken' ? 'somebody has named a source “results”' : 'the institution has as many sources as it may'
    return refuse(problems.not_as_source, detail, resultFacts(result))
  }
  await setResultSource(tx, id, kept.reference)
  if (holder !== undefined) await putHolder(tx, { kind: 'table', reference: kept.reference, team: holder, named_by: ctx.principal.id, named_at: ctx.now })
  const [input, output] = [resultDataset(ctx.tenant, id), tableDataset(ctx.tenant, kept.reference)]
  const fields = result.columns.map(({ name, type }) => ({ name, type }))
  const columns = Object.fromEntries(fields.map(({ name }) => [name, [{ ...input, field: name, how: 'IDENTITY' as const, masking: false }]]))
  const job = { namespace: lineageNamespace(ctx.tenant), name: `results/${id}/as-source` }
  await recordLineage(
    tx,
    ctx.node,
    [runEvent({ state: 'COMPLETE', at: ctx.now, run: upload, job, inputs: [{ ...input, fields }], outputs: [{ ...output, fields, rows, columns }] })],
    result.project_id,
  )
  return { table: kept.reference, own: true }
}
