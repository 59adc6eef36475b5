/** One reader for all formats: chunks go in, flat records come out, faults between them. */
import { type CsvOptions, type CsvRow, csvParser } from './csv.ts'
import { jsonArrayParser } from './json.ts'
import { forbiddenColumn, type RecordRow } from './json-record.ts'
import { ndjsonParser } from './ndjson.ts'
import { type Chunk, type Fault, isFault, type PushParser } from './push-parser.ts'
import type { SourceValue } from './value.ts'

export type Format = 'csv' | 'ndjson' | 'json'

export interface ReaderOptions {
  /** Without it the file's name decides, and without a known ending the first character that is not space. */
  readonly format?: Format
  readonly name?: string
  /** The columns' names where the file's first row is data already. CSV only. */
  readonly header?: readonly string[]
  readonly csv?: Omit<CsvOptions, 'columns'>
}

export interface RecordReader extends PushParser<RecordRow> {
  readonly format: Format | undefined
  /** The header of a CSV file, as soon as it has been read. */
  readonly columns: readonly string[] | undefined
}

const endings: readonly (readonly [RegExp, Format])[] = [
  [/\.(csv|tsv|tab|psv)$/i, 'csv'],
  [/\.(ndjson|jsonl)$/i, 'ndjson'],
  [/\.json$/i, 'json'],
]

/** The format a file's name tells, without a closing ".gz". */
export function formatOfName(name: string): Format | undefined {
  return endings.find(([ending]) => ending.test(name.replace(/\.gz$/i, '')))?.[1]
}

/** The format that text begins like; `undefined` while there is only space. */
export function formatOfText(text: string): Format | undefined {
  const first = /[^\s\uFEFF]/.exec(text)?.[0]
  if (first === undefined) return undefined
  if (first === '[') return 'json'
  return first === '{' ? 'ndjson' : 'csv'
}

export function recordReader(options: ReaderOptions = {}): RecordReader {
  let format = options.format ?? (options.name === undefined ? undefined : formatOfName(options.name))
  let parser: PushParser<RecordRow> | undefined
  const csv = csvRecords(options)
  const held: Chunk[] = []

  const open = (chosen: Format): PushParser<RecordRow> => {
    format = chosen
    if (chosen === 'csv') return csv
    return chosen === 'ndjson' ? ndjsonParser() : jsonArrayParser()
  }

  /** Chunks of nothing but space are held until a character tells the format. */
  const push = (chunk: Chunk): (RecordRow | Fault)[] => {
    if (parser) return parser.push(chunk)
    const chosen = format ?? formatOfText(beginning(chunk))
    held.push(typeof chunk === 'string' ? chunk : chunk.slice())
    if (chosen === undefined) return []
    const opened = open(chosen)
    parser = opened
    return held.splice(0).flatMap((early) => opened.push(early))
  }

  return {
    push,
    end() {
      parser ??= open(format ?? 'csv')
      return parser.end()
    },
    get format() {
      return format
    },
    get columns() {
      return csv.columns
    },
  }
}

/** Only the first character of meaning is wanted, so each byte is taken as one; those of a byte order mark count as space. */
function beginning(chunk: Chunk): string {
  if (typeof chunk === 'string') return chunk
  const first = chunk.find((byte) => byte > 0x20 && byte !== 0xef && byte !== 0xbb && byte !== 0xbf)
  return first === undefined ? '' : String.fromCharCode(first)
}

/** CSV rows under their header. Empty cells are null: CSV has no other way to say that a value is missing. */
function csvRecords(options: ReaderOptions): PushParser<RecordRow> & { readonly columns: readonly string[] | undefined } {
  const parser = csvParser({ ...options.csv, ...(options.header === undefined ? {} : { columns: options.header.length }) })
  let columns = options.header
  let refused = false

  const read = (items: readonly (CsvRow | Fault)[]): (RecordRow | Fault)[] => {
    const out: (RecordRow | Fault)[] = []
    for (const item of items) {
      if (refused) break
      if (columns !== undefined) {
        out.push(isFault(item) ? item : { line: item.number, record: recordOf(columns, item.values) })
        continue
      }
      // Without its header no later row can be understood; the second row must not be taken for one.
      const problem = isFault(item) ? `the header cannot be read: ${item.message}` : headerProblem(item.values)
      if (problem !== undefined) {
        refused = true
        out.push({ fault: 'bad_header', row: 1, line: isFault(item) ? item.line : item.number, message: problem })
      } else if (!isFault(item)) {
        columns = item.values.map((name) => name.trim())
      }
    }
    return out
  }

  return {
    push: (chunk) => read(parser.push(chunk)),
    end: () => read(parser.end()),
    get columns() {
      return columns
    },
  }
}

function headerProblem(names: readonly string[]): string | undefined {
  const seen = new Set<string>()
  for (const [index, given] of names.entries()) {
    const name = given.trim()
    if (name === '') return `column ${index + 1} of the header has no name`
    if (name === forbiddenColumn) return `a column cannot be named ${forbiddenColumn}`
    if (seen.has(name)) return `column ${index + 1} of the header has the name of an earlier column; each needs its own`
    seen.add(name)
  }
  return undefined
}

function recordOf(columns: readonly string[], values: readonly string[]): Record<string, SourceValue> {
  const record: Record<string, SourceValue> = {}
  for (let i = 0; i < columns.length; i++) {
    const value = values[i]
    record[columns[i] as string] = value === undefined || value === '' ? null : value
  }
  return record
}
