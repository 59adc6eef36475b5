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

/** How many failures are free, and after how long a quiet they are forgotten. */
interface Rule {
  readonly free: number
  readonly forgetAfterMs: number
}

export const failuresMax = 10
const passwordRule: Rule = { free: failuresMax, forgetAfterMs: 15 * 60_000 }
/** Codes are short: five tries, remembered for a day, and then at most four in an hour. */
export const factorRule: Rule = { free: 5, forgetAfterMs: 24 * 3_600_000 }
/** Letters and messages with codes: three in a row, and then ever fewer. */
export const lettersRule: Rule = { free: 3, forgetAfterMs: 3_600_000 }
const firstWaitMs = 30_000
const waitMaxMs = 15 * 60_000

export const noAttempts: Attempts = { failures: 0, failedAtMs: 0, lockedUntilMs: 0 }

export function isLocked(attempts: Attempts, nowMs: number): boolean {
  return nowMs < attempts.lockedUntilMs
}

export function afterFailure(attempts: Attempts, nowMs: number, { free, forgetAfterMs }: Rule = passwordRule): Attempts {
  const quietSinceMs = Math.max(attempts.failedAtMs, attempts.lockedUntilMs)
  const failures = nowMs - quietSinceMs > forgetAfterMs ? 1 : attempts.failures + 1
  const waitMs = failures < free ? 0 : Math.min(waitMaxMs, firstWaitMs * 2 ** (failures - free))
  return { failures, failedAtMs: nowMs, lockedUntilMs: nowMs + waitMs }
}
