/**
 * Where data came from, in the words of OpenLineage 2-0-2: events of runs, with schema, column lineage and counts as facets. They name
 * tables, columns and kinds of transformation, and no value. The standard's own schemas hold them to their form in a test.
 */
import type { Instant } from '@gatehouse/core/instant'
import { z } from 'zod'

/** A table, a result, a step's output: the name within the institution that keeps it. */
export interface DatasetName {
  readonly namespace: string
  readonly name: string
}

/** How a column comes of another: as it is, changed, counted; or only through which rows there are. */
export const transformationSubtypes = ['IDENTITY', 'TRANSFORMATION', 'AGGREGATION', 'JOIN', 'FILTER', 'GROUP_BY', 'CONDITIONAL'] as const
export type TransformationSubtype = (typeof transformationSubtypes)[number]
const direct: readonly string[] = ['IDENTITY', 'TRANSFORMATION', 'AGGREGATION']

export interface ColumnSource extends DatasetName {
  readonly field: string
  readonly how: TransformationSubtype
  /** Whether nothing of the original value is left, as with a pseudonym. */
  readonly masking: boolean
  /** What was done, in a word or two: `generalisation, level 2`. */
  readonly description?: string
}

export interface DatasetFacts extends DatasetName {
  readonly fields?: readonly { readonly name: string; readonly type?: string; readonly description?: string }[]
}

export interface RunFacts {
  readonly state: 'START' | 'RUNNING' | 'COMPLETE' | 'ABORT' | 'FAIL' | 'OTHER'
  readonly at: Instant
  /** A UUID. */
  readonly run: string
  readonly job: DatasetName
  /** The run that this is a step of. */
  readonly parent?: { readonly run: string; readonly job: DatasetName }
  /** Rows read, where they may be told. */
  readonly inputs: readonly (DatasetFacts & { readonly rows?: number })[]
  readonly outputs: readonly (DatasetFacts & {
    readonly rows?: number
    /** By the output's column; `*` names what all rows depend on, such as a filter or a link. */
    readonly columns?: Readonly<Record<string, readonly ColumnSource[]>>
  })[]
  /** Why it failed: a reason's code, and no message of a source. */
  readonly reason?: string
}

const producer = 'urn:gatehouse:lineage'
const spec = 'https://openlineage.io/spec'
const facet = <T extends object>(schema: string, content: T) => ({ _producer: producer, _schemaURL: `${spec}/facets/${schema}`, ...content })

const loose = z.looseObject({})
const dataset = z.strictObject({
  namespace: z.string().min(1),
  name: z.string().min(1),
  facets: loose.optional(),
  inputFacets: loose.optional(),
  outputFacets: loose.optional(),
})
/** An event as it is kept and handed out. */
export const runEventSchema = z.strictObject({
  eventType: z.enum(['START', 'RUNNING', 'COMPLETE', 'ABORT', 'FAIL', 'OTHER']),
  eventTime: z.string(),
  run: z.strictObject({ runId: z.uuid(), facets: loose.optional() }),
  job: z.strictObject({ namespace: z.string().min(1), name: z.string().min(1), facets: loose.optional() }),
  inputs: z.array(dataset),
  outputs: z.array(dataset),
  producer: z.string(),
  schemaURL: z.string(),
})
export type RunEvent = z.output<typeof runEventSchema>

export interface InputField extends DatasetName {
  readonly field: string
  readonly transformations: readonly {
    readonly type: 'DIRECT' | 'INDIRECT'
    readonly subtype: TransformationSubtype
    readonly masking: boolean
    readonly description?: string
  }[]
}
interface LineageFacet {
  readonly fields: Readonly<Record<string, { readonly inputFields: readonly InputField[] }>>
  readonly dataset?: readonly InputField[]
}

/** Of what each column of an output was made, where the event tells it. */
export function lineageFacetOf(output: RunEvent['outputs'][number]): LineageFacet | undefined {
  return output.facets?.columnLineage as LineageFacet | undefined
}

export function runEvent({ state, at, run, job, parent, inputs, outputs, reason }: RunFacts): RunEvent {
  const facets = {
    ...(parent === undefined ? {} : { parent: facet('1-2-0/ParentRunFacet.json#/$defs/ParentRunFacet', { run: { runId: parent.run }, job: parent.job }) }),
    ...(reason === undefined
      ? {}
      : { errorMessage: facet('1-0-1/ErrorMessageRunFacet.json#/$defs/ErrorMessageRunFacet', { message: reason, programmingLanguage: 'none' }) }),
  }
  return {
    eventType: state,
    eventTime: at,
    run: { runId: run, facets },
    job: {
      ...job,
      facets: { jobType: facet('2-0-4/JobTypeJobFacet.json#/$defs/JobTypeJobFacet', { processingType: 'BATCH', integration: 'GATEHOUSE', jobType: 'QUERY' }) },
    },
    inputs: inputs.map(({ rows, ...input }) => ({
      ...datasetOf(input),
      ...(rows === undefined
        ? {}
        : {
            inputFacets: {
              dataQualityMetrics: facet('1-0-3/DataQualityMetricsInputDatasetFacet.json#/$defs/DataQualityMetricsInputDatasetFacet', {
                rowCount: rows,
                columnMetrics: {},
              }),
            },
          }),
    })),
    outputs: outputs.map(({ rows, columns, ...output }) => ({
      ...datasetOf(output, columns),
      ...(rows === undefined
        ? {}
        : {
            outputFacets: {
              outputStatistics: facet('1-0-2/OutputStatisticsOutputDatasetFacet.json#/$defs/OutputStatisticsOutputDatasetFacet', { rowCount: rows }),
            },
          }),
    })),
    producer,
    schemaURL: `${spec}/2-0-2/OpenLineage.json#/$defs/RunEvent`,
  }
}

function datasetOf({ namespace, name, fields }: DatasetFacts, columns?: Readonly<Record<string, readonly ColumnSource[]>>) {
  const { '*': all, ...named } = columns ?? {}
  const lineage = {
    fields: Object.fromEntries(Object.entries(named).map(([column, sources]) => [column, { inputFields: sources.map(inputField) }])),
    ...(all === undefined ? {} : { dataset: all.map(inputField) }),
  }
  return {
    namespace,
    name,
    facets: {
      ...(fields === undefined ? {} : { schema: facet('1-2-0/SchemaDatasetFacet.json#/$defs/SchemaDatasetFacet', { fields }) }),
      ...(columns === undefined ? {} : { columnLineage: facet('1-2-0/ColumnLineageDatasetFacet.json#/$defs/ColumnLineageDatasetFacet', lineage) }),
    },
  }
}

function inputField({ namespace, name, field, how, masking, description }: ColumnSource): InputField {
  const type = direct.includes(how) ? 'DIRECT' : 'INDIRECT'
  return { namespace, name, field, transformations: [{ type, subtype: how, ...(description === undefined ? {} : { description }), masking }] }
}
