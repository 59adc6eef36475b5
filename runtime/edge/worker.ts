/**
 * What runs by itself: loops (the sequencer, the dispatcher) and jobs from the queue. A job enters the door as the system on
 * behalf of its tenant, with the permission that the role which asked for it has signed; one that fails is tried again with growing
 * delay and ends as a dead letter that an operator can see.
 */
import PgBoss from 'pg-boss'
import { nodeTenant, systemPrincipal } from '../base/context.ts'
import { errorFields } from '../base/log.ts'
import type { Database } from '../data/db.ts'
import type { Door } from '../door/door.ts'
import type { Job, Loop } from '../door/module.ts'
import type { Behalf } from '../door/operation.ts'
import { problemOf } from '../door/problem-of.ts'
import { type Call, type Permissions, permissionsOf } from '../work/permission.ts'
import { deadLetterQueue, queuesWithWork } from '../work/queue.ts'

type Sent = Call & { readonly permission?: unknown; readonly behalf?: Behalf }

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
/** How often it is asked which queues have work: one question for all of them, where every worker of every queue would ask its own. */
const callMs = 250
/** A worker that nobody called looks by itself all the same. */
const unaskedSeconds = 30

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
  const permissions = permissionsOf(door.node)
  const workers = new Map<string, string[]>()
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
      const worker = boss.work<Sent>(job.queue, { pollingIntervalSeconds: unaskedSeconds }, async ([item]) => {
        if (item === undefined) return
        // More may wait: the worker asks again at once instead of sleeping out its interval after each job.
        boss.notifyWorker(await worker)
        await enter(door, job, await trusted(door, permissions, job, item.data ?? {}))
      })
      workers.set(job.queue, [...(workers.get(job.queue) ?? []), await worker])
    }
    if (cron !== undefined) await boss.schedule(job.queue, cron, {}, { tz: 'UTC' })
  }
  const caller = runLoops(door, [
    {
      name: 'caller',
      idleMs: callMs,
      async run({ database }) {
        for (const queue of await database.transaction('node', queuesWithWork)) for (const worker of workers.get(queue) ?? []) boss.notifyWorker(worker)
        return false
      },
    },
  ])
  return {
    async stop() {
      await caller.stop()
      await boss.stop({ graceful: true, timeout: 5_000, wait: true } as PgBoss.StopOptions)
    },
  }
}

/**
 * Work that comes by the clock is put into the queue by the queue itself, for the node and with nothing to say.
 * @throws Error for work that no role of this node has signed: it is left as a dead letter and does nothing
 */
async function trusted(door: Door, permissions: Permissions, job: Job, sent: Sent): Promise<Sent> {
  const byTheClock = job.options.cron !== undefined && Object.keys(sent).length === 0
  if (byTheClock || (await permissions.holds(job.queue, sent))) return sent
  door.node.log.error(
    { queue: job.queue },
    'a job carries no permission that this node has signed for it; it was refused. Somebody wrote into the queue past the node.',
  )
  throw new Error('permission-refused')
}

/** The queue keeps what a job throws, with its causes, whose words may quote a value: only the kind of the problem goes there. */
async function enter(door: Door, job: Job, { tenant = nodeTenant, behalf, permission: _, ...input }: Sent): Promise<void> {
  const knock = { channel: 'job' as const, ...(behalf === undefined ? {} : { behalf }) }
  const answer = await door.enter(job.operation, input, systemPrincipal(tenant, `job:${job.queue}`), knock).catch((error: unknown) => {
    throw new Error(problemOf(error).kind.type)
  })
  if (answer.outcome === 'refused') throw new Error(answer.problem.kind.type)
}
