/**
 * Durations of ISO 8601 that have one length: weeks, days, hours, minutes, seconds. Months and years are refused, because a
 * limit of "one month" would be of a different length each time.
 */
const text = /^P(?=\d|T\d)(?:(\d{1,4})W)?(?:(\d{1,5})D)?(?:T(?=\d)(?:(\d{1,6})H)?(?:(\d{1,7})M)?(?:(\d{1,8})S)?)?$/

/** The length in seconds, or `undefined` for text that is no such duration or is of no length. */
export function durationSeconds(duration: string): number | undefined {
  const match = text.exec(duration)
  if (!match) return undefined
  const [weeks, days, hours, minutes, seconds] = match.slice(1).map((part) => Number(part ?? 0)) as [number, number, number, number, number]
  const total = weeks * 604_800 + days * 86_400 + hours * 3600 + minutes * 60 + seconds
  return total > 0 ? total : undefined
}

/** "P1DT2H" → "1 day 2 hours". Text that is no duration is given back as it is. */
export function durationWords(duration: string): string {
  const match = text.exec(duration)
  if (!match) return duration
  const units = ['week', 'day', 'hour', 'minute', 'second']
  return match
    .slice(1)
    .map((part, index) => (part === undefined ? '' : `${Number(part)} ${units[index]}${Number(part) === 1 ? '' : 's'}`))
    .filter((part) => part !== '')
    .join(' ')
}
