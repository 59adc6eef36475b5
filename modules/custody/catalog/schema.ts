import { idSchema, instantSchema, jsonValue, pageQuery } from '@gatehouse/core/schema'
import { saidSchema } from '@gatehouse/core/sentence'
import { descriptionLengthMax, fieldTypes, type Semantic, semantics, sensitivities } from '@gatehouse/tabular/field'
import { dateOrders } from '@gatehouse/tabular/value'
import { z } from 'zod'

export const limits = {
  sourcesPerTenant: 200,
  tablesPerSource: 2_000,
  columnsPerTable: 1_000,
  titleMax: 200,
  settingsBytesMax: 16_384,
  /** One uploaded file, as it comes. */
  fileBytesMax: 2 * 1024 ** 3,
  /** What a spreadsheet may be once it is unpacked: its reader holds all of it. */
  sheetBytesMax: 256 * 1024 ** 2,
  uploadRowsMax: 100_000_000,
  /** Versions of a table whose rows are kept: the newest, and one for whoever still reads. */
  versionsKept: 2,
  /** Reasons for refused rows that are told one by one; the others are counted. */
  faultsTold: 20,
  /** Rows that the types of a file's columns are proposed from, evenly over the file. */
  sampleRows: 20_000,
  /** Of a Parquet file. */
  sampleGroups: 16,
  /** Reading one table. */
  readMsMax: 6 * 3_600_000,
  /** A table file or scratch object without a row is an orphan after this: longer than any upload takes. */
  orphanMs: 24 * 3_600_000,
} as const

/** Until when who has read a source's secret may use it: one that was changed is used from the next connection on. */
export const secretLeaseSeconds = 60

export const sourceSlug = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'small letters, digits and "-", beginning with a letter or digit, at most 63')
  .meta({ description: 'How plans and projects name it: the first half of `source.table`.' })
export const tableSlug = z
  .string()
  .regex(/^[a-z0-9][a-z0-9_-]{0,62}$/, 'small letters, digits, "_" and "-", beginning with a letter or digit, at most 63')
  .meta({ description: 'The second half of `source.table`.' })
export const tableReference = z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}\.[a-z0-9][a-z0-9_-]{0,62}$/, 'a table of the catalogue, as source.table')

const title = z.string().trim().min(1).max(limits.titleMax)
const description = z.string().trim().max(descriptionLengthMax).nullable()

export const sourceStates = ['active', 'paused'] as const
/** `drifted`: a table or column that the catalogue knows is gone, or is of another type. */
export const healthStates = ['unknown', 'healthy', 'unreachable', 'refused', 'drifted'] as const

const settingsSchema = z
  .record(z.string().max(64), jsonValue)
  .refine((settings) => JSON.stringify(settings).length <= limits.settingsBytesMax, `at most ${limits.settingsBytesMax} characters`)
  .meta({ description: 'By the kind’s schema (`GET /v1/source-kinds`). Nothing in here is a secret.' })

export const sourceSchema = z.strictObject({
  id: idSchema('data_source'),
  slug: sourceSlug,
  kind: z.string(),
  title,
  settings: settingsSchema,
  state: z.enum(sourceStates),
  health: z.strictObject({
    state: z.enum(healthStates),
    detail: z.string().nullable().describe('what is wrong, and where; never a value or a credential'),
    said: saidSchema.nullable().describe('the same for other languages, where they have it'),
    checked_at: instantSchema.nullable(),
    server: z.string().nullable().describe('what it says it is: `PostgreSQL 17.2`'),
    read_only: z.boolean().nullable().describe('whether the source itself keeps us from writing'),
  }),
  secret: z.strictObject({ needed: z.boolean(), changed_at: instantSchema.nullable() }),
  tables: z.int(),
  discovered_at: instantSchema.nullable(),
  revision: z.int(),
  created_at: instantSchema,
  created_by: z.string(),
})
export type Source = z.output<typeof sourceSchema>

export const exampleSource = '0198c1de-7b3a-7c4d-8e5f-000000000001'
export const exampleTable = '0198c1de-7b3a-7c4d-8e5f-000000000002'

export const sourceInput = z.strictObject({ source: idSchema('data_source') })

const secretInput = z.record(z.string().max(64), jsonValue).meta({ description: 'By the kind’s schema. Kept in the store of secrets and told to nobody.' })

export const addInput = z.strictObject({
  slug: sourceSlug,
  kind: z.string().max(63),
  title,
  settings: settingsSchema.default({}),
  secret: secretInput.optional(),
})
export const changeInput = sourceInput.extend({
  title: title.optional(),
  settings: settingsSchema.optional(),
  state: z.enum(sourceStates).optional(),
  revision: z.int().optional().describe('refuse if it has changed since'),
})
export const secretOfInput = sourceInput.extend({ secret: secretInput })

/**
 * What a column does for telling whom a row is about. `subject`: it names the person in the institution's or another's numbering, and is what
 * opt-outs and linkage go by.
 */
export const identifierRoles = ['none', 'subject', 'direct', 'quasi', 'sensitive'] as const

const semanticSchema = z.enum(Object.keys(semantics) as [Semantic, ...Semantic[]])

