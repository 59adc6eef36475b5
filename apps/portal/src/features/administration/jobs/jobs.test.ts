import { expect, it } from 'vitest'
import { jobsOf } from './jobs.ts'

const progress = { read: 10, imported: 9, repeated: 0, rejected: 1, subjects: 9, batches: 1, bytes: 100 }
const times = (hour: number) => `2026-11-22T0${String(hour)}:00:00.000Z`

it('lists what began last first, of every kind, and tells a check that found something from one that did not', () => {
  const imports = [
    { import_id: 'i', status: 'stopped' as const, record_type: 'customer', record_type_version: 1, created_at: times(2), progressed_at: times(3), progress },
  ]
  const check = { subjects: 1, blocks: 5, unreadable: 0, faults: [] }
  const checks = [
    { id: 'c', started_at: times(3), finished_at: times(4), fault_count: 2, ...check },
    { id: 'd', started_at: times(1), finished_at: times(1), fault_count: 0, ...check },
  ]
  expect(jobsOf(imports, checks).map(({ id, state, rows, faults }) => [id, state, rows, faults])).toEqual([
    ['c', 'found', 5, 2],
    ['i', 'stopped', 10, 1],
    ['d', 'finished', 5, 0],
  ])
})
