/** What every driver of the port keeps to. */
import { nodePrimitives } from '@gatehouse/crypto/node'
import { runStep } from '@gatehouse/query/steps/run'
import { type StepSpec, StepStop } from '@gatehouse/query/steps/step'
import { packChunk, unpackChunk } from '@gatehouse/tabular/chunk'
import { type Dataset, datasetFrom, rowsOf } from '@gatehouse/tabular/dataset'
import type { Field } from '@gatehouse/tabular/field'
import { afterAll, describe, expect, it } from 'vitest'
import type { Executor, Job, JobChunk, JobOutput } from '../executor.ts'

const fields: Field[] = [
  { name: 'id', type: 'string', sensitivity: 'direct_identifier', nullable: true },
  { name: 'age', type: 'integer', sensitivity: 'quasi_identifier', nullable: true },
]
const chunkFrom = (from: number, count: number): Dataset =>
  datasetFrom(
    fields,
    Array.from({ length: count }, (_, i) => ({ id: `p${from + i}`, age: (from + i) % 7 })),
  )
const secrets = { person: new Uint8Array(32).fill(1) }
const never = new AbortController().signal

export const extractStep: StepSpec = {
  id: 'extract:a',
  kind: 'extract',
  inputs: [],
  params: {
    source: 'a',
    table: 'a.b',
    columns: ['id', 'age'],
    rowsMax: 1_000,
    prepare: [{ do: 'require', column: 'age', rule: 'present', otherwise: 'stop' }],
    elements: [{ name: 'age', column: 'age', source: 'a', reduce: 'first' }],
    passes: [{ id: 'id', fields: [{ column: 'id', form: 'identifier' }] }],
    keys: [],
    pseudonyms: false,
  },
}
/** Every pair of a table with itself: it takes as long as one likes. */
const slowStep: StepSpec = {
  id: 'treat',
  kind: 'treat',
  inputs: ['x'],
  params: {
    plan: {
      version: 1,
      other_columns: 'refuse',
      columns: { id: { role: 'insensitive' }, age: { role: 'quasi', operators: [{ operator: 'microaggregation', k: 3 } as never] } },
      operators: [],
      models: [{ model: 'k_anonymity', k: 2 }],
      accept_voided: [],
      suppression_limit: 1,
      quality: 'loss',
      aggregate: 'geometric',
      strategy: 'auto',
      local_recoding: false,
      risk: { threshold: 0.2 },
    },
  },
}

async function* packed(chunks: readonly Dataset[]): AsyncGenerator<JobChunk, void, undefined> {
  for (const [index, chunk] of chunks.entries()) yield { ...packChunk(chunk), after: [index] }
}
const jobOf = (step: StepSpec, chunks: AsyncIterable<JobChunk>): Job => ({ step, inputs: [{ fields, filtered: true, chunks }], secrets, rowsPerChunk: 1_000 })

