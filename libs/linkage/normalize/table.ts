/**
 * Records of all sources as one table of canonical values: each column a code per record and the distinct values once, so that
 * normalising, comparing and counting touch each distinct value once and records are whole numbers.
 */
import { type Column, type Dataset, missingCode } from '@gatehouse/tabular/dataset'
import { LinkageError } from '../model/error.ts'
import type { Sources } from '../model/link.ts'
import type { Form } from '../model/schema.ts'
import { canonicalizer } from './form.ts'

export interface SourceData {
  readonly name: string
  readonly data: Dataset
}

export interface RecordColumn {
  /** Per record the index of its value; -1 where there is none. */
  readonly codes: Int32Array
  /** Canonical and distinct, in order of first appearance. */
  readonly values: readonly string[]
  /** How many records hold each value. */
  readonly counts: Int32Array
  /** Why how many values were no value, most frequent first. */
  readonly refused: readonly { readonly because: string; readonly count: number }[]
}

export interface RecordTable {
  readonly rowCount: number
  readonly sources: Sources
  readonly columns: ReadonlyMap<string, RecordColumn>
}

/**
 * @param forms the columns that a model uses, each with its canonical form
 * @throws LinkageError `missing_column` when a source lacks one, `bad_model` for two sources of one name
 */
export function recordTable(forms: Readonly<Record<string, Form>>, sources: readonly SourceData[]): RecordTable {
  const names = sources.map((source) => source.name)
  if (new Set(names).size !== names.length) throw new LinkageError('bad_model', `two sources have one name: ${names.join(', ')}; give each its own`)
  const offsets = [0]
  for (const { data } of sources) offsets.push((offsets.at(-1) ?? 0) + data.rowCount)
  const columns = new Map(Object.entries(forms).map(([name, form]) => [name, recordColumn(name, form, sources, offsets)]))
  return { rowCount: offsets.at(-1) ?? 0, sources: { names, offsets }, columns }
}

/** @throws LinkageError `no_column` */
export function columnIn(table: RecordTable, name: string): RecordColumn {
  const column = table.columns.get(name)
  if (column === undefined) throw new LinkageError('no_column', `the model's columns do not name "${name}"; they are ${[...table.columns.keys()].join(', ')}`)
  return column
}

/** What a record holds of a column, for whoever may see it: in its canonical form, as it was compared. */
export function shownBy(table: RecordTable): (column: string, record: number) => string | null {
  return (column, record) => {
    const { codes, values } = columnIn(table, column)
    return values[codes[record] ?? missingCode] ?? null
  }
}

function sourceColumn(name: string, source: SourceData): Column {
  const found = source.data.columns.find((column) => column.field.name === name)
  if (found) return found
  const has = source.data.columns.map((column) => column.field.name).join(', ')
  throw new LinkageError('missing_column', `the source ${source.name} has no column "${name}"; it has ${has}`)
}

function recordColumn(name: string, form: Form, sources: readonly SourceData[], offsets: readonly number[]): RecordColumn {
  const intern = valueInterner(form)
  const codes = new Int32Array(offsets.at(-1) ?? 0)
  for (const [index, source] of sources.entries()) encode(sourceColumn(name, source), intern, codes, offsets[index] ?? 0)
  return { codes, values: intern.values, counts: countsOf(codes, intern.values.length), refused: intern.refused() }
}

export function countsOf(codes: Int32Array, distinct: number): Int32Array {
  const counts = new Int32Array(distinct)
  for (const code of codes) if (code !== missingCode) counts[code] = (counts[code] ?? 0) + 1
  return counts
}

export interface Interner {
  readonly values: string[]
  /** The code of a raw value's canonical form, new or known; -1 when it has none. `count` is how many records hold it. */
  code(raw: string, count: number): number
  refused(): { because: string; count: number }[]
}

export function valueInterner(form: Form, known: readonly string[] = []): Interner {
  const canonicalize = canonicalizer(form)
  const values = [...known]
  const codeOf = new Map(known.map((value, code) => [value, code]))
  const refusals = new Map<string, number>()
  return {
    values,
    code(raw, count) {
      const canonical = canonicalize(raw)
      if (canonical.value === undefined) {
        refusals.set(canonical.because, (refusals.get(canonical.because) ?? 0) + count)
        return missingCode
      }
      const code = codeOf.get(canonical.value)
      if (code !== undefined) return code
      codeOf.set(canonical.value, values.length)
      return values.push(canonical.value) - 1
    },
    refused: () => [...refusals].map(([because, count]) => ({ because, count })).sort((left, right) => right.count - left.count),
  }
}

/** Text is normalised once per distinct value; numbers are written out first, so a source that typed a column as numbers joins one that did not. */
function encode(column: Column, intern: Interner, codes: Int32Array, offset: number): void {
  if (column.kind === 'number') {
    column.values.forEach((value, row) => {
      codes[offset + row] = Number.isNaN(value) ? missingCode : intern.code(String(value), 1)
    })
    return
  }
  const counts = countsOf(column.codes, column.dictionary.length)
  const mapped = Int32Array.from(column.dictionary, (value, code) => intern.code(value, counts[code] ?? 0))
  column.codes.forEach((code, row) => {
    codes[offset + row] = code === missingCode ? missingCode : (mapped[code] ?? missingCode)
  })
}
