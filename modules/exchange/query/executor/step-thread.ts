/** The body of a worker thread: one job at a time, of one run after another. It ends when nobody wants it, or in the midst of a step. */
import { parentPort } from 'node:worker_threads'
import { nodePrimitives } from '@gatehouse/crypto/node'
import { carryOut, type HeldTable } from './carry-out.ts'
import type { JobChunk, JobInput, JobOutput } from './executor.ts'
import { type Begin, buffersOf, type Failure, type FromThread, type ToThread } from './messages.ts'

if (parentPort === null) throw new Error('this file is the body of a worker thread')
const port = parentPort
const say = (message: FromThread, handed: ArrayBuffer[] = []): void => port.postMessage(message, handed)

/** Who waits for a chunk, and who waits until one is kept. There is one of each at most. */
let taking: { readonly resolve: (chunk: JobChunk | undefined) => void; readonly reject: (error: Error) => void } | undefined
let keeping: (() => void) | undefined

port.on('message', (message: ToThread) => {
  if ('begin' in message) void work(message.begin)
  else if ('kept' in message) keeping?.()
  else if ('forget' in message) held = undefined
  else if ('broken' in message) taking?.reject(new Error('a source broke off'))
  else taking?.resolve(message.chunk)
})

/** What the last job made: the next one of the run need not fetch and unpack what has just been packed and sealed. Let go where it is not read. */
let held: HeldTable | undefined

async function work({ inputs, ...begin }: Begin): Promise<void> {
  const before = held
  held = undefined
  try {
    const job = { ...begin, inputs: oneAfterAnother(inputs) }
    const { result, made } = await carryOut(nodePrimitives, job, put, before)
    held = made
    say({ ends: result })
  } catch (error) {
    say({ fails: failureOf(error) })
  }
}

/** Resolves when it is kept. */
function put(output: JobOutput): Promise<void> {
  const kept = new Promise<void>((resolve) => {
    keeping = resolve
  })
  say({ puts: output }, buffersOf(output.chunk))
  return kept
}

/** A step may take its inputs side by side; the chunks come one by one all the same. */
function oneAfterAnother(inputs: Begin['inputs']): JobInput[] {
  let turn: Promise<unknown> = Promise.resolve()
  const take = (input: number): Promise<JobChunk | undefined> => {
    const taken = turn.then(
      () =>
        new Promise<JobChunk | undefined>((resolve, reject) => {
          taking = { resolve, reject }
          say({ wants: input })
        }),
    )
    turn = taken
    taken.catch(() => {})
    return taken
  }
  return inputs.map((input, index) => ({
    ...input,
    chunks: (async function* () {
      for (let next = take(index); ; ) {
        const chunk = await next
        if (chunk === undefined) return
        // The next one is fetched while this one is worked on.
        next = take(index)
        yield chunk
      }
    })(),
  }))
}

function failureOf(error: unknown): Failure {
  if (!(error instanceof Error)) return { name: 'Error', message: 'a step failed' }
  const code = 'code' in error && typeof error.code === 'string' ? { code: error.code } : {}
  return { name: error.name, message: error.message, ...code }
}
