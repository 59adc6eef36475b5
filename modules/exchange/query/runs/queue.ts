export const runQueue = 'query-runs'
/** How often a process says that its run lives, and asks whether it may go on. */
export const beatMs = 400
/** A run whose process has been silent for so long is taken over. */
export const silentSeconds = 10
/** A source that is away is tried again after so many seconds, each time the next. */
export const retrySeconds = [10, 60, 300] as const
/** What waits longer is over. */
export const waitSecondsMax = 86_400
