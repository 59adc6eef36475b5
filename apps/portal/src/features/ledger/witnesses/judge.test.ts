import { expect, it } from 'vitest'
import { judge } from './judge.ts'

const at = '2026-11-22T09:00:00.000Z'
const now = Date.parse(at)
const witness = { cosigned_size: 8, cosigned_at: at, fault: null, added_at: at }

it('is late only when it is behind, and has been for a while', () => {
  expect(judge(witness, 10, now + 59_999)).toBe('following')
  expect(judge(witness, 10, now + 60_000)).toBe('late')
  expect(judge(witness, 8, now + 3_600_000)).toBe('current')
})

it('is not yet late when it was only just added, and late when it never cosigned', () => {
  const fresh = { ...witness, cosigned_size: null, cosigned_at: null }
  expect(judge(fresh, 10, now + 1)).toBe('never')
  expect(judge(fresh, 10, now + 60_000)).toBe('late')
})

it('tells a fault before anything else but a cosignature of the newest', () => {
  expect(judge({ ...witness, fault: 'it answered with status 500' }, 10, now)).toBe('failing')
  expect(judge({ ...witness, fault: 'it answered with status 500' }, 8, now)).toBe('current')
})
