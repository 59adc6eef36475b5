/**
 * Encodings in place of what people are told by, where a linkage unit compares: like people have like Bloom filters (CLKs), whatever slips
 * there are between them. They are made under a key of one run, so those of two runs have nothing in common, and whoever compares them
 * has no key. Beside it stands a digest of the row under a key of this node alone, which tells its people apart and links nobody elsewhere.
 */
import { concat, lengthPrefixed, toBase64url } from '@gatehouse/crypto/bytes'
import type { Primitives } from '@gatehouse/crypto/primitives'
import { clkEncoder } from '@gatehouse/linkage/bloom/encode'
import { bitsPerGramMax, type ClkDefinition, type ClkSchema, defineClkSchema } from '@gatehouse/linkage/bloom/schema'
import type { FormName } from '@gatehouse/linkage/model/schema'
import { type Column, type Dataset, type DictionaryColumn, missingCode } from '@gatehouse/tabular/dataset'
import { numbers } from './columns.ts'
import type { StageCounts } from './counts.ts'
import { type EncodeParams, hidden } from './step.ts'
import { canonicalColumns, number48, type TokenKeys } from './tokenise.ts'

export interface EncodeSecrets extends Pick<TokenKeys, 'person'> {
  /** Makes encodings; 32 bytes, of one run, and known to no linkage unit. */
  readonly clk?: Uint8Array
}

const domain = 'gatehouse/query/encoded-row/v1'

/** How many n-grams a value of a form has, more or less. */
const grams: Partial<Record<FormName, number>> = { date: 8, email: 22, nhs_number: 9, phone: 11, postcode: 7, address: 30, text: 12, identifier: 9, number: 5 }
const gramsOfName = 8
/** Digits count by where they stand; letters may be left out or doubled. */
const positional: ReadonlySet<FormName> = new Set(['date', 'nhs_number', 'number'])
const bits = 1_024
const filledShare = 1 / 3

/**
 * What the encodings of a plan are made of, the same at every node. Filters are a third full whatever the keys are, and balanced: all have
 * as many ones, so that none shows how much is known of somebody or how long a name is.
 */
export function clkSchemaOf({ keys, keysMin }: EncodeParams): ClkSchema {
  const inAll = keys.reduce((sum, { form }) => sum + (grams[form] ?? gramsOfName), 0)
  const bitsPerGram = Math.min(bitsPerGramMax, Math.max(1, Math.round((-Math.log(1 - filledShare) * bits) / inAll)))
  const fields: ClkDefinition['fields'] = keys.map(({ name, form }) => ({ column: name, form: { form }, positional: positional.has(form), bitsPerGram }))
  return defineClkSchema({ bits, fields, fieldsMin: keysMin, hardening: { balance: true } })
}

/** @returns what makes of prepared rows their digests and encodings, of each distinct row once */
export function encoding(primitives: Primitives, params: EncodeParams, secrets: EncodeSecrets): (rows: Dataset, counts: StageCounts) => Column[] {
  if (secrets.clk === undefined) throw new RangeError('rows are encoded under a key of the run, and there is none')
  const encoder = clkEncoder(primitives, secrets.clk, clkSchemaOf(params))
  const head = lengthPrefixed([domain, ...params.keys.flatMap(({ name, form }) => [name, form])])
  return (rows, counts) => {
    const canonical = canonicalColumns(rows)
    const columns = params.keys.map(canonical)
    const [high, low] = [new Float64Array(rows.rowCount).fill(Number.NaN), new Float64Array(rows.rowCount).fill(Number.NaN)]
    const codes = new Int32Array(rows.rowCount).fill(missingCode)
    const dictionary: string[] = []
    const known = new Map<string, { readonly code: number; readonly high: number; readonly low: number } | undefined>()
    for (let row = 0; row < rows.rowCount; row++) {
      const values = columns.map(({ codes: of, values: all }) => all[of[row] as number])
      // Canonical values have no control characters.
      const name = values.map((value) => value ?? '\u0000').join('\u001f')
      if (!known.has(name)) known.set(name, made(values))
      const found = known.get(name)
      if (found === undefined) {
        counts.because('no_key', 1)
        continue
      }
      codes[row] = found.code
      high[row] = found.high
      low[row] = found.low
    }
    counts.rowsIn += rows.rowCount
    counts.rowsOut += rows.rowCount
    const clk: DictionaryColumn = { kind: 'dictionary', field: { name: hidden.clk, type: 'string', sensitivity: 'plain', nullable: true }, codes, dictionary }
    return [numbers(hidden.passHigh(0), high), numbers(hidden.passLow(0), low), clk]

    function made(values: readonly (string | undefined)[]): { code: number; high: number; low: number } | undefined {
      const { clk: filter } = encoder.encode(Object.fromEntries(params.keys.map(({ name: column }, at) => [column, values[at]])))
      if (filter === undefined) return undefined
      const present = values.flatMap((value, at) => (value === undefined ? [] : [String(at), value]))
      const digest = primitives.hmacSha256(secrets.person, concat(head, lengthPrefixed(present)))
      return { code: dictionary.push(toBase64url(filter)) - 1, high: number48(digest, 0), low: number48(digest, 6) }
    }
  }
}
