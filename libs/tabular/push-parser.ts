/**
 * The shape every reader here has: text or bytes are pushed in as they arrive, finished rows come back. Nothing waits for the
 * whole file, and a row that cannot be read becomes a fault beside the good ones.
 */

/** What can be wrong with a row. Append-only: faults are stored and counted by these names. */
export type FaultName =
  | 'bad_header'
  | 'bad_value'
  | 'field_too_large'
  | 'missing_subject'
  | 'missing_value'
  | 'nested_value'
  | 'not_an_array'
  | 'not_an_object'
  | 'not_json'
  | 'not_utf8'
  | 'record_too_large'
  | 'stray_quote'
  | 'too_many_columns'
  | 'trailing_text'
  | 'unclosed_array'
  | 'unclosed_quote'
  | 'unmapped_column'
  | 'unsafe_number'
  | 'wrong_column_count'

/** Why a row was refused. The message says what was found and how to mend it, and never repeats a value of the file. */
export interface Fault {
  readonly fault: FaultName
  /** 1-based line of the file where the fault stands. */
  readonly line: number
  /** 1-based character of that line, counted in UTF-16 units, where one place can be named. */
  readonly column?: number
  /** 1-based ordinal of the record, header included, where the reader counts records. */
  readonly row?: number
  /** The column of the table, by name, where the fault lies in one value. */
  readonly field?: string
  readonly message: string
}

export type Chunk = string | Uint8Array

/** Chunks may be cut anywhere, within a character too: where they are cut never changes what is read. */
export interface PushParser<T> {
  push(chunk: Chunk): (T | Fault)[]
  /** Tells that nothing more comes. To be called once. */
  end(): (T | Fault)[]
}

export function isFault(item: object): item is Fault {
  return 'fault' in item
}

/** Reads a stream through a parser, holding one chunk at a time. */
export async function* parseStream<T>(parser: PushParser<T>, chunks: AsyncIterable<Chunk> | Iterable<Chunk>): AsyncGenerator<T | Fault, void, undefined> {
  for await (const items of parseChunks(parser, chunks)) yield* items
}

/** What each chunk gave, together: whoever takes many rows is not made to wait for every one. */
export async function* parseChunks<T>(
  parser: PushParser<T>,
  chunks: AsyncIterable<Chunk> | Iterable<Chunk>,
): AsyncGenerator<readonly (T | Fault)[], void, undefined> {
  for await (const chunk of chunks) yield parser.push(chunk)
  yield parser.end()
}

/** Reads what is already in memory. */
export function parseAll<T>(parser: PushParser<T>, chunks: Iterable<Chunk>): (T | Fault)[] {
  const items: (T | Fault)[] = []
  for (const chunk of chunks) for (const item of parser.push(chunk)) items.push(item)
  for (const item of parser.end()) items.push(item)
  return items
}
