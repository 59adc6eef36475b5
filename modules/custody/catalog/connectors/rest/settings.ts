import { z } from 'zod'
import { addressSchema } from '../http/address.ts'
import { oauthSchema } from '../http/credential.ts'
import { typesSchema } from '../json/sampled.ts'

const pointer = z
  .string()
  .max(500)
  .regex(/^(\/[^/]*)*$/, 'a JSON pointer (RFC 6901), such as /data/items; empty for the whole document')
const parameter = z
  .string()
  .min(1)
  .max(100)
  .regex(/^[\w.$\-[\]]+$/, 'the name of a query parameter')
const size = z.int().min(1).max(10_000)

export const pagingSchema = z.discriminatedUnion('by', [
  z.strictObject({ by: z.literal('none') }).describe('All rows come in one answer'),
  z.strictObject({ by: z.literal('cursor'), cursor: pointer, parameter }).describe('The answer holds a word that the next request repeats'),
  z.strictObject({ by: z.literal('link') }).describe('The header `Link` of the answer names the next page (RFC 8288)'),
  z.strictObject({ by: z.literal('next'), next: pointer }).describe('The answer holds the address of the next page'),
  z.strictObject({ by: z.literal('page'), parameter, first: z.int().min(0).max(1).default(1) }).describe('Pages are numbered; an empty one is the end'),
  z.strictObject({ by: z.literal('offset'), parameter }).describe('Rows are counted; an empty page is the end'),
])
export type Paging = z.output<typeof pagingSchema>

const tableSchema = z.strictObject({
  name: z
    .string()
    .min(1)
    .max(100)
    .regex(/^[\w.-]+$/, 'letters, digits, ".", "_" and "-"'),
  path: z
    .string()
    .max(500)
    .regex(/^[^?#\\\s]*$/, 'a path below the address, without a query')
    .refine((text) => !/^[a-z][a-z0-9+.-]*:|^\/\/|(^|\/)\.{1,2}(\/|$)|%2e/i.test(text), 'a path below the address, without "..", and no address of its own')
    .describe('Below the address of the source'),
  query: z.record(parameter, z.string().max(500)).default({}).describe('Parameters of every request'),
  rows: pointer.default('').describe('Where in an answer the list of rows stands'),
  paging: pagingSchema.default({ by: 'none' }),
  size: z.strictObject({ parameter, rows: size }).optional().describe('How the number of rows of a page is asked for'),
  key: z.array(z.string().min(1).max(200)).max(8).default([]).describe('Columns that together name one row'),
  columns: z
    .strictObject({ parameter, separator: z.string().min(1).max(3).default(',') })
    .optional()
    .describe('How columns are asked for by name'),
  filters: z.record(z.string().min(1).max(200), parameter).default({}).describe('Parameters that filter by a column being equal to their value'),
  types: typesSchema.default({}),
})
export type RestTable = z.output<typeof tableSchema>

export const restSettings = z.strictObject({
  url: addressSchema,
  oauth: oauthSchema.optional(),
  tables: z
    .array(tableSchema)
    .min(1)
    .max(200)
    .refine((tables) => new Set(tables.map(({ name }) => name)).size === tables.length, 'two tables have one name'),
})
export type RestSettings = z.output<typeof restSettings>
