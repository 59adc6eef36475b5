import type { Format } from '../../i18n/format.ts'

/** What a chart says, apart from how it is drawn: the picture and the table are made from the same. */
export type ChartData =
  | {
      readonly kind: 'line' | 'bar' | 'stacked'
      /** The name of the axis below: "Hour". */
      readonly xLabel: string
      readonly x: readonly string[]
      readonly series: readonly { readonly name: string; readonly values: readonly (number | null)[] }[]
    }
  | {
      readonly kind: 'heat'
      readonly xLabel: string
      readonly x: readonly string[]
      readonly yLabel: string
      readonly y: readonly string[]
      /** `values[row][column]`: a row for each of `y`, a column for each of `x`. */
      readonly values: readonly (readonly (number | null)[])[]
    }

export interface ChartTable {
  readonly head: readonly string[]
  readonly rows: readonly (readonly string[])[]
}

/** The same numbers as a table, for whoever does not see the picture or wants to be exact. */
export function tableOf(data: ChartData, format: Pick<Format, 'number'>): ChartTable {
  const shown = (value: number | null | undefined) => (value === null || value === undefined ? '–' : format.number(value))
  if (data.kind === 'heat') {
    return { head: [data.yLabel, ...data.x], rows: data.y.map((name, row) => [name, ...data.x.map((_, column) => shown(data.values[row]?.[column]))]) }
  }
  return {
    head: [data.xLabel, ...data.series.map(({ name }) => name)],
    rows: data.x.map((name, at) => [name, ...data.series.map(({ values }) => shown(values[at]))]),
  }
}
