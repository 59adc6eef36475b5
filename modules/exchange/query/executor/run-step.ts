/**
 * A step of a run with its table files: what is there already is not made again, what breaks off goes on, and everything that lies between
 * the steps is sealed under the key of the run.
 */
import { canonicalJson } from '@gatehouse/core/canonical-json'
import { toHex, utf8, utf8Text } from '@gatehouse/crypto/bytes'
import type { Primitives } from '@gatehouse/crypto/primitives'
import { resumable } from '@gatehouse/query/steps/extract'
import type { StepSecrets } from '@gatehouse/query/steps/run'
import type { StepFacts, StepSpec } from '@gatehouse/query/steps/step'
import type { DoubtfulPair } from '@gatehouse/query/steps/weigh'
import type { BlobStore } from '@gatehouse/runtime/data/blobs/blob-store'
import type { PackedChunk } from '@gatehouse/tabular/chunk'
import type { Field } from '@gatehouse/tabular/field'
import {
  type ChunkPlace,
  deleteTable,
  type Manifest,
  manifestHash,
  manifestOf,
  putChunk,
  putManifest,
  putPart,
  readManifest,
  readPacked,
  readPart,
  rowsPerChunk,
  sealPacked,
  type TableKey,
  writtenChunks,
} from '../../../custody/catalog/index.ts'
import type { Executor, JobChunk, JobInput, JobOutput } from './executor.ts'

/** A table that a step reads: one that lies in the object store, or rows as they come from a source. */
export type StepTable =
  | { readonly manifest: Manifest; readonly key: TableKey; readonly columns?: readonly string[] }
  | {
      readonly fields: readonly Field[]
      /** @param after behind which key reading goes on */
      open(after: readonly (string | number)[] | undefined): Promise<AsyncIterable<JobChunk>>
    }

export interface StepRequest {
  readonly step: StepSpec
  readonly inputs: readonly StepTable[]
  readonly output: TableKey
  /** See `stepHash`. What lies under the output's name and was made by another step is made anew. */
  readonly hash: string
  readonly secrets: StepSecrets
  readonly signal: AbortSignal
  /** Rows that were read so far. */
  readonly onProgress?: (rows: number) => void
}

export interface StepOutcome {
  readonly manifest: Manifest
  readonly facts: StepFacts
  /** Who is in it, as `peopleOf` gives them. */
  readonly people?: Uint8Array
  readonly doubtful?: readonly DoubtfulPair[]
}

interface Beside {
  readonly store: BlobStore
  readonly primitives: Primitives
}

/**
 * The name of what a step makes: step, inputs, and the lists that decide over rows. Who objects after a crash has the step made anew.
 * @param inputs manifests, and for rows of a source what they are read from
 */
export function stepHash(primitives: Primitives, step: StepSpec, inputs: readonly (Manifest | string)[], { excluded, decisions }: StepSecrets): string {
  const read = inputs.map((input) => (typeof input === 'string' ? input : manifestHash(primitives, input)))
  const lists = [[...(excluded?.digests ?? [])].sort(), decisions ?? []]
  return toHex(primitives.sha256(utf8(canonicalJson({ step, read, lists } as never)))).slice(0, 40)
}

/** @throws what a source, a step or `signal` says; what was kept until then is found again */
export async function runStepOn(beside: Beside, executor: Executor, request: StepRequest): Promise<StepOutcome> {
  const { step, output: key, hash, signal } = request
  const known = await finished(beside, key, hash)
  if (known !== undefined) return known
  const { store, primitives } = beside
  const begun = step.kind === 'extract' && resumable(step.params) ? await progressOf(beside, key, hash) : undefined
  if (begun === undefined) await deleteTable(store, key.file)
  const places: ChunkPlace[] = [...(begun?.places ?? [])]
  const put = async ({ chunk, facts }: JobOutput): Promise<void> => {
    signal.throwIfAborted()
    if (chunk.rows > 0) {
      const sealed = sealPacked(primitives, key, places.length, chunk)
      await putChunk(store, sealed)
      places.push(sealed.place)
    }
    if (chunk.after !== undefined)
      await putPart(store, primitives, key, 'progress', jsonBytes({ hash, chunks: places.length, after: chunk.after, facts } satisfies Progress))
    request.onProgress?.(facts.rows_in)
  }
  const inputs = await Promise.all(request.inputs.map((table) => inputOf(beside, table, begun?.after)))
  const job = { step, inputs, secrets: request.secrets, rowsPerChunk, output: key.file, ...(begun === undefined ? {} : { before: begun.facts }) }
  const { fields, ...said } = await executor.run(job, put, signal)
  return finish(beside, request, manifestOf(key.file, fields, places), said)
}

