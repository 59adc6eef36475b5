/**
 * Records to CLKs (Schnell, Bachteler and Reiher 2009, 2011): the n-grams of all fields, hashed under a secret, in one Bloom
 * filter. Similar records get similar filters, which is the use and the weakness: a CLK is pseudonymised personal data.
 */
import { lengthPrefixed, utf8 } from '@gatehouse/crypto/bytes'
import type { Primitives } from '@gatehouse/crypto/primitives'
import { canonicalizer } from '../normalize/form.ts'
import type { RecordTable } from '../normalize/table.ts'
import { type Clks, clksFrom } from './clk.ts'
import { BloomError } from './error.ts'
import { gramsOf } from './gram.ts'
import { hardener } from './harden.ts'
import { type ClkField, type ClkSchema, clkSchemaHash, filterBits } from './schema.ts'

/** Raw fields by column, as a source holds them. */
export type ClkRecord = Readonly<Record<string, string | null | undefined>>

export type ClkOrReason = { readonly clk: Uint8Array } | { readonly clk: undefined; readonly because: string }

export interface EncodedTable {
  readonly clks: Clks
  /** Why how many records have no filter. */
  readonly refused: readonly { readonly because: string; readonly count: number }[]
}

export interface ClkEncoder {
  readonly schemaHash: string
  /** Length of a finished filter. */
  readonly bits: number
  encode(record: ClkRecord): ClkOrReason
  /** @param table made with `clkForms(schema)`. @throws BloomError `missing_column` */
  encodeTable(table: RecordTable, from?: number, to?: number): EncodedTable
}

const domain = utf8('gatehouse/linkage/clk/v1')
const secretBytesMin = 32
const noSalt = 'the field that salts its filter has no value'

/** The columns a schema needs, for `recordTable`. */
export function clkForms({ fields, hardening: { salt } }: ClkSchema): Record<string, ClkField['form']> {
  return Object.fromEntries([...fields, ...(salt === undefined ? [] : [salt])].map(({ column, form }) => [column, form]))
}

/**
 * @param secret shared by the parties that make filters, and by nobody who compares them; at least 32 bytes
 * @throws BloomError `weak_secret`
 */
export function clkEncoder(primitives: Primitives, secret: Uint8Array, schema: ClkSchema): ClkEncoder {
  if (secret.length < secretBytesMin)
    throw new BloomError('weak_secret', `the secret has fewer than ${secretBytesMin} bytes; draw them from a cryptographic source`)
  const schemaHash = clkSchemaHash(primitives, schema)
  const keyFor = (use: string) => primitives.hkdfSha256(secret, domain, lengthPrefixed([schemaHash, use]), 32)
  const { salt } = schema.hardening
  const harden = hardener(primitives, keyFor, schema)
  const fields = schema.fields.map((field) => ({
    field,
    canonical: canonicalizer(field.form),
    positionsOf: gramHasher(primitives, keyFor(`field ${field.column}`), schema, field),
  }))
  const canonicalSalt = salt === undefined ? undefined : canonicalizer(salt.form)
  const few = `fewer than ${schema.fieldsMin} of its fields have a value`

  /** @param values canonical, in the order of the schema's fields */
  const encodeValues = (values: readonly (string | undefined)[], saltValue: string | undefined): ClkOrReason => {
    if (salt !== undefined && saltValue === undefined) return { clk: undefined, because: noSalt }
    if (values.filter((value) => value !== undefined).length < schema.fieldsMin) return { clk: undefined, because: few }
    const salted = saltValue === undefined ? '' : [...saltValue].slice(0, salt?.first).join('')
    const filter = new Uint8Array(schema.bits / 8)
    for (const [index, { field, positionsOf }] of fields.entries()) {
      const value = values[index]
      if (value === undefined) continue
      for (const gram of gramsOf(value, field)) for (const position of positionsOf(salted, gram)) setBit(filter, position)
    }
    return { clk: harden(filter) }
  }

  return {
    schemaHash,
    bits: filterBits(schema),
    encode: (record) =>
      encodeValues(
        fields.map(({ field, canonical }) => canonical(record[field.column] ?? '').value),
        salt === undefined ? undefined : canonicalSalt?.(record[salt.column] ?? '').value,
      ),
    encodeTable(table, from = 0, to = table.rowCount) {
      const reader = (column: string) => {
        const found = table.columns.get(column)
        if (found === undefined) throw new BloomError('missing_column', `the table has no column "${column}"; make it with the forms of the schema`)
        return (row: number) => found.values[found.codes[row] ?? -1]
      }
      const readers = fields.map(({ field }) => reader(field.column))
      const readSalt = salt === undefined ? undefined : reader(salt.column)
      const refusals = new Map<string, number>()
      const filters = Array.from({ length: to - from }, (_, index) => {
        const row = from + index
        const made = encodeValues(
          readers.map((read) => read(row)),
          readSalt?.(row),
        )
        if (made.clk === undefined) refusals.set(made.because, (refusals.get(made.because) ?? 0) + 1)
        return made.clk
      })
      return { clks: clksFrom(schemaHash, filterBits(schema), filters), refused: [...refusals].map(([because, count]) => ({ because, count })) }
    },
  }
}

function setBit(filter: Uint8Array, position: number): void {
  filter[position >>> 3] = (filter[position >>> 3] ?? 0) | (1 << (position & 7))
}

/** N-grams repeat all the time, so their positions are kept; beyond this many the store is emptied, which costs time only. */
const keptMax = 1 << 17

/** The positions an n-gram sets: HMAC-SHA256 of salt and n-gram under the field's key. Lengths are powers of two, so no position is favoured. */
function gramHasher(
  { hmacSha256 }: Primitives,
  key: Uint8Array,
  { bits, hashing }: ClkSchema,
  { bitsPerGram }: ClkField,
): (salt: string, gram: string) => Uint16Array {
  const kept = new Map<string, Uint16Array>()
  const positionsFrom = (digestOf: (block: number) => Uint8Array): Uint16Array => {
    const positions = new Uint16Array(bitsPerGram)
    if (hashing === 'double') {
      const digest = digestOf(0)
      const [first, step] = [(u16(digest, 0) << 16) | u16(digest, 2), u16(digest, 4) | 1]
      return positions.map((_, index) => (first + index * step) & (bits - 1))
    }
    let digest = new Uint8Array()
    return positions.map((_, index) => {
      if (index % 16 === 0) digest = new Uint8Array(digestOf(index / 16))
      return u16(digest, (index % 16) * 2) & (bits - 1)
    })
  }
  return (salt, gram) => {
    const name = `${salt}\u001f${gram}`
    let positions = kept.get(name)
    if (positions === undefined) {
      positions = positionsFrom((block) => hmacSha256(key, lengthPrefixed([Uint8Array.of(block), salt, gram])))
      if (kept.size >= keptMax) kept.clear()
      kept.set(name, positions)
    }
    return positions
  }
}

function u16(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0)
}
