import { expect, it } from 'vitest'
import { judge } from './judge.ts'

const health = {
  at: '2026-11-22T09:00:00.000Z',
  ledger: { size: 10, checkpoint_at: null, waiting: 1, oldest_waiting_at: '2026-11-22T08:59:59.000Z', halted: null },
  events: [{ consumer: 'webhooks', waiting: 3 }],
  queues: [{ queue: 'vault-verify', waiting: 1, active: 1, retrying: 1, failed: 0, oldest_waiting_at: null }],
  dead_letters: 0,
  backups: 'good' as const,
}

it('is content while everything keeps up', () => {
  expect(judge(health)).toEqual({ log: true, events: true, jobs: true, backups: true })
})

it('tells apart what does not', () => {
  expect(judge({ ...health, ledger: { ...health.ledger, oldest_waiting_at: '2026-11-22T08:59:00.000Z' } })).toEqual({
    log: false,
    events: true,
    jobs: true,
    backups: true,
  })
  expect(judge({ ...health, ledger: { ...health.ledger, halted: { reason: 'behind', since: health.at } } }).log).toBe(false)
  expect(judge({ ...health, events: [{ consumer: 'webhooks', waiting: 1_000 }] })).toEqual({ log: true, events: false, jobs: true, backups: true })
  expect(judge({ ...health, dead_letters: 1 }).jobs).toBe(false)
  expect(judge({ ...health, queues: health.queues.map((queue) => ({ ...queue, failed: 1 })) }).jobs).toBe(false)
  const backups = (['none', 'late', 'faulty', 'untried', 'off', 'external'] as const).map((standing) => judge({ ...health, backups: standing }).backups)
  expect(backups).toEqual([false, false, false, true, true, true])
})
