/** What a node sent as its part, held to what was asked: it opens under the key of this attempt, and has the columns the plan says. */
import type { Primitives } from '@gatehouse/crypto/primitives'
import type { StepFacts } from '@gatehouse/query/steps/step'
import type { BlobStore } from '@gatehouse/runtime/data/blobs/blob-store'
import { type PackedChunk, unpackChunk } from '@gatehouse/tabular/chunk'
import type { Field } from '@gatehouse/tabular/field'
import { type Manifest, manifestHash, readManifest, readPacked, type TableKey, tableKey } from '../../../custody/catalog/index.ts'
import type { AdoptedTable } from '../executor/run-step.ts'
import type { PartRow, ReceivedFile } from './store.ts'

/** Changed, cut off, of another attempt, or not what was asked for; which of these is said in words without a value. */
export class PartUnusable extends Error {
  override readonly name = 'PartUnusable'
  readonly peer: string

  constructor(peer: string, message: string) {
    super(message)
    this.peer = peer
  }
}

/** Columns and rows of a table that another node sent. */
export interface ExpectedTable {
  readonly fields: readonly Field[]
  readonly rowsMax: number
  /** Of this attempt of the part. */
  readonly key: Uint8Array
}
export interface Expected extends ExpectedTable {
  readonly source: string
}

interface Beside {
  readonly blobs: BlobStore
  readonly primitives: Primitives
}

/** @throws PartUnusable; the chunks throw it, too */
export async function receivedTable(beside: Beside, part: PartRow, { source, ...expected }: Expected): Promise<AdoptedTable> {
  const { manifest, ...table } = await receivedFile(beside, { peer: part.peer, what: `the source ${source}`, file: part.tables?.[source] }, expected)
  return { ...table, facts: factsOf(part, source, manifest) }
}

/** A sealed table that lies beside a message. @throws PartUnusable; the chunks throw it, too */
export async function receivedFile(
  { blobs, primitives }: Beside,
  { peer, what, file }: { readonly peer: string; readonly what: string; readonly file: ReceivedFile | undefined },
  { fields, rowsMax, key }: ExpectedTable,
): Promise<Omit<AdoptedTable, 'facts'> & { readonly manifest: Manifest }> {
  if (file === undefined) throw new PartUnusable(peer, `it gave no table for ${what}`)
  const store = attached(blobs, file)
  const of = tableKey(file.tenant, file.file, key)
  const manifest = await readable(peer, what, async () => readManifest(store, primitives, of))
  if (manifest === undefined) throw new PartUnusable(peer, `the table for ${what} is not whole`)
  const wrong = fields.find((field, at) => manifest.fields[at]?.name !== field.name || manifest.fields[at]?.type !== field.type)
  if (wrong !== undefined || manifest.fields.length !== fields.length)
    throw new PartUnusable(peer, `the table for ${what} has other columns than were asked for`)
  if (manifest.rows > rowsMax) throw new PartUnusable(peer, `the table for ${what} has more rows than the plan allows`)
  return {
    name: `${peer} ${manifestHash(primitives, manifest)}`,
    fields,
    manifest,
    chunks: () => chunksOf(peer, what, { store, primitives, of, manifest, fields }),
  }
}

async function readable<T>(peer: string, what: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read()
  } catch (error) {
    if (error instanceof Error && unreadable.has(error.name)) throw new PartUnusable(peer, `the table for ${what} does not open`)
    throw error
  }
}

/** Of the sealing, of the list of chunks and of their columns. */
const unreadable = new Set(['TableFileError', 'ZodError', 'SyntaxError', 'RangeError', 'TypeError', 'ChunkError'])

interface Opened {
  readonly store: BlobStore
  readonly primitives: Primitives
  readonly of: TableKey
  readonly manifest: Manifest
  readonly fields: readonly Field[]
}

async function* chunksOf(peer: string, what: string, { store, primitives, of, manifest, fields }: Opened): AsyncGenerator<PackedChunk, void, undefined> {
  const names = fields.map(({ name }) => name)
  const chunks = readPacked(store, primitives, of, manifest, names)
  for (;;) {
    const { value, done } = await readable(peer, what, async () => {
      const next = await chunks.next()
      // What cannot be unpacked is the sender's fault here, and would be ours in a later step.
      if (next.value !== undefined && unpackChunk(fields, next.value).columns.some((column) => rowsIn(column) !== next.value?.rows))
        throw new RangeError('a column has another length')
      return next
    })
    if (done === true) return
    yield value
  }
}

const rowsIn = (column: ReturnType<typeof unpackChunk>['columns'][number]): number => (column.kind === 'number' ? column.values : column.codes).length

/** The parts of the file lie beside the message, each as an object of its own name. */
export function attached(blobs: BlobStore, { file, blobs: names }: ReceivedFile): BlobStore {
  return {
    ...blobs,
    async get(name, range) {
      const blob = name.startsWith(`${file}/`) ? names[name.slice(file.length + 1)] : undefined
      return blob === undefined ? undefined : blobs.get(blob, range)
    },
  }
}

function factsOf({ answer }: PartRow, source: string, { rows }: Manifest): StepFacts {
  const told = answer?.figures[source]
  return { kind: 'extract', rows_in: told?.rows_in ?? rows, rows_out: rows, cells_changed: 0, reasons: {}, levels: told?.levels ?? {} }
}

/** In place of a part that nobody gave: nobody is in it. */
export function nothingOf(peer: string, fields: readonly Field[]): AdoptedTable {
  const facts: StepFacts = { kind: 'extract', rows_in: 0, rows_out: 0, cells_changed: 0, reasons: {} }
  return { name: `${peer} gave nothing`, fields, facts, async *chunks() {} }
}
