import { describe, expect, it } from 'vitest'
import { type Attempts, afterFailure, failuresMax, isLocked, noAttempts } from './attempts.ts'

const minute = 60_000
function fail(times: number, from: Attempts = noAttempts, atMs = 1e12): Attempts {
  let attempts = from
  for (let i = 0; i < times; i++) attempts = afterFailure(attempts, atMs)
  return attempts
}

describe('attempts', () => {
  it('locks nobody before the tenth failure', () => {
    expect(isLocked(fail(failuresMax - 1), 1e12)).toBe(false)
  })

  it('waits half a minute after the tenth and twice as long after each further one', () => {
    const tenth = fail(failuresMax)
    expect(tenth.lockedUntilMs - 1e12).toBe(30_000)
    expect(isLocked(tenth, tenth.lockedUntilMs)).toBe(false)
    const waits = [1, 2, 3].map((more) => {
      const attempts = fail(failuresMax + more)
      return attempts.lockedUntilMs - attempts.failedAtMs
    })
    expect(waits).toEqual([60_000, 120_000, 240_000])
  })

  it('never makes anybody wait longer than a quarter of an hour', () => {
    expect(fail(500).lockedUntilMs - 1e12).toBe(15 * minute)
  })

  it('forgets after a quiet quarter of an hour, counted from the end of the wait', () => {
    const locked = fail(failuresMax + 20)
    expect(afterFailure(locked, locked.lockedUntilMs + 15 * minute).failures).toBe(failuresMax + 21)
    expect(afterFailure(locked, locked.lockedUntilMs + 15 * minute + 1).failures).toBe(1)
  })
})
