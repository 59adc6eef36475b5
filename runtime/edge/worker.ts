/**
 * What runs by itself: loops (the sequencer, the dispatcher) and jobs from the queue. A job enters the door as the system on
 * behalf of its tenant; one that fails is tried again with growing delay and ends as a dead letter that an operator can see.
 */
import type { Id } from '@gatehouse/core/id'
import PgBoss from 'pg-boss'
import { nodeTenant, systemPrincipal } from '../base/context.ts'
import { errorFields } from '../base/log.ts'
import type { Database } from '../data/db.ts'
import type { Door } from '../door/door.ts'
import type { Job, Loop } from '../door/module.ts'
import type { Behalf } from '../door/operation.ts'
import { problemOf } from '../door/problem-of.ts'
import { deadLetterQueue } from '../work/queue.ts'

export interface Worker {
  stop(): Promise<void>
}

/** The queue on our own pool; its tables live in the schema `job`. */
export function openBoss(database: Database, onError: (error: Error) => void): PgBoss {
  const boss = new PgBoss({ db: { executeSql: (text: string, values: unknown[]) => database.pool.query(text, values) }, schema: 'job' })
  boss.on('error', onError)
  return boss
}

const failurePauseMs = 1_000

export function runLoops(door: Door, loops: readonly Loop[]): Worker {
  let stopping = false
  const wakers = new Set<() => void>()

  function sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        clearTimeout(timer)
        wakers.delete(wake)
        resolve()
      }
      const timer = setTimeout(wake, ms)
      wakers.add(wake)
    })
  }

  async function turn(loop: Loop): Promise<void> {
    while (!stopping) {
      try {
        if (await loop.run(door.node)) continue
        if (!stopping) await sleep(loop.idleMs)
      } catch (error) {
        door.node.log.warn({ loop: loop.name, error: errorFields(error) }, 'a loop failed and will try again')
        await new Promise((resolve) => setTimeout(resolve, stopping ? 0 : failurePauseMs))
      }
    }
  }
  const turns = loops.map(turn)
  return {
    async stop() {
      stopping = true
      for (const wake of wakers) wake()
      await Promise.all(turns)
    },
  }
}

export async function runJobs(door: Door, boss: PgBoss, jobs: readonly Job[]): Promise<Worker> {
  await boss.createQueue(deadLetterQueue)
  for (const job of jobs) {
    const { retries, retryDelaySeconds, expireSeconds, parallel = 1, cron } = job.options
    await boss.createQueue(job.queue, {
      name: job.queue,
      retryLimit: retries,
      retryDelay: retryDelaySeconds,
      retryBackoff: true,
      expireInSeconds: expireSeconds,
      deadLetter: deadLetterQueue,
    } as PgBoss.Queue)
    for (let started = 0; started < parallel; started++) {
      const worker = boss.work<{ tenant?: Id<'tenant'>; behalf?: Behalf }>(job.queue, { pollingIntervalSeconds: 1 }, async ([item]) => {
        if (item === undefined) return
        // More may wait: the worker asks again at once instead of sleeping out its interval after each job.
        boss.notifyWorker(await worker)
        const { tenant = nodeTenant, behalf, ...input } = item.data ?? {}
        await enter(door, job, input, tenant, behalf)
      })
      await worker
    }
    if (cron !== undefined) await boss.schedule(job.queue, cron, {}, { tz: 'UTC' })
  }
  return { stop: () => boss.stop({ graceful: true, timeout: 5_000, wait: true } as PgBoss.StopOptions) }
}

/** The queue keeps what a job throws, with its causes, whose words may quote a value: only the kind of the problem goes there. */
async function enter(door: Door, job: Job, input: unknown, tenant: Id<'tenant'>, behalf: Behalf | undefined): Promise<void> {
  const knock = { channel: 'job' as const, ...(behalf === undefined ? {} : { behalf }) }
  const answer = await door.enter(job.operation, input, systemPrincipal(tenant, `job:${job.queue}`), knock).catch((error: unknown) => {
    throw new Error(problemOf(error).kind.type)
  })
  if (answer.outcome === 'refused') throw new Error(answer.problem.kind.type)
}
