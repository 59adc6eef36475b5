/**
 * The query plan: from which tables, which elements of whom, linked how, treated how, given out as what – in one JSON document that
 * people approve, that every node can check step by step, and that has a hash. It names tables and columns and no person. The elements
 * with their roles and weights, and the treatment, are a treatment plan of `@gatehouse/privacy` in two pieces (`treatmentPlanOf`).
 */

import { forms as canonicalForms } from '@gatehouse/linkage/model/schema'
import { resultForms } from '@gatehouse/policy/document'
import { columnPlanSchema, planSchema as treatmentPlanSchema } from '@gatehouse/privacy/plan/schema'
import { fieldTypes } from '@gatehouse/tabular/field'
import { predicateSchema } from '@gatehouse/tabular/predicate'
import { z } from 'zod'

export const limits = {
  sourcesMax: 8,
  elementsMax: 200,
  preparationsMax: 64,
  keysMax: 12,
  passesMax: 8,
  measuresMax: 16,
  expiryDaysMax: 3_650,
  deadlineHoursMax: 720,
} as const

/** Small letters, digits and "_": the same rule as for the fields of a table. */
const name = z.string().regex(/^[a-z][a-z0-9_]{0,62}$/, 'small letters, digits and "_", beginning with a letter, at most 63')
const column = z.string().min(1).max(200)
/** A table of the catalogue: `source.table`; of another node of the mesh: `node/source.table`. */
const table = z
  .string()
  .regex(
    /^(?:[a-z0-9][a-z0-9-]{0,62}\/)?[a-z0-9][a-z0-9-]{0,62}\.[a-z0-9][a-z0-9_-]{0,62}$/,
    'a table of the catalogue, as source.table, or as node/source.table where it is at another node',
  )

const sourceSchema = z.strictObject({
  as: name.meta({ description: 'How the plan calls it.' }),
  table,
  where: predicateSchema.optional().meta({ description: 'Only these rows are read; pushed down to the source where it can.' }),
  rows_max: z.int().min(1).max(100_000_000).default(10_000_000).meta({ description: 'A source that gives more ends the run.' }),
})

/** One thing done to a source after it is read; in order, each recorded with rows in and out. */
export const preparationSchema = z.discriminatedUnion('do', [
  z.strictObject({ do: z.literal('require'), column, rule: z.enum(['present', 'unique', 'valid']), otherwise: z.enum(['drop', 'stop']).default('drop') }).meta({
    description: 'A data-quality check: rows that fail it are dropped, or the run ends. `valid`: by the column’s type and meaning, such as check digits.',
  }),
  z
    .strictObject({
      do: z.literal('range'),
      column,
      min: z.number().optional(),
      max: z.number().optional(),
      otherwise: z.enum(['blank', 'drop', 'stop']).default('blank'),
    })
    .meta({ description: 'Values outside become missing, drop the row, or end the run.' }),
  z.strictObject({ do: z.literal('rename'), column, to: name }).meta({ description: 'Another name for a column, so that sources agree.' }),
  z
    .strictObject({
      do: z.literal('code'),
      column,
      list: z.record(z.string().max(200), z.string().max(200)),
      otherwise: z.enum(['blank', 'keep', 'stop']).default('blank'),
    })
    .meta({ description: 'A code list: each value becomes what stands beside it.' }),
  z
    .strictObject({ do: z.literal('convert'), column, from: z.string().max(32), to: z.string().max(32) })
    .meta({ description: 'A unit of measure into another (UCUM codes of a closed list).' }),
  z
    .strictObject({ do: z.literal('normalise'), column, form: z.enum(canonicalForms) })
    .meta({ description: 'The canonical form of names, dates, postcodes and so on, as linkage uses it.' }),
])

/** How a person's several values become the one of their row. */
export const reductions = ['first', 'last', 'min', 'max', 'mean', 'sum', 'count', 'any'] as const

export const elementSchema = columnPlanSchema.extend({
  name: name.meta({ description: 'Its column in the result.' }),
  source: name,
  column,
  type: z.enum(fieldTypes).optional(),
  reduce: z.enum(reductions).default('first').meta({ description: 'For linked sources that have several rows of one person; in the order they are read.' }),
})

const keySchema = z.strictObject({
  name,
  form: z.enum(canonicalForms),
  /** The column of each source, by the source's name in the plan. */
  columns: z.record(name, column),
})

const passesSchema = z.array(z.array(name).min(1).max(8)).min(1).max(limits.passesMax)

