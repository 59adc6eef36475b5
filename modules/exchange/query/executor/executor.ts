/**
 * Where the steps of a run are carried out. A step gets chunks, lists and keys of people's digests, and nothing else: no rights, no
 * database, no key of a file. What it reads was decided before, and what it gives is sealed by whoever called.
 *
 * Obligations of a driver, which the contract suite (`testing/executor-contract.ts`) holds it to:
 * - chunks are asked for one by one, so that a source waits while a step works, and given one by one, each waited for;
 * - what it gives is the same as `runStep` gives, whatever lies between;
 * - once `signal` aborts, the promise rejects with its reason within a second, also in the midst of a long computation, and nothing of
 *   the step goes on;
 * - an input that names a file which this executor has made may be taken from memory instead of its chunks, and what comes of it is the
 *   same; the chunks that were given out are what counts, for a crash, another thread or another machine begins from them;
 * - what a chunk's source throws is thrown again as it is; a `StepStop` of a step arrives as one; too little memory is a `StepStop`.
 */
import type { StepOutput, StepSecrets } from '@gatehouse/query/steps/run'
import type { StepFacts, StepSpec } from '@gatehouse/query/steps/step'
import type { PackedChunk } from '@gatehouse/tabular/chunk'
import type { Field } from '@gatehouse/tabular/field'

/** A chunk of rows, and behind which key its source would go on. */
export interface JobChunk extends PackedChunk {
  readonly after?: readonly (string | number)[] | undefined
}

export interface JobInput {
  readonly fields: readonly Field[]
  /** The rows are filtered by their source already. */
  readonly filtered: boolean
  readonly chunks: AsyncIterable<JobChunk>
  /** The table file that these are all rows and all columns of. */
  readonly file?: string
}

export interface Job {
  readonly step: StepSpec
  readonly inputs: readonly JobInput[]
  readonly secrets: StepSecrets
  readonly rowsPerChunk: number
  /** The table file that is made of what comes out. */
  readonly output?: string
  /** Facts of an extraction that broke off; its input is what lies behind. */
  readonly before?: StepFacts
}

/** A chunk that comes out, with the facts up to here. An extraction may give an empty one. */
export interface JobOutput {
  readonly fields: readonly Field[]
  readonly chunk: JobChunk
  readonly facts: StepFacts
}

export interface JobResult extends Pick<StepOutput, 'fields' | 'people' | 'doubtful'> {
  readonly facts: StepFacts
}

export interface Executor {
  /** @param put the next chunk is not made before it has resolved */
  run(job: Job, put: (output: JobOutput) => Promise<void>, signal: AbortSignal): Promise<JobResult>
  /** Nothing of the run is left behind; to be called once, when no step runs. */
  close(): Promise<void>
}
