interface Matrix {
  readonly columns: readonly string[]
  readonly rows: readonly { readonly partner: { readonly id: string }; readonly values: readonly number[] }[]
}

/** By the partner's id the day, as an instant in UTC, of its last request. Who asked for nothing is not there. */
export function lastCallDays({ columns, rows }: Matrix): ReadonlyMap<string, string> {
  return new Map(
    rows.flatMap(({ partner, values }) => {
      const day = columns[values.findLastIndex((value) => value > 0)]
      return day === undefined ? [] : [[partner.id, day] as const]
    }),
  )
}
