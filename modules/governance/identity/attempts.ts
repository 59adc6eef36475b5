/**
 * Slows guessing down: after ten failures for one address each further one doubles the wait, from half a minute to a quarter
 * of an hour. Attempts made while waiting are answered like any other failure and do not lengthen the wait, so that nobody can
 * keep somebody else out for ever.
 */

export interface Attempts {
  readonly failures: number
  readonly failedAtMs: number
  readonly lockedUntilMs: number
}

export const failuresMax = 10
const forgetAfterMs = 15 * 60_000
const firstWaitMs = 30_000
const waitMaxMs = 15 * 60_000

export const noAttempts: Attempts = { failures: 0, failedAtMs: 0, lockedUntilMs: 0 }

export function isLocked(attempts: Attempts, nowMs: number): boolean {
  return nowMs < attempts.lockedUntilMs
}

export function afterFailure(attempts: Attempts, nowMs: number): Attempts {
  const quietSinceMs = Math.max(attempts.failedAtMs, attempts.lockedUntilMs)
  const failures = nowMs - quietSinceMs > forgetAfterMs ? 1 : attempts.failures + 1
  const waitMs = failures < failuresMax ? 0 : Math.min(waitMaxMs, firstWaitMs * 2 ** (failures - failuresMax))
  return { failures, failedAtMs: nowMs, lockedUntilMs: nowMs + waitMs }
}
