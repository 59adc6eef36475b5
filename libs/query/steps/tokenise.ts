/**
 * Keyed digests in place of what people are told by: from here on nobody is linked by a value in clear. A digest is HMAC-SHA256 over the
 * names of the pass, its forms and the canonical values; 96 bits of it, as two whole numbers, tell people of a table apart.
 */
import { concat, lengthPrefixed, toBase64url } from '@gatehouse/crypto/bytes'
import type { Primitives } from '@gatehouse/crypto/primitives'
import { type FormName, formSchema } from '@gatehouse/linkage/model/schema'
import type { Canonicalize } from '@gatehouse/linkage/normalize/canonical'
import { canonicalizer } from '@gatehouse/linkage/normalize/form'
import { tokenMessage } from '@gatehouse/linkage/token/fit-token'
import type { AudienceKey } from '@gatehouse/linkage/token/key'
import { defineScheme, type Scheme } from '@gatehouse/linkage/token/scheme'
import { type Column, columnOf, type Dataset, type DictionaryColumn, missingCode, valueAt } from '@gatehouse/tabular/dataset'
import { asText, numbers } from './columns.ts'
import type { StageCounts } from './counts.ts'
import { hidden, type KeyField, type PassSpec, type RowDigests } from './step.ts'

const domain = 'gatehouse/query/person/v1'

/** What a pass makes tokens of; re-identification makes them anew by `isTokenOf` of the linkage library. */
export function schemeOf({ id, fields }: PassSpec): Scheme {
  return defineScheme(
    id,
    fields.map(({ column, form, order }) => ({ column, form: order === undefined ? { form } : { form, order } })),
  )
}

/** A column in its canonical form: a code for each row and each distinct value once. */
export interface CanonicalColumn {
  readonly codes: Int32Array
  readonly values: readonly string[]
}

/** Columns that several passes look at are read once. */
export function canonicalColumns(chunk: Dataset): (field: KeyField) => CanonicalColumn {
  const known = new Map<string, CanonicalColumn>()
  return ({ column, form, order }) => {
    const name = `${column} ${form} ${order ?? ''}`
    const made = known.get(name) ?? canonicalOf(columnOf(chunk, column), canonicalizerOf({ form, order }))
    known.set(name, made)
    return made
  }
}

export function canonicalizerOf({ form, order }: { readonly form: FormName; readonly order?: KeyField['order'] }): Canonicalize {
  return canonicalizer(formSchema.parse(order === undefined ? { form } : { form, order }))
}

function canonicalOf(column: Column, canonicalize: Canonicalize): CanonicalColumn {
  const { codes, dictionary } = asText(column)
  const values: string[] = []
  const moved = Int32Array.from(dictionary, (text) => {
    const { value } = canonicalize(text)
    return value === undefined ? missingCode : values.push(value) - 1
  })
  return { codes: codes.map((code) => (code === missingCode ? missingCode : (moved[code] as number))), values }
}

export interface TokenKeys {
  /** Of the project, 32 bytes: digests of one project never meet those of another. */
  readonly person: Uint8Array
  /** Makes pseudonyms, where the result has any. */
  readonly token?: AudienceKey
}

/**
 * Two columns of digests for each pass, and the pseudonym by the first pass that has one. A row lacking a key of a pass has no digest of it.
 */
export function tokenise(
  primitives: Pick<Primitives, 'hmacSha256'>,
  chunk: Dataset,
  passes: readonly PassSpec[],
  keys: TokenKeys,
  counts: StageCounts,
): Column[] {
  const canonical = canonicalColumns(chunk)
  const found = new Uint8Array(chunk.rowCount)
  const tokens: string[] = []
  const codes = new Int32Array(chunk.rowCount).fill(missingCode)
  const columns = passes.flatMap((pass, index) => {
    const fields = pass.fields.map(canonical)
    const head = lengthPrefixed([domain, pass.id, ...pass.fields.map(({ form }) => form)])
    const high = new Float64Array(chunk.rowCount).fill(Number.NaN)
    const low = new Float64Array(chunk.rowCount).fill(Number.NaN)
    const scheme = schemeOf(pass)
    const prefix = keys.token === undefined ? '' : `fit1.${keys.token.audience}.${pass.id}.${keys.token.keyId}.`
    for (let row = 0; row < chunk.rowCount; row++) {
      const values = valuesAt(fields, row)
      if (values === undefined) continue
      const digest = primitives.hmacSha256(keys.person, concat(head, lengthPrefixed(values)))
      high[row] = number48(digest, 0)
      low[row] = number48(digest, 6)
      if (keys.token !== undefined && found[row] === 0)
        codes[row] = tokens.push(prefix + toBase64url(primitives.hmacSha256(keys.token.key, tokenMessage(keys.token.audience, scheme, values)))) - 1
      found[row] = 1
    }
    return [numbers(hidden.passHigh(index), high), numbers(hidden.passLow(index), low)]
  })
  counts.rowsIn += chunk.rowCount
  counts.rowsOut += chunk.rowCount
  let without = 0
  for (let row = 0; row < found.length; row++) without += 1 - (found[row] as number)
  counts.because('no_key', without)
  if (keys.token === undefined) return columns
  const column: DictionaryColumn = {
    kind: 'dictionary',
    field: { name: hidden.token, type: 'string', sensitivity: 'direct_identifier', nullable: true },
    codes,
    dictionary: tokens,
  }
  return [...columns, column]
}

const rowDomain = 'gatehouse/query/row/v1'

/**
 * The same two columns for rows that nothing is linked of, from the values as their source has them: what a plan does to them afterwards
 * makes nobody somebody else. The same id is the same person in every table; a key is of its table. Whatever lacks a value is one and the same.
 */
export function digestRows(
  primitives: Pick<Primitives, 'hmacSha256'>,
  chunk: Dataset,
  table: string,
  { by, columns }: RowDigests,
  person: Uint8Array,
): Column[] {
  const head = lengthPrefixed([rowDomain, by, ...(by === 'key' ? [table] : [])])
  const named = columns.map((name) => columnOf(chunk, name))
  const [high, low] = [new Float64Array(chunk.rowCount), new Float64Array(chunk.rowCount)]
  for (let row = 0; row < chunk.rowCount; row++) {
    const values = named.map((column) => String(valueAt(column, row) ?? ''))
    const digest = primitives.hmacSha256(person, concat(head, lengthPrefixed(values)))
    high[row] = number48(digest, 0)
    low[row] = number48(digest, 6)
  }
  return [numbers(hidden.passHigh(0), high), numbers(hidden.passLow(0), low)]
}

function valuesAt(fields: readonly CanonicalColumn[], row: number): string[] | undefined {
  const values: string[] = []
  for (const { codes, values: known } of fields) {
    const code = codes[row] as number
    if (code === missingCode) return undefined
    values.push(known[code] as string)
  }
  return values
}

/** Six bytes as a whole number, which a double holds exactly. */
export function number48(bytes: Uint8Array, at: number): number {
  let value = 0
  for (let i = at; i < at + 6; i++) value = value * 256 + (bytes[i] as number)
  return value
}
