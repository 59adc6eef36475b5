import { type Id, newId } from '@gatehouse/core/id'
import type { Tx } from '@gatehouse/runtime/data/db'
import type { Node } from '@gatehouse/runtime/door/node'
import { type DatasetName, type InputField, lineageFacetOf, type RunEvent } from './event.ts'
import { type EdgeRow, insertEdges, insertEvent, madeOf, pageEvents, walkEdges } from './store.ts'

/** How many events of one project are handed out in one go. */
const pageSize = 500
/** A result of a result of a result …: deeper than this nobody looks. */
const depthMax = 16
const edgesMax = 5_000
const outputsMax = 200

/** The name under which this institution's own tables and results stand in lineage. */
export const lineageNamespace = (tenant: Id<'tenant'>) => `urn:gatehouse:institution:${tenant}`
export const tableDataset = (tenant: Id<'tenant'>, reference: string): DatasetName => ({ namespace: lineageNamespace(tenant), name: `tables/${reference}` })
export const resultDataset = (tenant: Id<'tenant'>, result: Id<'query_result'>): DatasetName => ({
  namespace: lineageNamespace(tenant),
  name: `results/${result}`,
})

/** Keeps events as `runEvent` makes them, in the act's own transaction; those of a project are handed out to its members. */
export async function recordLineage(tx: Tx, { source }: Pick<Node, 'source'>, events: readonly RunEvent[], project?: Id<'project'>): Promise<void> {
  for (const event of events) {
    const id = newId<'event'>(source)
    await insertEvent(tx, id, project, event)
    for (const output of event.outputs) await insertEdges(tx, id, output, edgesOf(output))
  }
}

function edgesOf(output: RunEvent['outputs'][number]): EdgeRow[] {
  const facet = lineageFacetOf(output)
  if (facet === undefined) return []
  const edges = (output_field: string, inputs: readonly InputField[]) =>
    inputs.map(({ namespace, name, field, transformations }) => ({
      output_field,
      input_namespace: namespace,
      input_name: name,
      input_field: field,
      transformations,
    }))
  return [...Object.entries(facet.fields).flatMap(([column, { inputFields }]) => edges(column, inputFields)), ...edges('', facet.dataset ?? [])]
}

export interface LineageEdge {
  /** How many runs away from what was asked for. */
  readonly depth: number
  /** Without a field: all rows of it. */
  readonly output: DatasetName & { readonly field?: string }
  readonly input: DatasetName & { readonly field: string }
  readonly transformations: unknown
  readonly run: string
  readonly at: string
}

/** Whatever a column of a result comes of, back to the tables it began with, nearest first; of all its columns where none is named. */
export async function lineageOf(tx: Tx, of: DatasetName, column?: string): Promise<LineageEdge[]> {
  return (await walkEdges(tx, of, column, depthMax, edgesMax)).map((row) => ({
    depth: row.depth,
    output: { namespace: row.output_namespace, name: row.output_name, ...(row.output_field === '' ? {} : { field: row.output_field }) },
    input: { namespace: row.input_namespace, name: row.input_name, field: row.input_field },
    transformations: row.transformations,
    run: row.run_id,
    at: row.at,
  }))
}

/** Names of what runs of the project made of it directly; what others made of it is not told. */
export const resultsOf = (tx: Tx, of: DatasetName, project: Id<'project'>): Promise<string[]> => madeOf(tx, of, project, outputsMax)

/** The events of a project, oldest first. @param step a short transaction for each page */
export async function* lineageEvents(step: <T>(act: (tx: Tx) => Promise<T>) => Promise<T>, project: Id<'project'>): AsyncGenerator<RunEvent> {
  let after: Id<'event'> | undefined
  for (;;) {
    const page = await step((tx) => pageEvents(tx, project, after, pageSize))
    for (const { event } of page) yield event
    if (page.length < pageSize) return
    after = page.at(-1)?.id
  }
}
