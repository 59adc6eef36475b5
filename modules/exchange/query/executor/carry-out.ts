/** A job as the thread does it that has it: chunks are unpacked, the step runs, and what it gives is packed again. */
import type { Primitives } from '@gatehouse/crypto/primitives'
import { runStep, type StepInput } from '@gatehouse/query/steps/run'
import { packChunk, unpackChunk } from '@gatehouse/tabular/chunk'
import type { Dataset } from '@gatehouse/tabular/dataset'
import type { Job, JobChunk, JobOutput, JobResult } from './executor.ts'

/** The table that the step before has made, in the memory of whoever carries the steps out. */
export interface HeldTable {
  readonly file: string
  readonly dataset: Dataset
}

/** @param held is taken for the input that names its file @returns what was made, to be held for the next job where it is one table */
export async function carryOut(
  primitives: Primitives,
  { step, inputs, output: file, ...context }: Job,
  put: (output: JobOutput) => Promise<void>,
  held?: HeldTable,
): Promise<{ readonly result: JobResult; readonly made?: HeldTable }> {
  let after: JobChunk['after']
  const unpacked = inputs.map(
    ({ fields, filtered, chunks, file: read }): StepInput => ({
      fields,
      filtered,
      ...(held !== undefined && read === held.file ? { whole: held.dataset } : {}),
      async *chunks(): AsyncGenerator<Dataset, void, undefined> {
        for await (const chunk of chunks) {
          after = chunk.after
          yield unpackChunk(fields, chunk)
        }
      },
    }),
  )
  const output = await runStep(step, unpacked, { primitives, ...context })
  // The chunk before is put while the next one is made, and no two are on their way.
  let putting: Promise<void> = Promise.resolve()
  try {
    for await (const dataset of output.chunks) {
      const made: JobOutput = { fields: output.fields, chunk: { ...packChunk(dataset), after }, facts: output.facts() }
      await putting
      putting = put(made)
      putting.catch(() => {})
    }
  } finally {
    await putting
  }
  const { fields, people, doubtful, whole } = output
  const result = { fields, facts: output.facts(), ...(people === undefined ? {} : { people }), ...(doubtful === undefined ? {} : { doubtful }) }
  return { result, ...(whole === undefined || file === undefined ? {} : { made: { file, dataset: whole } }) }
}
