/** What a thread and its executor say to each other. Bytes are handed over and not copied. */
import type { StepSecrets } from '@gatehouse/query/steps/run'
import type { StepFacts, StepSpec } from '@gatehouse/query/steps/step'
import type { JobChunk, JobInput, JobOutput, JobResult } from './executor.ts'

export interface Begin {
  readonly step: StepSpec
  readonly inputs: readonly Omit<JobInput, 'chunks'>[]
  readonly secrets: StepSecrets
  readonly rowsPerChunk: number
  readonly output?: string
  readonly before?: StepFacts
}

export type ToThread =
  | { readonly begin: Begin }
  | { readonly chunk: JobChunk | undefined }
  | { readonly broken: true }
  | { readonly kept: true }
  | { readonly forget: true }

export type FromThread = { readonly wants: number } | { readonly puts: JobOutput } | { readonly ends: JobResult } | { readonly fails: Failure }

/** An error as it can be handed over. */
export interface Failure {
  readonly name: string
  readonly message: string
  readonly code?: string
}

/**
 * The memory under a chunk's columns, each once. Small arrays may share one with others, of whom nothing may be handed over: those are
 * copied by the message.
 */
export function buffersOf({ columns }: JobChunk): ArrayBuffer[] {
  const own = columns.flatMap(({ bytes }) => (bytes.buffer instanceof ArrayBuffer && bytes.buffer.byteLength === bytes.byteLength ? [bytes.buffer] : []))
  return [...new Set(own)]
}
