import { parseInstant } from '@gatehouse/core/instant'
import { z } from 'zod'
import { addDays, readDate } from './date.ts'
import { blank, derivedKey, type Mask, type MaskContext, type MaskValue } from './mask.ts'

const schema = z.strictObject({ mask: z.literal('date_shift'), max_days: z.int().min(1).max(3650).default(365) })

/**
 * All dates of a person move by the same number of days, at least one and at most `max_days`, so that intervals stay. The
 * number comes from the person's and the partner's key: neither another partner nor another person has the same.
 */
export const dateShift: Mask<z.infer<typeof schema>> = {
  kind: 'date_shift',
  title: 'The date moved by a secret number of days, the same for all dates of a person',
  schema,
  appliesTo: () => ['date', 'instant'],
  declares: () => ({ ...blank, reversible: true, keepsFormat: true, keepsEquality: 'within_subject', keepsOrder: 'within_subject' }),
  apply(value, { max_days }, { context }) {
    const shifted = shift(value, offsetDays(context, max_days))
    return shifted === undefined ? { fault: 'the value is no exact ISO 8601 date in the years 0001 to 9999' } : { value: shifted }
  },
  reverse: (masked, { max_days }, { context }) => shift(masked, -offsetDays(context, max_days)),
}

function shift(value: MaskValue, days: number): string | undefined {
  const date = readDate(value)
  // A bare month or year cannot move by days, and left in place it would tell the truth the others hide.
  if (date?.precision !== 'day' && date?.precision !== 'time') return undefined
  const start = parseInstant(date.precision === 'day' ? `${date.text}T00:00:00Z` : date.text)
  const moved = start === undefined ? undefined : addDays(start, days)
  return date.precision === 'day' ? moved?.slice(0, 10) : moved
}

/** Between -max and max, never 0. 48 bits make the remainder's bias smaller than one in 10^10. */
function offsetDays(context: MaskContext, max: number): number {
  const digest = context.primitives.hmacSha256(derivedKey(context, 'date-shift', 32), context.subjectKey)
  const number = digest.subarray(0, 6).reduce((sum, byte) => sum * 256 + byte, 0) % (2 * max)
  return number < max ? number - max : number - max + 1
}
