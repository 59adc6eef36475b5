import { z } from 'zod'
import { readDate } from './date.ts'
import { blank, type Mask } from './mask.ts'

const schema = z.strictObject({ mask: z.literal('date_truncate'), to: z.enum(['year', 'quarter', 'month', 'day', 'hour']) })

/**
 * The year as `1984`, quarter `1984-Q2`, month `1984-05`, day, or hour: text that says how exact it is, instead of a first of
 * January that looks like a birthday. A date known less exactly than asked stays as it is.
 */
export const dateTruncate: Mask<z.infer<typeof schema>> = {
  kind: 'date_truncate',
  title: 'The date to the year, quarter, month, day or hour',
  schema,
  appliesTo: ({ to }) => (to === 'hour' ? ['instant'] : ['date', 'instant']),
  declares: () => ({ ...blank, keepsOrder: true }),
  apply(value, { to }) {
    const date = readDate(value)
    if (date === undefined) return { fault: 'the value is no ISO 8601 date' }
    const { text } = date
    switch (to) {
      case 'year':
        return { value: text.slice(0, 4) }
      case 'quarter':
        return { value: date.precision === 'year' ? text : `${text.slice(0, 4)}-Q${Math.ceil(Number(text.slice(5, 7)) / 3)}` }
      case 'month':
        return { value: text.slice(0, 7) }
      case 'day':
        return { value: text.slice(0, 10) }
      case 'hour':
        return { value: date.precision === 'time' ? `${text.slice(0, 13)}:00:00.000Z` : text }
    }
  },
}
