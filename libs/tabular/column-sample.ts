/** What a sample says of one column: how its values are typed and in which order its dates are written. */
import type { FieldType } from './field.ts'
import { type DateOrder, dateOrders, parseDate, parseValue, type SourceRecord } from './value.ts'

export interface ColumnSample {
  readonly column: string
  /** Values present, as trimmed text. */
  readonly values: readonly string[]
  readonly missing: number
  readonly distinct: number
}

export function sampleColumns(rows: readonly SourceRecord[]): ColumnSample[] {
  const columns = new Map<string, string[]>()
  for (const row of rows) {
    for (const [column, value] of Object.entries(row)) {
      let values = columns.get(column)
      if (!values) {
        values = []
        columns.set(column, values)
      }
      const text = value === null ? '' : String(value).trim()
      if (text !== '') values.push(text)
    }
  }
  return [...columns].map(([column, values]) => ({ column, values, missing: rows.length - values.length, distinct: new Set(values).size }))
}

/** The share of values that pass, from 0 to 1; 0 where there is none. */
export function shareOf(values: readonly string[], passes: (value: string) => boolean): number {
  return values.length === 0 ? 0 : values.reduce((count, value) => count + (passes(value) ? 1 : 0), 0) / values.length
}

export interface TypeGuess {
  readonly type: FieldType
  readonly dateOrder?: DateOrder
  readonly reason: string
}

/** A date may now and then be impossible and is still a date: such a row is better refused than the whole column kept as text. */
const dateShare = 0.95

/** The narrowest type that reads every value. Anything else loses rows, so the column stays text. */
export function guessType(values: readonly string[], dateExpected: boolean): TypeGuess {
  if (values.length === 0) return { type: 'string', reason: 'the sample has no value here' }
  const reads = (type: FieldType): boolean => values.every((value) => parseValue(value, type).ok)
  if (reads('boolean')) return { type: 'boolean', reason: 'every value is true or false' }
  const date = guessDate(values, dateExpected)
  if (date) return date
  if (reads('integer')) return { type: 'integer', reason: 'every value is a whole number' }
  if (reads('number')) return { type: 'number', reason: 'every value is a number' }
  if (reads('instant')) return { type: 'instant', reason: 'every value is a time with an offset' }
  return { type: 'string', reason: 'the values are text' }
}

/** Eight digits are a date only under a heading that says so; 31 in one place tells day from month. */
function guessDate(values: readonly string[], dateExpected: boolean): TypeGuess | undefined {
  const share = (order?: DateOrder): number => shareOf(values, (value) => parseDate(value, order) !== undefined)
  if (!dateExpected && values.some((value) => /^\d+$/.test(value))) return undefined
  if (share() === 1) return { type: 'date', reason: 'every value is an ISO date' }
  const shares = dateOrders.map((order) => ({ order, share: share(order) })).sort((a, b) => b.share - a.share)
  const [best, second] = shares
  if (!best || best.share < dateShare) return undefined
  if (share() === best.share) return { type: 'date', reason: `${percent(best.share)} of the values are ISO dates` }
  if (second && second.share === best.share) {
    return { type: 'date', reason: 'dates in which day and month cannot be told apart: declare date_order as dmy or mdy' }
  }
  return { type: 'date', dateOrder: best.order, reason: `${percent(best.share)} of the values are dates, ISO or in the order ${best.order}` }
}

/** Rounded down, so that 100 % means all. */
export function percent(share: number): string {
  return `${Math.floor(share * 100)} %`
}
