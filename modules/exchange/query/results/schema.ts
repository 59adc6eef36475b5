import { idSchema, instantSchema, sensitive } from '@gatehouse/core/schema'
import { saidSchema } from '@gatehouse/core/sentence'
import { resultForms } from '@gatehouse/policy/document'
import { outputFormats } from '@gatehouse/query/plan/schema'
import { fieldTypes } from '@gatehouse/tabular/field'
import { z } from 'zod'
import { nodeOfResult, partDecision } from '../parts/schema.ts'
import { inputOfProject, toldCount } from '../schema.ts'

export const resultInput = inputOfProject.extend({ result: idSchema('query_result') })

/** `held`: made, and seen by nobody but its reviewers. `ended`: its key is destroyed. */
export const resultStates = ['held', 'released', 'ended'] as const
export const resultEnds = ['expired', 'refused', 'deleted', 'person_erased'] as const

export const resultColumn = z.strictObject({
  name: z.string(),
  type: z.enum(fieldTypes),
  role: z.enum(['quasi', 'sensitive', 'identifying', 'insensitive', 'token', 'figure']),
  /** How far its values were coarsened, of how many levels. */
  level: z.int().nullable(),
  levels: z.int().nullable(),
})

export const sdcCheck = z.strictObject({
  check: z
    .string()
    .describe(
      'people, threshold, zeroes, rounding, dominance, p_ratio, class_size, unique_rows, direct_identifiers, free_text, min_max, risk, differencing, …',
    ),
  status: z.enum(['pass', 'review', 'fail']),
  column: z.string().nullable().describe('Where it is about one column'),
  cells: z
    .array(z.strictObject({ row: z.int(), column: z.string() }))
    .max(50)
    .optional()
    .describe('Where it is about cells of a table of figures'),
  detail: z.string(),
  mitigation: z.string().nullable(),
  said: saidSchema.optional().describe('The sentence of detail and mitigation by its code; absent in reports of earlier versions'),
})

/** What is laid beside a result for its reviewers. It holds figures and no row. */
export const sdcReport = z.strictObject({
  status: z.enum(['pass', 'review', 'fail']),
  checks: z.array(sdcCheck),
  rows: z.int(),
  people: z.int().nullable(),
  floor: z.int(),
  risk_highest: z.number().nullable(),
  loss: z.number().nullable(),
  cells_suppressed: z.int().nullable(),
})
export type SdcReport = z.output<typeof sdcReport>

export const resultSummary = z.strictObject({
  id: idSchema('query_result'),
  project: idSchema('project'),
  run: idSchema('query_run'),
  plan: idSchema('query_plan'),
  version: z.int(),
  hash: z.string(),
  title: z.string(),
  form: z.enum(resultForms),
  kind: z.enum(['rows', 'figures']),
  state: z.enum(resultStates),
  end: z.enum(resultEnds).nullable(),
  rows: z.int(),
  partial: z.boolean().describe('A node of the plan gave nothing, which the plan allows'),
  formats: z.array(z.enum(outputFormats)),
  review: idSchema('review').nullable(),
  made_at: instantSchema,
  released_at: instantSchema.nullable(),
  expires_at: instantSchema,
})
export type ResultSummary = z.output<typeof resultSummary>

export const resultView = resultSummary.extend({
  columns: z.array(resultColumn),
  report: sdcReport,
  /** SHA-256 over the canonical form of the rows: two results of the same content have the same. */
  digest: z.string(),
  sources: z.array(z.strictObject({ as: z.string(), table: z.string(), schema_version: z.int() })),
  nodes: z.array(nodeOfResult).describe('Other nodes that took part, and what came of each'),
  /** The table of the catalogue that it was made to, with its own floor. */
  source: z.string().nullable(),
})
export type ResultView = z.output<typeof resultView>

export const cellValue = sensitive(z.union([z.string(), z.number(), z.boolean(), z.null()]))

export const rowsPage = z.strictObject({
  columns: z.array(z.string()),
  data: z.array(z.record(z.string(), cellValue)),
  next: z.string().nullable(),
  rows: z.int(),
})

/** Where one cell comes from, from the plan back to the sources. */
export const cellOrigin = z.strictObject({
  row: z.int(),
  column: z.string(),
  value: cellValue,
  element: z.strictObject({ name: z.string(), role: z.string(), reduce: z.string(), weight: z.number().nullable() }).nullable(),
  sources: z.array(
    z.strictObject({
      as: z.string(),
      table: z.string(),
      column: z.string(),
      schema_version: z.int(),
      semantic: z.string().nullable(),
      holder: idSchema('team').nullable(),
      node: z.string().nullable().describe('At which other node the table is'),
      decision: partDecision.nullable().describe('By what that node decided, in its own ids'),
    }),
  ),
  linked_by: z.string().nullable().describe('The node that compared encodings, where people were linked by those'),
  steps: z.array(z.strictObject({ id: z.string(), kind: z.string(), title: z.string(), rows_in: toldCount, rows_out: toldCount })),
  treatment: z.strictObject({
    level: z.int().nullable(),
    levels: z.int().nullable(),
    models: z.array(z.string()),
    mask: z.string().nullable(),
    rows_alike: z.string().nullable().describe('How many rows have the same in the columns by which people could be recognised, as a band'),
    aggregation: z.strictObject({ by: z.array(z.string()), profile: z.string(), noise: z.number().nullable() }).nullable(),
    hidden: z.string().nullable().describe('Why there is no value, as far as it may be told'),
  }),
  approvals: z.array(z.strictObject({ review: idSchema('review'), kind: z.enum(['query_plan', 'query_disclosure']), decided_at: instantSchema.nullable() })),
  entries: z.array(z.strictObject({ id: idSchema('entry'), type: z.string() })).describe('What the ledger has about the result, its run and its plan'),
  /** As OpenLineage names them. */
  lineage: z.strictObject({ runs: z.array(z.string()) }),
  run: idSchema('query_run'),
  plan: idSchema('query_plan'),
  version: z.int(),
})
export type CellOrigin = z.output<typeof cellOrigin>

export const downloadView = z.strictObject({
  id: idSchema('release'),
  token: z.string().describe('Spent by its first use; shown once'),
  url: z.string(),
  format: z.enum(outputFormats),
  expires_in: z.number().int().describe('Seconds until the token ends'),
})