export function executorContract(name: string, executor: Executor, { leavesMidway }: { leavesMidway: boolean }): void {
  describe(`an executor ${name}`, () => {
    afterAll(() => executor.close())

    it('throws what the source of the chunks throws, and closes the source', async () => {
      const fault = new Error('the source is away')
      let closed = false
      async function* failing(): AsyncGenerator<JobChunk, void, undefined> {
        try {
          yield packChunk(chunkFrom(0, 3))
          throw fault
        } finally {
          closed = true
        }
      }
      await expect(executor.run(jobOf(extractStep, failing()), async () => {}, never)).rejects.toBe(fault)
      expect(closed).toBe(true)
    })

    it('keeps what came before the source broke off', async () => {
      const kept: number[] = []
      async function* failing(): AsyncGenerator<JobChunk, void, undefined> {
        for (let i = 0; i < 3; i++) yield { ...packChunk(chunkFrom(i * 3, 3)), after: [i] }
        throw new Error('killed')
      }
      await expect(executor.run(jobOf(extractStep, failing()), async ({ facts }) => void kept.push(facts.rows_in), never)).rejects.toThrow('killed')
      expect(kept).toEqual([3, 6, 9])
    })

    it('throws what the receiver throws, and a stop of the step as a stop', async () => {
      const full = new Error('the store is full')
      await expect(executor.run(jobOf(extractStep, packed([chunkFrom(0, 3)])), () => Promise.reject(full), never)).rejects.toBe(full)
      const hole = datasetFrom(fields, [{ id: 'p1', age: null }])
      await expect(executor.run(jobOf(extractStep, packed([hole])), async () => {}, never)).rejects.toThrow(StepStop)
    })

    it('ends within a second of being aborted, while it waits for a chunk', async () => {
      const abort = new AbortController()
      const reason = new Error('not a member any more')
      async function* stuck(): AsyncGenerator<JobChunk, void, undefined> {
        yield packChunk(chunkFrom(0, 3))
        queueMicrotask(() => abort.abort(reason))
        yield packChunk(chunkFrom(3, 3))
        yield packChunk(chunkFrom(6, 3))
      }
      await expect(executor.run(jobOf(extractStep, stuck()), async () => {}, abort.signal)).rejects.toBe(reason)
      await expect(executor.run(jobOf(extractStep, packed([])), async () => {}, abort.signal)).rejects.toBe(reason)
    })

    it.runIf(leavesMidway)('ends within a second of being aborted, in the midst of a computation', async () => {
      const abort = new AbortController()
      const reason = new Error('cancelled')
      const many = Array.from({ length: 30 }, (_, i) =>
        datasetFrom(
          fields,
          Array.from({ length: 1_000 }, (_, j) => ({ id: 'x', age: (i * 1_000 + j) * 17 })),
        ),
      )
      let taken = 0
      let begun = 0
      async function* counted(): AsyncGenerator<JobChunk, void, undefined> {
        for await (const chunk of packed(many)) {
          taken++
          yield chunk
        }
        // All is read: from here on the thread computes.
        setTimeout(() => {
          begun = performance.now()
          abort.abort(reason)
        }, 50)
      }
      await expect(executor.run(jobOf(slowStep, counted()), async () => {}, abort.signal)).rejects.toBe(reason)
      expect(taken).toBe(30)
      expect(performance.now() - begun).toBeLessThan(1_000)
    })

    it('asks for chunks as they are wanted, and gives each before the one after the next', async () => {
      let [taken, given] = [0, 0]
      let ahead = 0
      async function* counted(): AsyncGenerator<JobChunk, void, undefined> {
        for (let i = 0; i < 20; i++) {
          taken++
          ahead = Math.max(ahead, taken - given)
          yield { ...packChunk(chunkFrom(i, 3)), after: [i] }
        }
      }
      await executor.run(jobOf(extractStep, counted()), async () => void given++, never)
      expect([taken, given]).toEqual([20, 20])
      expect(ahead).toBeLessThanOrEqual(4)
    })

    it('gives the same where the step before has made what it reads, whether it takes the chunks or not', async () => {
      const select = (value: number): StepSpec => ({ id: 'select', kind: 'select', inputs: ['x'], params: { cohort: { column: 'age', is: 'ge', value } } })
      const made = async (job: Job) => {
        const outputs: JobOutput[] = []
        const { facts } = await executor.run(job, async (output) => void outputs.push(output), never)
        return { facts, rows: outputs.flatMap(({ fields: those, chunk }) => [...rowsOf(unpackChunk(those, chunk))]), chunks: outputs.map(({ chunk }) => chunk) }
      }
      const first = () => made({ ...jobOf(select(2), packed([chunkFrom(0, 40), chunkFrom(40, 30)])), output: 'run/first' })
      const then = (chunks: readonly JobChunk[], file: { file?: string }) =>
        made({ ...jobOf(select(4), from(chunks)), inputs: [{ fields, filtered: false, chunks: from(chunks), ...file }] })
      async function* from(chunks: readonly JobChunk[]): AsyncGenerator<JobChunk, void, undefined> {
        yield* structuredClone(chunks) as JobChunk[]
      }
      const { chunks } = await first()
      const named = await then(chunks, { file: 'run/first' })
      const { rows, facts } = await then(chunks, {})
      expect(rows).toHaveLength(30)
      expect([named.rows, named.facts]).toEqual([rows, facts])
      // A table of another name is not taken for it, and none twice removed.
      await first()
      expect((await then([], { file: 'run/other' })).rows).toEqual([])
      expect((await then([], { file: 'run/first' })).rows).toEqual([])
    })

    it('gives what the step gives, with the facts and the place in the source at each chunk', async () => {
      const chunks = [chunkFrom(0, 5), chunkFrom(5, 4)]
      const outputs: JobOutput[] = []
      const result = await executor.run(jobOf(extractStep, packed(chunks)), async (output) => void outputs.push(output), never)
      const expected = await runStep(extractStep, [{ fields, filtered: true, chunks: () => chunks }], {
        primitives: nodePrimitives,
        secrets,
        rowsPerChunk: 1_000,
      })
      const rows = []
      for await (const chunk of expected.chunks) rows.push(...rowsOf(chunk))
      expect(outputs.flatMap(({ fields: made, chunk }) => [...rowsOf(unpackChunk(made, chunk))])).toEqual(rows)
      expect(outputs.map(({ chunk, facts }) => [chunk.after, facts.rows_in])).toEqual([
        [[0], 5],
        [[1], 9],
      ])
      expect(result.facts).toEqual(expected.facts())
      expect(result.fields).toEqual(expected.fields)
    })
  })
}
