/** Days into months, years and longer spans. */
import { HierarchyError } from './error.ts'
import { type Hierarchy, tableHierarchy } from './hierarchy.ts'

/** Each span lies within one of the next, which is why weeks are not among them. */
export const dateSpans = ['month', 'quarter', 'year', 'decade', 'century'] as const
export type DateSpan = (typeof dateSpans)[number]

export interface DateOptions {
  /** ISO 8601 dates or instants; '' covers missing values. */
  readonly values: readonly string[]
  /** The levels above the leaves, from short to long. A level "*" follows the last. */
  readonly spans: readonly DateSpan[]
}

const isoDate = /^(\d{4})-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])(?:T.*)?$/

/** @throws HierarchyError `bad_option` when spans do not grow, `bad_value` for a value that is no ISO date */
export function dateHierarchy(attribute: string, { values, spans }: DateOptions): Hierarchy {
  const order = spans.map((span) => dateSpans.indexOf(span))
  if (order.some((at, index) => at < 0 || at <= (order[index - 1] ?? -1))) {
    throw new HierarchyError('bad_option', attribute, `give spans from short to long out of ${dateSpans.join(', ')}`)
  }
  const rows = values.map((value, index) => {
    if (value === '') return ['', ...spans.map(() => ''), '*']
    const [, year, month] = isoDate.exec(value) ?? []
    if (year === undefined || month === undefined) {
      throw new HierarchyError('bad_value', attribute, `value ${index + 1} is no ISO 8601 date`, { line: index + 1, value })
    }
    return [value, ...spans.map((span) => spanName(span, year, Number(month))), '*']
  })
  return tableHierarchy(attribute, rows)
}

function spanName(span: DateSpan, year: string, month: number): string {
  switch (span) {
    case 'month':
      return `${year}-${String(month).padStart(2, '0')}`
    case 'quarter':
      return `${year}-Q${Math.ceil(month / 3)}`
    case 'year':
      return year
    case 'decade':
      return `${year.slice(0, 3)}0s`
    case 'century':
      return `${year.slice(0, 2)}00s`
  }
}
