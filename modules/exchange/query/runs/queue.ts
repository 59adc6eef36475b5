export const runQueue = 'query-runs'
/** How often a process says that its run lives, and asks whether it may go on. */
export const beatMs = 250
/** A run whose process has been silent for so long is taken over. */
export const silentSeconds = 10
/** A source that is away is tried again after so many seconds, each time the next. */
export const retrySeconds = [10, 60, 300] as const
/** How soon it is looked again whether what is waited for is there. */
export const waitForSeconds = { awaiting_approval: 30, key_missing: 3, unit_pending: 5 } as const
/** What waits longer is over. */
export const waitSecondsMax = 86_400
/** Runs that are put into the queue at once. */
export const handOutMax = 100
/** A run that was put into the queue is left there for so long before it is put there again. */
export const handedSeconds = 120
