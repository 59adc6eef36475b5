/**
 * Steps in worker threads: the node answers while a table is treated, and a step that is not to go on is ended where it stands. An
 * executor is of one run; when it ends, its threads forget what they hold and wait for the next run, for a thread that has worked is
 * several times as fast as one that begins. At most two of all runs of the process work at once, for a node has other work.
 */
import { Worker } from 'node:worker_threads'
import { StepStop } from '@gatehouse/query/steps/step'
import type { Executor, Job, JobChunk, JobOutput, JobResult } from './executor.ts'
import { buffersOf, type Failure, type FromThread, type ToThread } from './messages.ts'

const threadsMax = 2
/** Of objects and text; tables lie outside of it, and are bounded by `rows_max` of their sources. */
const heapMbMax = 1_536

/** Of what lives for a moment. A step makes a chunk at a time: with the few megabytes that are usual, each is copied before it is done with. */
const youngMbMax = 192

/** How long after a run its thread may still end, with the memory it took, where no other run has it. */
const spareMs = 60_000

const waiting: (() => void)[] = []
let busy = 0
/** Of no run. */
const spare: Worker[] = []

export function threadExecutor(): Executor {
  const idle: Worker[] = []
  return {
    async run(job, put, signal) {
      signal.throwIfAborted()
      if (busy >= threadsMax) await turnOf(signal)
      else busy++
      const worker = idle.pop() ?? spare.pop() ?? newThread()
      worker.ref()
      try {
        const result = await talk(worker, job, put, signal)
        // A thread that waits keeps no process from ending.
        worker.unref()
        idle.push(worker)
        return result
      } catch (error) {
        // Whatever it was in the midst of, nothing of it goes on.
        await worker.terminate()
        throw error
      } finally {
        const next = waiting.shift()
        if (next === undefined) busy--
        else next()
      }
    },
    async close() {
      await Promise.all(idle.splice(0).map(giveBack))
    },
  }
}

async function giveBack(worker: Worker): Promise<void> {
  worker.postMessage({ forget: true } satisfies ToThread)
  if (spare.length >= threadsMax) return void (await worker.terminate())
  spare.push(worker)
  AbortSignal.timeout(spareMs).addEventListener('abort', () => void endSpare(worker), { once: true })
}

function endSpare(worker: Worker): void {
  const at = spare.indexOf(worker)
  if (at >= 0) void spare.splice(at, 1)[0]?.terminate()
}

/** Resolves when a thread is handed on; who is aborted while waiting leaves the line. */
function turnOf(signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const leave = (): void => {
      waiting.splice(waiting.indexOf(mine), 1)
      reject(signal.reason)
    }
    const mine = (): void => {
      signal.removeEventListener('abort', leave)
      resolve()
    }
    waiting.push(mine)
    signal.addEventListener('abort', leave, { once: true })
  })
}

function newThread(): Worker {
  const worker = begin()
  return worker.on('error', () => {}).on('exit', () => endSpare(worker))
}

/** A thread inherits neither the loader that reads TypeScript nor, in a test, the one of the test; it brings its own. */
function begin(): Worker {
  const resourceLimits = { maxOldGenerationSizeMb: heapMbMax, maxYoungGenerationSizeMb: youngMbMax }
  const fromSource = import.meta.url.endsWith('.ts')
  if (!fromSource) return new Worker(new URL('./step-thread.js', import.meta.url), { resourceLimits, execArgv: [] })
  const body = JSON.stringify(new URL('./step-thread.ts', import.meta.url).href)
  const code = `import('tsx/esm/api').then(({ register }) => (register(), import(${body})))`
  return new Worker(code, { eval: true, resourceLimits, execArgv: ['--conditions=source'] })
}

function talk(worker: Worker, { inputs, ...job }: Job, put: (output: JobOutput) => Promise<void>, signal: AbortSignal): Promise<JobResult> {
  const say = (message: ToThread, handed: ArrayBuffer[] = []): void => worker.postMessage(message, handed)
  const sources = inputs.map(({ chunks }) => chunks[Symbol.asyncIterator]())
  /** What is being kept is kept before anybody hears of an end: nothing is written behind their back. */
  let keeping: Promise<unknown> = Promise.resolve()
  let fault: { readonly error: unknown } | undefined
  return new Promise<JobResult>((resolve, reject) => {
    const over = (): void => {
      signal.removeEventListener('abort', aborted)
      worker.off('message', heard).off('error', failed).off('exit', gone)
    }
    const fail = (error: unknown): void => {
      over()
      for (const source of sources) void Promise.resolve(source.return?.()).catch(() => {})
      void keeping.finally(() => reject(error))
    }
    const aborted = (): void => fail(signal.reason)
    const gone = (): void => fail(new Error('the thread of a step ended by itself'))
    const failed = (error: NodeJS.ErrnoException): void =>
      fail(error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? new StepStop('too_large', 'the table takes more memory than a step may have') : error)
    const give = async (input: number): Promise<void> => {
      try {
        const next = await (sources[input] as AsyncIterator<JobChunk>).next()
        if (next.done === true) say({ chunk: undefined })
        else say({ chunk: next.value }, buffersOf(next.value))
      } catch (error) {
        // What came before it is still worked on and kept.
        fault = { error }
        say({ broken: true })
      }
    }
    const keep = async (output: JobOutput): Promise<void> => {
      await put(output)
      say({ kept: true })
    }
    const heard = (message: FromThread): void => {
      if ('wants' in message) void give(message.wants)
      else if ('puts' in message) {
        const kept = keep(message.puts)
        keeping = kept.catch(() => {})
        kept.catch(fail)
      } else if ('fails' in message) fail(fault === undefined ? errorOf(message.fails) : fault.error)
      else {
        over()
        resolve(message.ends)
      }
    }
    signal.addEventListener('abort', aborted, { once: true })
    worker.on('message', heard).on('error', failed).on('exit', gone)
    say({ begin: { ...job, inputs: inputs.map(({ chunks: _, ...input }) => input) } })
  })
}

function errorOf({ name, message, code }: Failure): Error {
  if (name === 'StepStop') return new StepStop(code as StepStop['code'], message)
  return Object.assign(new Error(message), { name }, code === undefined ? {} : { code })
}
