/** What a plan would come to, with nothing kept: a dry run, and how many people it means. */
import type { Id } from '@gatehouse/core/id'
import { newId } from '@gatehouse/core/id'
import { sourcesByNode } from '@gatehouse/query/plan/nodes'
import type { QueryPlan } from '@gatehouse/query/plan/schema'
import type { PlanTable } from '@gatehouse/query/plan/table'
import { resumable } from '@gatehouse/query/steps/extract'
import { countStep, planSteps, rowDigestsOf } from '@gatehouse/query/steps/plan-steps'
import type { StepFacts, StepKind, StepSpec } from '@gatehouse/query/steps/step'
import type { Node } from '@gatehouse/runtime/door/node'
import { packChunk } from '@gatehouse/tabular/chunk'
import type { Field } from '@gatehouse/tabular/field'
import { allOf, columnsIn } from '@gatehouse/tabular/predicate-parse'
import { type CatalogTable, deleteTable, type Manifest, openTable, readPacked, uploadedTable } from '../../../custody/catalog/index.ts'
import { type PeopleDigests, peopleFrom } from '../disclosure/people.ts'
import type { JobChunk, JobInput } from './executor.ts'
import { type ExecutorInput, executorFor, scratchOf } from './index.ts'
import { threadExecutor } from './threads.ts'

export interface TrialInput extends Pick<ExecutorInput, 'tenant' | 'tables' | 'secrets' | 'excluded' | 'rowsPerSource'> {
  readonly plan: QueryPlan
  /** The tables as plans know them. */
  readonly planTables: ReadonlyMap<string, PlanTable>
  readonly signal: AbortSignal
}

export interface Trial {
  /** Each step that was tried, up to the one that refused. */
  readonly steps: readonly { readonly id: string; readonly kind: StepKind; readonly facts: StepFacts }[]
  /** Rows of the result there would be. */
  readonly rows: number
  /** Risk that the treatment leaves too high, or whatever else it said. */
  readonly refused?: string
  /** Who is in what the last step gave, as `peopleOf` gives them. */
  readonly people?: Uint8Array
}

/** With tables of other nodes as far as this one's own go: what is linked and treated is made of what those give. @throws what a source or a step says */
export async function dryRun(node: Node, input: TrialInput): Promise<Trial> {
  const steps = planSteps(input.plan, input.planTables)
  return trySteps(
    node,
    input,
    isAcross(input.plan) ? steps.filter(({ kind, id }) => kind === 'extract' && input.tables.has(id.replace('extract:', ''))) : steps,
  )
}

/**
 * How many people a plan means, or rows where it links nobody; before disclosure control, which is the caller's. `undefined` where tables
 * lie at other nodes: whom those mean, and who is the same person, nobody knows before they give their parts.
 */
export async function countCohort(node: Node, input: TrialInput): Promise<number | undefined> {
  const { plan, planTables } = input
  if (isAcross(plan)) return undefined
  const step = countStep(plan, planTables, input.excluded !== undefined)
  if (step !== undefined) return countRows(node, input, step)
  const asked = new Set(plan.cohort === undefined ? [] : columnsIn(plan.cohort))
  const elements = plan.elements.filter(({ name }) => asked.has(name))
  const { treatment: _treatment, aggregation: _aggregation, ...rest } = plan
  const steps = planSteps({ ...rest, elements, form: 'anonymised' }, planTables).filter(({ kind }) => kind !== 'write')
  return (await trySteps(node, input, steps)).rows
}

/** Who is meant by a plan, each once, as digests of the project; `undefined` where nothing tells the people of two rows apart. */
export async function peopleMeant(node: Node, input: TrialInput): Promise<PeopleDigests | undefined> {
  const { treatment: _treatment, aggregation: _aggregation, ...rest } = input.plan
  if (rest.linkage === undefined && [...input.planTables.values()].some((table) => rowDigestsOf(table)?.by !== 'subject')) return undefined
  const { people, rows } = await trySteps(node, input, planSteps({ ...rest, form: 'anonymised' }, input.planTables))
  return people === undefined ? (rows === 0 ? peopleFrom(new Uint8Array()) : undefined) : peopleFrom(people)
}

export const isAcross = (plan: QueryPlan): boolean => sourcesByNode(plan).size > 0

