import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { nodePrimitives as primitives } from '@gatehouse/crypto/node'
import type { StepSpec } from '@gatehouse/query/steps/step'
import type { BlobStore } from '@gatehouse/runtime/data/blobs/blob-store'
import { listAll } from '@gatehouse/runtime/data/blobs/blob-store'
import { diskBlobs } from '@gatehouse/runtime/data/blobs/disk'
import { packChunk } from '@gatehouse/tabular/chunk'
import { datasetFrom, rowsOf } from '@gatehouse/tabular/dataset'
import type { Field } from '@gatehouse/tabular/field'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { deleteTable, type Manifest, readTable, tableKey } from '../../../custody/catalog/index.ts'
import type { Executor, JobChunk } from './executor.ts'
import { inProcessExecutor } from './in-process.ts'
import { runStepOn, type StepTable, stepHash } from './run-step.ts'
import { executorContract, extractStep } from './testing/executor-contract.ts'
import { threadExecutor } from './threads.ts'

executorContract('in the process', inProcessExecutor(primitives), { leavesMidway: false })
executorContract('of worker threads', threadExecutor(), { leavesMidway: true })

const fields: Field[] = [
  { name: 'id', type: 'string', sensitivity: 'direct_identifier', nullable: true },
  { name: 'age', type: 'integer', sensitivity: 'quasi_identifier', nullable: true },
]
const rowsFrom = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => ({ id: `p${from + i}`, age: (from + i) % 50 }))
const secrets = { person: new Uint8Array(32).fill(1) }
const signal = new AbortController().signal

let folder: string
let store: BlobStore
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gatehouse-steps-'))
  store = diskBlobs(folder, Date.now)
})
afterAll(() => rm(folder, { recursive: true, force: true }))

/** A source of 40 rows in four chunks, which breaks off before a row. */
function source(breaksAt = 40): { readonly table: StepTable; readonly asked: (readonly (string | number)[] | undefined)[] } {
  const asked: (readonly (string | number)[] | undefined)[] = []
  const table: StepTable = {
    fields,
    async open(after) {
      asked.push(after)
      const from = after === undefined ? 0 : Number(after[0]) + 1
      return (async function* (): AsyncGenerator<JobChunk, void, undefined> {
        for (let at = from; at < 40; at += 10) {
          if (at >= breaksAt) throw new Error('killed')
          yield { ...packChunk(datasetFrom(fields, rowsFrom(at, at + 10))), after: [at + 9] }
        }
      })()
    },
  }
  return { table, asked }
}

const keyOf = (name: string) => tableKey('tenant-1', `scratch/tenant-1/run-1/${name}`, new Uint8Array(32).fill(5))
const extractTo = (name: string, table: StepTable, executor: Executor = inProcessExecutor(primitives), hash = 'a') =>
  runStepOn({ store, primitives }, executor, { step: extractStep, inputs: [table], output: keyOf(name), hash, secrets, signal })

async function rowsIn(name: string, manifest: Manifest) {
  const rows = []
  for await (const chunk of readTable(store, primitives, keyOf(name), manifest)) rows.push(...rowsOf(chunk))
  return rows
}

