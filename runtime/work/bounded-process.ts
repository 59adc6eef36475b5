/**
 * A process of its own for heavy computing: asked one thing after the other over its channel, bounded in memory and time, ended at any
 * moment. It gets nothing of the node's environment. When the node goes, even by a kill, the channel closes, and the process is to go too.
 */
import { type ChildProcess, fork } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { extname } from 'node:path'

const watchMs = 250

/** What a task is asked by, and what comes back. */
export interface Asked {
  readonly id: number
  readonly task: string
  readonly input: unknown
}
export type Told =
  | { readonly id: number; readonly output: unknown }
  | { readonly id: number; readonly fault: string; readonly message: string }
  | { readonly id: number; readonly news: unknown }

/** `memory`, `too_slow` and `ended` are said by this side; every other reason is the process's own or that of whoever ended it. */
export class ProcessFault extends Error {
  override readonly name = 'ProcessFault'
  readonly reason: string

  constructor(reason: string, message: string) {
    super(message)
    this.reason = reason
  }
}

export interface BoundedProcess {
  readonly pid: number | undefined
  ask(task: string, input: unknown, onNews?: (news: unknown) => void): Promise<unknown>
  /** Ends it; whatever it is being asked fails with this reason. */
  end(reason: string): Promise<void>
}

export interface Bounds {
  readonly memoryMb: number
  readonly heapMb: number
  /** Of one task. */
  readonly taskMs: number
}

/** @param file the module that answers, compiled or not, as the caller is */
export function startBounded(file: string, words: readonly string[], bounds: Bounds): BoundedProcess {
  const child = fork(file, words, {
    serialization: 'advanced',
    execArgv: [`--max-old-space-size=${bounds.heapMb}`, ...(extname(file) === '.ts' ? ['--conditions=source', '--import', 'tsx'] : [])],
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    env: {},
  })
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()).once('error', () => resolve()))
  const waiting = new Map<number, { tell: (told: Told) => void; fail: (fault: ProcessFault) => void }>()
  let fault: ProcessFault | undefined
  let count = 0

  const end = async (reason: string, message = `the process was ended: ${reason}`) => {
    fault ??= new ProcessFault(reason, message)
    child.kill('SIGKILL')
    await gone
  }
  const watch = setInterval(async () => {
    const mb = await residentMb(child)
    if (mb > bounds.memoryMb) await end('memory', `the process took ${Math.round(mb)} MB and may take ${bounds.memoryMb}`)
  }, watchMs)
  watch.unref()
  child.on('message', (told: Told) => waiting.get(told.id)?.tell(told))
  void gone.then(() => {
    clearInterval(watch)
    fault ??= new ProcessFault('ended', 'the process ended by itself')
    for (const { fail } of waiting.values()) fail(fault)
  })

  return {
    pid: child.pid,
    end,
    ask(task, input, onNews) {
      const id = count++
      return new Promise((resolve, reject) => {
        const timer = setTimeout(() => void end('too_slow', `${task} took longer than ${bounds.taskMs} ms`), bounds.taskMs)
        const settle = (act: () => void) => {
          clearTimeout(timer)
          waiting.delete(id)
          act()
        }
        const fail = (reason: ProcessFault) => settle(() => reject(reason))
        waiting.set(id, {
          tell(told) {
            if ('news' in told) onNews?.(told.news)
            else if ('fault' in told) fail(new ProcessFault(told.fault, told.message))
            else settle(() => resolve(told.output))
          },
          fail,
        })
        if (fault !== undefined || !child.connected) fail(fault ?? new ProcessFault('ended', 'the process ended by itself'))
        else child.send({ id, task, input } satisfies Asked)
      })
    },
  }
}

/** 0 where the system does not say: there the heap's bound and the time remain. */
async function residentMb({ pid }: ChildProcess): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) / 1_024
}