async function trySteps(node: Node, input: TrialInput, steps: readonly StepSpec[]): Promise<Trial> {
  const { tenant, signal } = input
  const run = newId<'query_run'>(node.source)
  // The key is nowhere else, so that what a crash leaves is noise.
  const key = node.keys.primitives.randomBytes(32)
  const executor = executorFor(node, { ...input, run, key, targets: new Map() })
  const outputs = new Map<string, Manifest>()
  const tried: { id: string; kind: StepKind; facts: StepFacts }[] = []
  let last: Uint8Array | undefined
  try {
    for (const step of steps) {
      const inputs = step.inputs.map((id) => outputs.get(id) as Manifest)
      const { manifest, facts, people } = await executor.run(step, inputs, { signal })
      last = people
      outputs.set(step.id, manifest)
      tried.push({ id: step.id, kind: step.kind, facts })
      if (facts.refused !== undefined) return { steps: tried, rows: 0, refused: facts.refused }
      // Where nobody is left there is nothing to treat.
      if (manifest.rows === 0 && step.kind !== 'extract') return { steps: tried, rows: 0 }
    }
    return { steps: tried, rows: tried.at(-1)?.facts.rows_out ?? 0, ...(last === undefined ? {} : { people: last }) }
  } finally {
    await executor.close()
    await deleteTable(node.blobs, scratchOf(tenant, run))
  }
}

/** Counting threads stay, so that whoever changes a cohort sees its size at once. */
const counting = threadExecutor()
const partsMax = 2

async function countRows(node: Node, input: TrialInput, step: Extract<StepSpec, { kind: 'count' }>): Promise<number> {
  const { extract } = step.params
  const table = input.tables.get(extract.source)
  if (table === undefined) throw new RangeError(`there is no table for the source ${extract.source}`)
  const fieldOf = (name: string) => table.columns.find((column) => column.name === name)?.field as Field
  const uploaded = await uploadedFile(node, input.tenant, table)
  const secrets = input.excluded === undefined ? input.secrets : { ...input.secrets, excluded: input.excluded }
  const count = async (job: JobInput, counted: StepSpec) => {
    const { facts } = await counting.run({ step: counted, inputs: [job], secrets, rowsPerChunk: 1 }, async () => {}, input.signal)
    return facts.rows_out
  }
  if (uploaded === undefined) {
    const asked = pushedDown(step)
    const { columns, where, rowsMax } = asked.params.extract
    const read = columns.length > 0 ? columns : table.columns.slice(0, 1).map(({ name }) => name)
    const opened = await openTable(node, input.tenant, table, { columns: read, where, rowsMax, signal: input.signal })
    return count({ fields: read.map(fieldOf), filtered: true, chunks: packed(opened.chunks) }, asked)
  }
  const { manifest, key } = uploaded
  const columns = [...new Set([...extract.columns, ...(extract.where === undefined ? [] : columnsIn(extract.where))])]
  const fields = columns.map((name) => ({ ...(manifest.fields.find((field) => field.name === name) as Field), ...fieldOf(name) }))
  // What a check remembers from chunk to chunk cannot be shared.
  const parts = resumable(extract) ? partsMax : 1
  const size = Math.ceil(manifest.chunks.length / parts)
  const counts = await Promise.all(
    Array.from({ length: parts }, (_, part) => {
      const chunks = first(readPacked(node.blobs, node.keys.primitives, key, manifest, columns, part * size), size)
      return count({ fields, filtered: false, chunks }, step)
    }),
  )
  return counts.reduce((sum, rows) => sum + rows, 0)
}

/** The file of an upload, where the source is open and the table is there: `openTable` says so. */
async function uploadedFile(node: Node, tenant: Id<'tenant'>, table: CatalogTable) {
  await openTable(node, tenant, table, { columns: [], rowsMax: 0, signal: AbortSignal.abort() })
  return uploadedTable(node, tenant, table)
}

/** A source that can filter is asked for the cohort itself, where nothing is done to its columns in between. */
function pushedDown(step: Extract<StepSpec, { kind: 'count' }>): Extract<StepSpec, { kind: 'count' }> {
  const { extract, cohort } = step.params
  const plain = extract.prepare.length === 0 && extract.elements.every(({ name, column, type }) => name === column && type === undefined)
  if (!plain || cohort === undefined) return step
  const where = allOf([...(extract.where === undefined ? [] : [extract.where]), cohort])
  const columns = extract.subject === undefined ? [] : [extract.subject]
  return { ...step, params: { extract: { ...extract, columns, elements: [], ...(where === undefined ? {} : { where }) } } }
}

async function* packed(chunks: Awaited<ReturnType<typeof openTable>>['chunks']): AsyncGenerator<JobChunk, void, undefined> {
  for await (const chunk of chunks) yield packChunk(chunk)
}

async function* first<T>(items: AsyncIterable<T>, count: number): AsyncGenerator<T, void, undefined> {
  let left = count
  if (left <= 0) return
  for await (const item of items) {
    yield item
    if (--left <= 0) return
  }
}
