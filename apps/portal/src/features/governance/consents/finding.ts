interface Month {
  readonly month: string
  readonly given: number
  readonly withdrawn: number
  readonly ending: number
}

/** What the calendar says first: when most consents will end, for that is to be acted on; else when most were given. */
export function findingOf(months: readonly Month[]): { readonly kind: 'ending' | 'given'; readonly month: string; readonly count: number } {
  const most = (measure: 'ending' | 'given') =>
    months.reduce<{ month: string; count: number }>((best, row) => (row[measure] > best.count ? { month: row.month, count: row[measure] } : best), {
      month: months.at(-1)?.month ?? '',
      count: 0,
    })
  const ending = most('ending')
  return ending.count > 0 ? { kind: 'ending', ...ending } : { kind: 'given', ...most('given') }
}
