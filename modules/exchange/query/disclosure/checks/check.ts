import type { SdcReport } from '../../results/schema.ts'

/** One thing that was looked at. A figure about fewer people than the floor is never told exactly: the report is read by the project too. */
export type Check = SdcReport['checks'][number]

export const pass = (check: string, detail: string, more: Partial<Check> = {}): Check => ({
  check,
  status: 'pass',
  column: null,
  detail,
  mitigation: null,
  ...more,
})
export const review = (check: string, detail: string, mitigation: string, more: Partial<Check> = {}): Check => ({
  check,
  status: 'review',
  column: null,
  detail,
  mitigation,
  ...more,
})
export const fail = (check: string, detail: string, mitigation: string, more: Partial<Check> = {}): Check => ({
  ...review(check, detail, mitigation, more),
  status: 'fail',
})

/** A count as it may stand in the report. */
export const some = (count: number, floor: number): string => (count < floor ? `fewer than ${floor}` : `about ${Math.round(count / 5) * 5}`)
