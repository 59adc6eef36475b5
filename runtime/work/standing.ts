/**
 * How the work of one institution stands: jobs by queue and state, and how far the consumers of events have come. It reads counts
 * and times and never what a job was given. The queue's own tables know no row-level security, so the tenant is asked for here.
 */
import type { Id } from '@gatehouse/core/id'
import type { Instant } from '@gatehouse/core/instant'
import type { Tx } from '../data/db.ts'
import { deadLetterQueue } from './queue.ts'

export interface QueueStanding {
  readonly queue: string
  readonly waiting: number
  readonly active: number
  /** Failed at least once and waiting for the next try. */
  readonly retrying: number
  /** Given up in the last hours, as long as the queue keeps them. */
  readonly failed: number
  /** When the one that has waited longest was asked for; null where none waits. */
  readonly oldest_waiting_at: Instant | null
}

const own = "j.data->>'tenant' = $1"

/** Every queue of the node, by name; those without a job of the tenant with noughts. */
export function queueStandings(tx: Tx, tenant: Id<'tenant'>): Promise<QueueStanding[]> {
  return tx.query(
    `SELECT q.name AS queue,
        count(*) FILTER (WHERE j.state = 'created') AS waiting,
        count(*) FILTER (WHERE j.state = 'active') AS active,
        count(*) FILTER (WHERE j.state = 'retry') AS retrying,
        count(*) FILTER (WHERE j.state = 'failed') AS failed,
        min(j.created_on) FILTER (WHERE j.state IN ('created', 'retry')) AS oldest_waiting_at
      FROM job.queue q LEFT JOIN job.job j ON j.name = q.name AND j.state IN ('created', 'retry', 'active', 'failed') AND ${own}
      WHERE q.name <> $2 AND q.name NOT LIKE '\\_\\_%' GROUP BY q.name ORDER BY q.name`,
    [tenant, deadLetterQueue],
  )
}

/** Jobs that nobody tries any more and that an operator should look at. */
export async function deadLetters(tx: Tx, tenant: Id<'tenant'>): Promise<number> {
  const rows = await tx.query<{ count: number }>(`SELECT count(*) AS count FROM job.job j WHERE j.name = $2 AND j.state = 'created' AND ${own}`, [
    tenant,
    deadLetterQueue,
  ])
  return rows[0]?.count ?? 0
}

/** The place in the log up to which each consumer has been handed events. */
export function consumerPlaces(tx: Tx, tenant: Id<'tenant'>): Promise<{ consumer: string; next_index: number }[]> {
  return tx.query('SELECT consumer, next_index FROM work.cursor WHERE tenant_id = $1 ORDER BY consumer', [tenant])
}
