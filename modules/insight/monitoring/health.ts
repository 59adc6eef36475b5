/** Whether the work of the institution goes on: its log, the events that are handed on, its jobs, and the backups of its node. Counts and times, and nothing else. */
import { instantSchema } from '@gatehouse/core/schema'
import { operation } from '@gatehouse/runtime/door/operation'
import { consumerPlaces, deadLetters, queueStandings } from '@gatehouse/runtime/work/standing'
import { z } from 'zod'
import { backupStanding, backupStandingSchema } from '../../custody/backups/index.ts'
import { haltReasons, logStanding, readHalt } from '../../ledger/index.ts'

export const health = operation({
  name: 'monitoring.health',
  summary: 'Tell how far the log, the events and the jobs of the institution have come, and how it stands with the backups',
  input: z.strictObject({}),
  output: z.strictObject({
    at: instantSchema,
    ledger: z.strictObject({
      size: z.int(),
      checkpoint_at: instantSchema.nullable().describe('When the newest checkpoint was signed; null before the first'),
      waiting: z.int().describe('Entries that no checkpoint covers yet'),
      oldest_waiting_at: instantSchema.nullable(),
      halted: z
        .strictObject({ reason: z.enum(haltReasons), since: instantSchema })
        .nullable()
        .describe('Why the log signs nothing; null while it signs'),
    }),
    events: z.array(
      z.strictObject({ consumer: z.string(), waiting: z.int().describe('Entries of the log whose events this consumer has not been handed yet') }),
    ),
    queues: z.array(
      z.strictObject({
        queue: z.string(),
        waiting: z.int(),
        active: z.int(),
        retrying: z.int().describe('Failed at least once and tried again later'),
        failed: z.int().describe('Given up in the last hours'),
        oldest_waiting_at: instantSchema.nullable(),
      }),
    ),
    dead_letters: z.int().describe('Jobs that nobody tries any more'),
    backups: backupStandingSchema,
  }),
  access: { action: 'read', on: () => ({ type: 'health' }) },
  audit: { none: 'it tells counts and times of the institution’s own work' },
  http: { method: 'GET', path: '/v1/health' },
  example: { input: {} },
  async run({ tx, tenant, node, now }) {
    const [log, halt, places, queues, dead_letters, { standing: backups }] = await Promise.all([
      logStanding(tx),
      readHalt(tx),
      consumerPlaces(tx, tenant),
      queueStandings(tx, tenant),
      deadLetters(tx, tenant),
      backupStanding(node, now),
    ])
    const events = places.map(({ consumer, next_index }) => ({ consumer, waiting: Math.max(0, log.size - next_index) }))
    const ledger = { ...log, halted: halt === undefined ? null : { reason: halt.reason, since: halt.since } }
    return { at: now, ledger, events, queues, dead_letters, backups }
  },
})
