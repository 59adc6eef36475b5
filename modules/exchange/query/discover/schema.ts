import { idSchema, instantSchema, pageQuery } from '@gatehouse/core/schema'
import { actionNames } from '@gatehouse/policy/actions'
import { resultForms } from '@gatehouse/policy/document'
import { fieldTypes, sensitivities } from '@gatehouse/tabular/field'
import { z } from 'zod'
import { profileSchema } from '../../../custody/catalog/index.ts'
import { inputOfProject } from '../schema.ts'

export const limits = {
  searchMax: 100,
  /** Tables in one export. */
  exportedMax: 5_000,
} as const

export const offerSchema = z.strictObject({
  /** The policy that it is, by its uid. */
  policy: z.string(),
  title: z.string(),
  actions: z.array(z.enum(actionNames)),
  forms: z.array(z.enum(resultForms)),
  purposes: z.array(z.string()),
  from: instantSchema.nullable(),
  until: instantSchema.nullable(),
  /** Whether it lets this project make some result now. */
  permits: z.boolean(),
})
export type Offer = z.output<typeof offerSchema>

export const entrySchema = z.strictObject({
  reference: z.string(),
  title: z.string(),
  description: z.string().nullable(),
  /** `full`: the project is admitted to it. `described`: title, description and offers are all that is told. */
  access: z.enum(['full', 'described']),
  columns: z.int().nullable(),
  /** Two digits, the rest zero; null where there are fewer than the table's floor, or it is not told. */
  rows: z.int().nullable(),
  offers: z.array(offerSchema),
})
export type Entry = z.output<typeof entrySchema>

export const entryColumnSchema = z.strictObject({
  name: z.string(),
  type: z.enum(fieldTypes),
  semantic: z.string().nullable(),
  sensitivity: z.enum(sensitivities),
  identifier_role: z.string(),
  weight_hint: z.number(),
  description: z.string().nullable(),
})

export const entryDetailSchema = entrySchema.omit({ columns: true }).extend({
  columns: z.array(entryColumnSchema).nullable(),
  key: z.array(z.string()),
  references: z.array(z.strictObject({ columns: z.array(z.string()), table: z.string(), to: z.array(z.string()) })),
  /** No figure about fewer people is told. */
  floor: z.int().nullable(),
  schema_version: z.int().nullable(),
  source: z.strictObject({ kind: z.string(), health: z.string() }).nullable(),
  profile: profileSchema.nullable(),
  /** What the table was made from, and what runs of the project have made of it. */
  lineage: z
    .strictObject({ inputs: z.array(z.strictObject({ reference: z.string() })), outputs: z.array(z.strictObject({ reference: z.string() })) })
    .nullable(),
})
export type EntryDetail = z.output<typeof entryDetailSchema>

const reference = z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}\.[a-z0-9][a-z0-9_-]{0,62}$/, 'a table of the catalogue, as source.table')
const anywhere = z
  .string()
  .regex(/^(?:[a-z0-9][a-z0-9-]{0,62}\/)?[a-z0-9][a-z0-9-]{0,62}\.[a-z0-9][a-z0-9_-]{0,62}$/, 'a table of the catalogue, as source.table or node/source.table')

export const searchInput = inputOfProject.extend({
  ...pageQuery,
  cursor: reference.optional(),
  search: z
    .string()
    .trim()
    .max(limits.searchMax)
    .optional()
    .meta({ description: 'In names, titles and descriptions; in those of columns only where the project is admitted.' }),
})
export const entryInput = z.strictObject({ project: idSchema('project'), reference: anywhere })