/** A table that was made elsewhere, with what is said of it. */
export interface AdoptedTable {
  /** By what it differs from any other. */
  readonly name: string
  readonly fields: readonly Field[]
  readonly facts: StepFacts
  chunks(): AsyncIterable<PackedChunk>
}

/** Sealed anew under the key of the run, so that later steps know nothing of where it comes from. */
export async function adoptTable(
  beside: Beside,
  { output: key, hash, signal }: Pick<StepRequest, 'output' | 'hash' | 'signal'>,
  made: AdoptedTable,
): Promise<StepOutcome> {
  const known = await finished(beside, key, hash)
  if (known !== undefined) return known
  const { store, primitives } = beside
  await deleteTable(store, key.file)
  const places: ChunkPlace[] = []
  for await (const chunk of made.chunks()) {
    signal.throwIfAborted()
    const sealed = sealPacked(primitives, key, places.length, chunk)
    await putChunk(store, sealed)
    places.push(sealed.place)
  }
  return finish(beside, { output: key, hash }, manifestOf(key.file, made.fields, places), { facts: made.facts })
}

async function inputOf({ store, primitives }: Beside, table: StepTable, after: readonly (string | number)[] | undefined): Promise<JobInput> {
  if ('open' in table) return { fields: table.fields, filtered: true, chunks: await table.open(after) }
  const { manifest, key } = table
  const columns = table.columns ?? manifest.fields.map(({ name }) => name)
  const fields = columns.map((name) => manifest.fields.find((field) => field.name === name) as Field)
  return { fields, filtered: false, chunks: readPacked(store, primitives, key, manifest, columns), ...(table.columns === undefined ? { file: key.file } : {}) }
}

interface Progress {
  readonly hash: string
  readonly chunks: number
  readonly after: readonly (string | number)[]
  readonly facts: StepFacts
}

async function progressOf(beside: Beside, key: TableKey, hash: string): Promise<(Progress & { readonly places: readonly ChunkPlace[] }) | undefined> {
  const bytes = await readPart(beside.store, beside.primitives, key, 'progress')
  if (bytes === undefined) return undefined
  const progress = JSON.parse(utf8Text(bytes) ?? '') as Progress
  if (progress.hash !== hash) return undefined
  const written = await writtenChunks(beside.store, beside.primitives, key)
  // One more may have been written just before the crash; it is made again.
  return written.length < progress.chunks ? undefined : { ...progress, places: written.slice(0, progress.chunks) }
}

interface Said {
  readonly facts: StepFacts
  readonly people?: Uint8Array
  readonly doubtful?: readonly DoubtfulPair[]
}

interface Kept extends Pick<Said, 'facts' | 'doubtful'> {
  readonly hash: string
  readonly people: boolean
}

/** The manifest comes last: with it, the step is finished. */
async function finish(
  { store, primitives }: Beside,
  { output: key, hash }: Pick<StepRequest, 'output' | 'hash'>,
  manifest: Manifest,
  said: Said,
): Promise<StepOutcome> {
  const { people, ...facts } = said
  if (people !== undefined) await putPart(store, primitives, key, 'people', people)
  await putPart(store, primitives, key, 'facts', jsonBytes({ ...facts, hash, people: people !== undefined } satisfies Kept))
  return { ...said, manifest: await putManifest(store, primitives, key, manifest) }
}

async function finished({ store, primitives }: Beside, key: TableKey, hash: string): Promise<StepOutcome | undefined> {
  const manifest = await readManifest(store, primitives, key)
  const bytes = manifest === undefined ? undefined : await readPart(store, primitives, key, 'facts')
  if (manifest === undefined || bytes === undefined) return undefined
  const { people, hash: made, ...said } = JSON.parse(utf8Text(bytes) ?? '') as Kept
  if (made !== hash) return undefined
  const who = people ? await readPart(store, primitives, key, 'people') : undefined
  return { manifest, ...said, ...(who === undefined ? {} : { people: who }) }
}

const jsonBytes = (value: unknown): Uint8Array => utf8(JSON.stringify(value))
