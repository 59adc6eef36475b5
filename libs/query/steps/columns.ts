/** Columns with other values: each distinct text is looked at once. */
import { type Column, type DictionaryColumn, missingCode, type NumberColumn, valueAt } from '@gatehouse/tabular/dataset'
import type { Field, FieldType } from '@gatehouse/tabular/field'
import { type DateOrder, formatValue, parseValue } from '@gatehouse/tabular/value'

export interface Changed<C extends Column = Column> {
  readonly column: C
  readonly cells: number
  /** Why how many values became missing. */
  readonly refused: ReadonlyMap<string, number>
}

/** How many values became missing. */
export const lostOf = (refused: ReadonlyMap<string, number>): number => [...refused.values()].reduce((sum, count) => sum + count, 0)

const numeric = (type: FieldType): boolean => type === 'integer' || type === 'number'

export function rowsOfColumn(column: Column): number {
  return column.kind === 'number' ? column.values.length : column.codes.length
}

/** Another text for each text; `undefined` makes the value missing, with the reason. */
export type NewText = (text: string) => { readonly text: string } | { readonly text: undefined; readonly because: string }

/** Numbers are written out first. The column is text afterwards. */
export function mapTexts(column: Column, map: NewText): Changed<DictionaryColumn> {
  const source = asText(column)
  const field: Field = { ...column.field, type: 'string' }
  const codeOf = new Map<string, number>()
  const refusals: (string | undefined)[] = []
  const moved = Int32Array.from(source.dictionary, (text, code) => {
    const made = map(text)
    if (made.text === undefined) {
      refusals[code] = made.because
      return missingCode
    }
    const known = codeOf.get(made.text) ?? codeOf.size
    if (known === codeOf.size) codeOf.set(made.text, known)
    return known
  })
  const dictionary = [...codeOf.keys()]
  const differs = source.dictionary.map((text, code) => (moved[code] === missingCode || dictionary[moved[code] as number] !== text ? 1 : 0))
  const codes = new Int32Array(source.codes.length)
  const refused = new Map<string, number>()
  let cells = 0
  for (let row = 0; row < codes.length; row++) {
    const code = source.codes[row] as number
    if (code === missingCode) {
      codes[row] = missingCode
      continue
    }
    codes[row] = moved[code] as number
    cells += differs[code] as number
    const because = refusals[code]
    if (because !== undefined) refused.set(because, (refused.get(because) ?? 0) + 1)
  }
  return { column: { kind: 'dictionary', field, codes, dictionary }, cells, refused }
}

export function mapNumbers(column: NumberColumn, map: (value: number) => number, type: FieldType = column.field.type): Changed<NumberColumn> {
  const values = new Float64Array(column.values.length)
  let cells = 0
  for (let row = 0; row < values.length; row++) {
    const before = column.values[row] as number
    const after = Number.isNaN(before) ? before : map(before)
    values[row] = after
    if (after !== before && !(Number.isNaN(after) && Number.isNaN(before))) cells++
  }
  return { column: { ...column, field: { ...column.field, type }, values }, cells, refused: new Map() }
}

/** The column as text, each number as it is written out. */
export function asText(column: Column): DictionaryColumn {
  if (column.kind === 'dictionary') return column
  const codeOf = new Map<number, number>()
  const codes = new Int32Array(column.values.length)
  for (let row = 0; row < codes.length; row++) {
    const value = column.values[row] as number
    if (Number.isNaN(value)) {
      codes[row] = missingCode
      continue
    }
    const code = codeOf.get(value) ?? codeOf.size
    if (code === codeOf.size) codeOf.set(value, code)
    codes[row] = code
  }
  return { kind: 'dictionary', field: { ...column.field, type: 'string' }, codes, dictionary: Array.from(codeOf.keys(), String) }
}

/** Read as another type; what cannot be is missing, and counted. */
export function retype(column: Column, type: FieldType, order: DateOrder | undefined): Changed {
  const none = new Map<string, number>()
  if (column.field.type === type) return { column, cells: 0, refused: none }
  if (column.kind === 'number')
    return numeric(type)
      ? { column: { ...column, field: { ...column.field, type } }, cells: 0, refused: none }
      : { column: asText(column), cells: 0, refused: none }
  if (!numeric(type)) {
    const { column: made, ...counts } = mapTexts(column, (text) => {
      const read = parseValue(text, type, order)
      return read.ok && read.value !== null ? { text: formatValue(read.value) } : { text: undefined, because: `not_${type}` }
    })
    return { ...counts, column: { ...made, field: { ...column.field, type } } }
  }
  const numbers = Float64Array.from(column.dictionary, (text) => {
    const read = parseValue(text, type)
    return read.ok && typeof read.value === 'number' ? read.value : Number.NaN
  })
  const values = new Float64Array(column.codes.length)
  let lost = 0
  for (let row = 0; row < values.length; row++) {
    const code = column.codes[row] as number
    values[row] = code === missingCode ? Number.NaN : (numbers[code] as number)
    if (code !== missingCode && Number.isNaN(values[row])) lost++
  }
  return { column: { kind: 'number', field: { ...column.field, type }, values }, cells: lost, refused: lost === 0 ? none : new Map([[`not_${type}`, lost]]) }
}

/** One byte for each row: 1 where a value is there. */
export function presentMask(column: Column): Uint8Array {
  const mask = new Uint8Array(rowsOfColumn(column))
  for (let row = 0; row < mask.length; row++) mask[row] = valueAt(column, row) === null ? 0 : 1
  return mask
}

export function numbers(name: string, values: Float64Array): NumberColumn {
  return { kind: 'number', field: { name, type: 'number', sensitivity: 'plain', nullable: true }, values }
}
