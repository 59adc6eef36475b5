/** When a schedule is due next. Pure, but for the library that reads the five fields. */
import { type Instant, instantMs, instantOf } from '@gatehouse/core/instant'
import cron from 'cron-parser'

/** Sooner than this no schedule comes again. */
export const betweenMinutesMin = 15

/** @returns undefined where the text is no cron expression, names a day that never comes, or comes too often */
export function nextDue(expression: string, after: Instant): Instant | undefined {
  if (expression.split(/\s+/).length !== 5) return undefined
  try {
    const due = cron.parseExpression(expression, { currentDate: new Date(instantMs(after)), tz: 'UTC' })
    const [first, second] = [due.next().getTime(), due.next().getTime()]
    return second - first < betweenMinutesMin * 60_000 ? undefined : instantOf(first)
  } catch {
    return undefined
  }
}
