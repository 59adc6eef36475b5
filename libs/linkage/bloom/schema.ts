/**
 * What a cryptographic long-term key (CLK) is made of, as plain JSON that both sides agree on. Its hash goes into every key that is
 * derived from the secret and into every filter's text, so filters of two schemas never compare by mistake, nor on purpose.
 */
import { canonicalJson } from '@gatehouse/core/canonical-json'
import { toBase64url, utf8 } from '@gatehouse/crypto/bytes'
import type { Primitives } from '@gatehouse/crypto/primitives'
import { z } from 'zod'
import { formSchema } from '../model/schema.ts'
import { BloomError } from './error.ts'

export const clkFormat = 'gatehouse-clk/1'

/** Named limits. */
export const fieldCountMax = 24
export const bitsPerGramMax = 40
/** Of a finished filter, after hardening. */
export const filterBitsMax = 2_048

const columnSchema = z.string().min(1).max(200)

const fieldSchema = z.strictObject({
  column: columnSchema,
  form: formSchema,
  /** Characters of an n-gram. With two or more the value is padded with spaces, so that beginnings and ends count. */
  gram: z.number().int().min(1).max(4).default(2),
  /** N-grams know where they stand, as the digits of a date should; no padding then. */
  positional: z.boolean().default(false),
  /** The field's weight: how many bits each n-gram sets. */
  bitsPerGram: z.number().int().min(1).max(bitsPerGramMax).default(8),
})

const hardeningSchema = z.strictObject({
  /** Goes into the hash of every n-gram, so only records that agree on it have anything in common. Without it a record has no filter. */
  salt: z
    .strictObject({
      column: columnSchema,
      form: formSchema,
      /** Only the first so many characters: 4 take the year of a date. */
      first: z.number().int().min(1).max(64).optional(),
    })
    .optional(),
  /** XOR of both halves: a filter of half the length. */
  fold: z.boolean().default(false),
  /** Each bit becomes the XOR of its neighbours. */
  rule90: z.boolean().default(false),
  /** The filter and its negation, permuted under the key: every filter has the same number of ones and twice the length. */
  balance: z.boolean().default(false),
  /** Bits flip at random. `keyed` noise is the same whenever the same filter is made; `fresh` noise is new each time. */
  blip: z.strictObject({ probability: z.number().gt(0).lt(0.5), noise: z.enum(['keyed', 'fresh']).default('keyed') }).optional(),
})

const clkSchemaSchema = z.strictObject({
  format: z.literal(clkFormat).default(clkFormat),
  bits: z.union([z.literal(512), z.literal(1024), z.literal(2048)]).default(1024),
  /** `random`: every bit drawn by itself; `double`: Schnell's h1 + i·h2, which attacks make use of. */
  hashing: z.enum(['random', 'double']).default('random'),
  fields: z.array(fieldSchema).min(1).max(fieldCountMax),
  /** A record with fewer fields that have a value gets no filter: it would look like any other such record. */
  fieldsMin: z.number().int().min(1).default(1),
  hardening: hardeningSchema.prefault({}),
})

export type ClkSchema = z.infer<typeof clkSchemaSchema>
export type ClkField = ClkSchema['fields'][number]
export type ClkDefinition = z.input<typeof clkSchemaSchema>

/** Fills in defaults and checks the whole. @throws BloomError `bad_schema` with the place of each fault */
export function defineClkSchema(definition: ClkDefinition): ClkSchema {
  return parseClkSchema(definition)
}

/** Reads a schema from JSON. @throws BloomError `bad_schema` */
export function parseClkSchema(json: unknown): ClkSchema {
  const parsed = clkSchemaSchema.safeParse(json)
  if (!parsed.success) throw new BloomError('bad_schema', parsed.error.issues.map((issue) => `/${issue.path.join('/')}: ${issue.message}`).join('; '))
  const schema = parsed.data
  const columns = schema.fields.map(({ column }) => column)
  if (new Set(columns).size !== columns.length) throw new BloomError('bad_schema', '/fields: a column stands there twice; name each once')
  const { salt } = schema.hardening
  if (schema.fields.some(({ column, form }) => column === salt?.column && canonicalJson(form) !== canonicalJson(salt.form))) {
    throw new BloomError('bad_schema', '/hardening/salt/form: the same column stands under fields with another form; give it one')
  }
  if (schema.fieldsMin > columns.length) throw new BloomError('bad_schema', `/fieldsMin: no record has ${schema.fieldsMin} of ${columns.length} fields`)
  if (filterBits(schema) > filterBitsMax) {
    throw new BloomError('bad_schema', `/bits: a balanced filter has twice the bits, and ${filterBitsMax} are the most; start with fewer or fold it`)
  }
  return schema
}

/** Length of a finished filter. */
export function filterBits({ bits, hardening }: ClkSchema): number {
  return (hardening.fold ? bits / 2 : bits) * (hardening.balance ? 2 : 1)
}

/** The schema's content hash: SHA-256 of its canonical JSON (RFC 8785), base64url. */
export function clkSchemaHash({ sha256 }: Pick<Primitives, 'sha256'>, schema: ClkSchema): string {
  return toBase64url(sha256(utf8(canonicalJson(schema))))
}