const linkageSchema = z
  .strictObject({
    keys: z.array(keySchema).min(1).max(limits.keysMax).meta({ description: 'What people are told by; read for linking and never given out.' }),
    method: z.discriminatedUnion('kind', [
      z
        .strictObject({
          kind: z.literal('deterministic'),
          passes: passesSchema,
        })
        .meta({
          description:
            'Each pass is an agreement on all its keys; the first pass that finds somebody names the link. Done on tokens, never on values in clear.',
        }),
      z.strictObject({ kind: z.literal('session'), passes: passesSchema }).meta({
        description:
          'Passes as of deterministic linkage, across nodes: what the rows of different nodes are linked by is made by all of them together, for one run, and nobody can make or recognise it afterwards.',
      }),
      z
        .strictObject({
          kind: z.literal('probabilistic'),
          /** Pairs at or above are links; those from `review_from` up to it go to clerical review. */
          threshold: z.number().gt(0.5).lt(1).default(0.9),
          review_from: z.number().gt(0).lt(1).optional(),
          seed: z
            .int()
            .min(0)
            .max(2 ** 31)
            .default(1),
        })
        .meta({ description: 'Evidence is weighed; not offered for anonymised results.' }),
      z
        .strictObject({
          kind: z.literal('encoded'),
          unit: z
            .string()
            .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'the name of a node of the mesh')
            .meta({ description: 'The node that compares: it holds no table of the plan and no key.' }),
          threshold: z.number().gt(0.6).max(1).default(0.8).meta({ description: 'How alike two encodings are (Dice) that are linked.' }),
          keys_min: z.int().min(1).max(limits.keysMax).default(2).meta({ description: 'A row with fewer keys that have a value is linked with nobody.' }),
        })
        .meta({
          description:
            'Across nodes, by encodings that forgive slips (CLKs): each node encodes its own rows under a key of the run, and a linkage unit compares the encodings.',
        }),
    ]),
    keep: z.enum(['everybody', 'linked', 'first']).default('everybody').meta({
      description: 'everybody: whoever is in any source; linked: only who is in all of them; first: whoever is in the first source.',
    }),
  })
  .meta({ description: 'One row for each person. Without linkage a plan has one source, and one row for each of its rows.' })

const treatmentSchema = treatmentPlanSchema
  .omit({ columns: true, other_columns: true, seed: true, population: true, version: true })
  .meta({ description: 'What the table must keep before it is given out; roles and weights stand with the elements.' })

const aggregationSchema = z
  .strictObject({
    by: z.array(name).min(1).max(2),
    measures: z
      .array(z.discriminatedUnion('kind', [z.strictObject({ kind: z.literal('count') }), z.strictObject({ kind: z.enum(['sum', 'mean']), of: name })]))
      .min(1)
      .max(limits.measuresMax)
      .default([{ kind: 'count' }]),
    profile: z
      .enum(['open_safely', 'acro', 'data_shield', 'strictest'])
      .default('strictest')
      .meta({ description: 'Which set of rules protects the cells; the project’s own floor holds besides.' }),
    noise: z
      .strictObject({ epsilon: z.number().gt(0).max(10) })
      .optional()
      .meta({ description: 'Counts with noise (differential privacy), charged to the project’s budget.' }),
  })
  .meta({ description: 'A table of figures in place of rows.' })

const nodesSchema = z
  .strictObject({
    deadline_hours: z.int().min(1).max(limits.deadlineHoursMax).default(24).meta({ description: 'A node that has not answered by then is not waited for.' }),
    partial: z
      .enum(['refused', 'allowed'])
      .default('refused')
      .meta({ description: 'Whether there is a result where a node refuses or does not answer. It is then marked as partial, wherever it is seen.' }),
  })
  .meta({ description: 'For plans with tables of other nodes.' })

export const outputFormats = ['csv', 'json', 'ndjson', 'parquet'] as const

const outputSchema = z.strictObject({
  title: z.string().trim().min(1).max(200),
  formats: z.array(z.enum(outputFormats)).min(1).max(4).default(['csv', 'json', 'parquet']),
  expires_days: z.int().min(1).max(limits.expiryDaysMax).default(90),
  source: z
    .strictObject({ floor: z.int().min(2).max(1_000).default(10) })
    .optional()
    .meta({ description: 'The result may be used as a source; no count below the floor is told of it.' }),
})

/**
 * The shape of a plan. What its parts must have to do with each other is `parsePlan`'s to say: names that exist, sources that are used,
 * and what each form of result allows.
 */
export const queryPlanSchema = z
  .strictObject({
    version: z.literal(1),
    form: z.enum(resultForms),
    sources: z.array(sourceSchema).min(1).max(limits.sourcesMax),
    prepare: z.record(name, z.array(preparationSchema).max(limits.preparationsMax)).default({}),
    elements: z.array(elementSchema).min(1).max(limits.elementsMax),
    linkage: linkageSchema.optional(),
    cohort: predicateSchema.optional().meta({ description: 'Who is meant, over the elements, after linking.' }),
    treatment: treatmentSchema.optional(),
    aggregation: aggregationSchema.optional(),
    nodes: nodesSchema.optional(),
    output: outputSchema,
  })
  .meta({ id: 'QueryPlan', title: 'Gatehouse query plan' })

export type QueryPlan = z.output<typeof queryPlanSchema>
export type QueryPlanInput = z.input<typeof queryPlanSchema>
export type PlanSource = QueryPlan['sources'][number]
export type PlanElement = QueryPlan['elements'][number]
export type Preparation = z.output<typeof preparationSchema>
export type PlanLinkage = NonNullable<QueryPlan['linkage']>
export type LinkMethod = PlanLinkage['method']
export type PlanNodes = NonNullable<QueryPlan['nodes']>
export type PlanAggregation = NonNullable<QueryPlan['aggregation']>

/** The passes of a method that links by exact agreement; `undefined` where evidence is weighed. */
export const exactPasses = (method: LinkMethod): readonly (readonly string[])[] | undefined => ('passes' in method ? method.passes : undefined)
