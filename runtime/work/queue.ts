/**
 * The writing side of the job queue: a job is enqueued inside the act's transaction, so it exists exactly if the act does.
 * The running side is `edge/worker`.
 */
import type PgBoss from 'pg-boss'
import type { Tx } from '../data/db.ts'
import type { Call, Permissions } from './permission.ts'

export interface QueueOptions {
  /** How often a failed job is tried again, with growing delay, before it becomes a dead letter. */
  readonly retries: number
  readonly retryDelaySeconds: number
  readonly expireSeconds: number
  /** How many run at the same time in one process; one where it is not said. */
  readonly parallel?: number
  /** Cron expression (UTC) for work that comes by itself. */
  readonly cron?: string
}

export const deadLetterQueue = 'dead-letter'

export interface Queue {
  /** Ends a transaction-bound job request, signed for the worker. `singletonKey` keeps one waiting job of a kind. */
  enqueue(tx: Tx, name: string, data: Call, options?: { singletonKey?: string; startAfterSeconds?: number }): Promise<void>
}

export function queueOn(boss: PgBoss, permissions: Permissions): Queue {
  return {
    async enqueue(tx, name, data, options = {}) {
      const db = { executeSql: async (text: string, values: unknown[]) => ({ rows: await tx.query(text, values) }) }
      await boss.send(name, await permissions.sign(name, data, options.startAfterSeconds), {
        db,
        ...(options.singletonKey === undefined ? {} : { singletonKey: options.singletonKey }),
        ...(options.startAfterSeconds === undefined ? {} : { startAfter: options.startAfterSeconds }),
      } as PgBoss.SendOptions)
    },
  }
}

/** Jobs that could run now or are running; those of the queue's own clock are none. A database without a queue has none. */
export async function dueJobs(tx: Tx): Promise<number> {
  const [row] = await tx.query<{ count: number }>(
    `SELECT count(*) FROM job.job WHERE state IN ('created', 'retry', 'active') AND start_after <= now() AND name NOT LIKE '\\_\\_pgboss\\_\\_%' AND name <> $1`,
    [deadLetterQueue],
  )
  return row?.count ?? 0
}

const waiting = { name: 'work.queues-with-work', text: "SELECT DISTINCT name FROM job.job WHERE state < 'active' AND start_after <= now()" }

/** Queues in which a job could be begun now, those that the queue keeps for itself among them. */
export async function queuesWithWork(tx: Tx): Promise<string[]> {
  return (await tx.query<{ name: string }>(waiting)).map(({ name }) => name)
}

/** Jobs of an institution that is erased, done and waiting. A database without a queue has none. */
export async function forgetJobs(tx: Tx, tenant: string): Promise<number> {
  let count = 0
  for (const table of ['job.job', 'job.archive']) {
    const [found] = await tx.query<{ there: boolean }>('SELECT to_regclass($1) IS NOT NULL AS there', [table])
    if (found?.there === true) count += await tx.change(`DELETE FROM ${table} WHERE data->>'tenant' = $1`, [tenant])
  }
  return count
}