describe('a step with its table files', () => {
  it('goes on behind its last whole chunk after a crash, and ends as if there had been none', async () => {
    const broken = source(25)
    await expect(extractTo('resumed', broken.table)).rejects.toThrow('killed')
    const again = source()
    const outcome = await extractTo('resumed', again.table)
    expect(again.asked).toEqual([[29]])
    const whole = await extractTo('whole', source().table)
    expect(outcome.facts).toEqual(whole.facts)
    expect(await rowsIn('resumed', outcome.manifest)).toEqual(await rowsIn('whole', whole.manifest))
    expect(outcome.manifest.rows).toBe(40)
  })

  it('begins anew where what was written is damaged', async () => {
    await expect(extractTo('damaged', source(25).table)).rejects.toThrow('killed')
    await store.delete('scratch/tenant-1/run-1/damaged/0000001')
    const again = source()
    const outcome = await extractTo('damaged', again.table)
    expect(again.asked).toEqual([undefined])
    expect(outcome.manifest.rows).toBe(40)
  })

  it('is not done twice', async () => {
    const first = await extractTo('once', source().table)
    const again = source(0)
    expect(await extractTo('once', again.table)).toEqual(first)
    expect(again.asked).toEqual([])
    // What another step has left there is no output of this one.
    const other = source()
    expect((await extractTo('once', other.table, inProcessExecutor(primitives), 'b')).manifest).not.toEqual(first.manifest)
    expect(other.asked).toEqual([undefined])
  })

  it('has another name for other inputs, other parameters, and where somebody else objects', async () => {
    const { manifest } = await extractTo('named', source().table)
    const name = (step = extractStep, inputs: Parameters<typeof stepHash>[2] = ['a'], more = {}) => stepHash(primitives, step, inputs, { ...secrets, ...more })
    const names = [
      name(),
      name({ ...extractStep, id: 'other' }),
      name(extractStep, [manifest]),
      name(extractStep, ['a'], { excluded: { key: secrets.person, digests: new Set(['aa']) } }),
      name(extractStep, ['a'], { decisions: [{ left: 'a', right: 'b', same: true }] }),
    ]
    expect(new Set(names).size).toBe(names.length)
    expect(name()).toBe(name())
    expect(name(extractStep, ['a'], { excluded: { key: secrets.person, digests: new Set(['b', 'a']) } })).toBe(
      name(extractStep, ['a'], { excluded: { key: secrets.person, digests: new Set(['a', 'b']) } }),
    )
  })

  it('in a thread is given what the step before has made there, while the file of it is what another executor begins from', async () => {
    const threads = threadExecutor()
    const { manifest } = await extractTo('read', source().table, threads)
    const select = (id: string, from: string, table: Manifest, executor: Executor, blobs = store) => {
      const step: StepSpec = { id, kind: 'select', inputs: [from], params: { cohort: { column: 'age', is: 'ge', value: 30 } } }
      const inputs = [{ manifest: table, key: keyOf(from) }]
      return runStepOn({ store: blobs, primitives }, executor, { step, inputs, output: keyOf(id), hash: id, secrets, signal })
    }
    const fetched: string[] = []
    const counting: BlobStore = {
      ...store,
      get(name, range) {
        fetched.push(name)
        return store.get(name, range)
      },
    }
    const first = await select('first', 'read', manifest, threads)
    const held = await select('held', 'first', first.manifest, threads, counting)
    expect(fetched.filter((name) => name.startsWith(`${keyOf('first').file}/0`))).toEqual([])
    const anew = await select('anew', 'first', first.manifest, inProcessExecutor(primitives), counting)
    expect(fetched.filter((name) => name.startsWith(`${keyOf('first').file}/0`))).toHaveLength(1)
    expect(held.manifest.rows).toBe(10)
    expect(await rowsIn('held', held.manifest)).toEqual(await rowsIn('anew', anew.manifest))
    // The thread goes on to the next run, and what it held does not.
    await threads.close()
    const next = threadExecutor()
    const before = fetched.length
    await select('next', 'held', held.manifest, next, counting)
    expect(fetched.slice(before).filter((name) => name.startsWith(`${keyOf('held').file}/0`))).toHaveLength(1)
    await next.close()
  })

  it('leaves nothing in clear, and nothing at all once it is deleted', async () => {
    await extractTo('gone', source().table, threadExecutor())
    for await (const { name } of listAll(store, keyOf('gone').file)) {
      const pieces: Uint8Array[] = []
      for await (const piece of (await store.get(name)) as AsyncIterable<Uint8Array>) pieces.push(piece)
      const text = Buffer.concat(pieces).toString('latin1')
      expect(text).not.toMatch(/p1[0-9]p1|rows_in/)
    }
    await deleteTable(store, keyOf('gone').file)
    expect(await store.list(keyOf('gone').file)).toEqual([])
  })
})