export const columnSchema = z.strictObject({
  name: z.string().describe('the field’s name in the catalogue and in chunks'),
  column: z.string().describe('as the source writes it'),
  physical: z.string().describe('the source’s own word for its type'),
  type: z.enum(fieldTypes),
  nullable: z.boolean(),
  semantic: semanticSchema.optional(),
  sensitivity: z.enum(sensitivities),
  identifier_role: z.enum(identifierRoles),
  namespace: z.string().optional().describe('whose numbering it is, where it names a person'),
  weight_hint: z.number().min(0).max(1).describe('how much it matters to keep it as it is; a plan may say otherwise'),
  date_order: z.enum(dateOrders).optional(),
  missing: z.number().min(0).max(1).optional().describe('share of rows without a value, where it was counted'),
  description: z.string().max(descriptionLengthMax).optional(),
  reason: z.string().optional().describe('why it was proposed to be this'),
  confirmed: z.boolean().describe('somebody has said what it is, so looking through the source again does not change that'),
})
export type CatalogColumn = z.output<typeof columnSchema>

const referenceSchema = z.strictObject({
  columns: z.array(z.string()),
  table: z.string().describe('as source.table where it is known'),
  to: z.array(z.string()),
})

export const faultsSchema = z.array(z.strictObject({ fault: z.string(), field: z.string().nullable(), rows: z.int(), line: z.int(), message: z.string() }))

export const uploadFormats = ['csv', 'ndjson', 'json', 'parquet', 'xlsx'] as const
export type UploadFormat = (typeof uploadFormats)[number]
/** A version may also be the result of a query. */
const keptFormats = [...uploadFormats, 'result'] as const

export const uploadSchema = z.strictObject({
  id: idSchema('upload'),
  version: z.int(),
  schema_version: z.int(),
  kept: z.boolean().describe('false once its rows were deleted because newer versions are there'),
  format: z.enum(keptFormats),
  bytes: z.int(),
  rows: z.int(),
  bad_rows: z.int().describe('rows that were left out'),
  faults: faultsSchema.describe('why, by reason and column, with the first line of each'),
  created_at: instantSchema,
  created_by: z.string(),
})
export type Upload = z.output<typeof uploadSchema>

/** One thing that is different in a table from the last time. */
export const changeSchema = z.strictObject({
  what: z.enum(['table_added', 'table_gone', 'table_back', 'column_added', 'column_gone', 'type_changed', 'key_changed']),
  column: z.string().nullable(),
  from: z.string().nullable(),
  to: z.string().nullable(),
})
export type Change = z.output<typeof changeSchema>

export const tableSchema = z.strictObject({
  id: idSchema('table'),
  source_id: idSchema('data_source'),
  reference: tableReference,
  slug: tableSlug,
  title,
  description,
  name: z.string().describe('as the source writes it'),
  columns: z.array(columnSchema),
  key: z.array(z.string()).describe('names of the columns that together name one row'),
  references: z.array(referenceSchema),
  rows: z.int().nullable().describe('counted for uploads, estimated by live sources'),
  floor: z.int().describe('no count below it is told of this table'),
  schema_version: z.int(),
  gone: z.boolean(),
  revision: z.int(),
  created_at: instantSchema,
})
export type Table = z.output<typeof tableSchema>

export const tableDetailSchema = tableSchema.extend({
  uploads: z.array(uploadSchema).describe('versions, newest first; empty for live sources'),
  changes: z.array(z.strictObject({ schema_version: z.int(), at: instantSchema, changes: z.array(changeSchema) })).describe('newest first'),
})

export const tableInput = z.strictObject({ table: idSchema('table') })

const columnChange = z.strictObject({
  name: z.string().max(63),
  type: z.literal('string').optional().describe('any column may be read as text; its own type comes back with the next look through the source'),
  semantic: semanticSchema.nullable().optional(),
  identifier_role: z.enum(identifierRoles).optional(),
  sensitivity: z.enum(sensitivities).optional(),
  namespace: z
    .string()
    .regex(/^[a-z][a-z0-9_-]{0,62}$/)
    .nullable()
    .optional(),
  weight_hint: z.number().min(0).max(1).optional(),
  description: description.optional(),
})
export type ColumnChange = z.output<typeof columnChange>

export const changeTableInput = tableInput.extend({
  title: title.optional(),
  description: description.optional(),
  floor: z.int().min(1).max(1_000).optional(),
  columns: z.array(columnChange).max(limits.columnsPerTable).optional(),
  revision: z.int().optional().describe('refuse if it has changed since'),
})

export const listTablesInput = z.strictObject({
  ...pageQuery,
  source: idSchema('data_source').optional(),
  reference: tableReference.optional(),
})

export const discoveredSchema = z.strictObject({
  tables: z.int(),
  changes: z.array(z.strictObject({ table: tableReference, changes: z.array(changeSchema) })).describe('what is different from the last time'),
  lossy: z.boolean().describe('something that the catalogue knew is gone or of another type'),
  left_out: z
    .strictObject({ tables: z.int(), columns: z.int() })
    .describe(
      `what the source has beyond the most that the catalogue keeps of one: ${limits.tablesPerSource.toLocaleString('en')} tables, and ${limits.columnsPerTable.toLocaleString('en')} columns of a table`,
    ),
})
