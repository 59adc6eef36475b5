import type { Format } from '../../i18n/format.ts'

/** What a chart says, apart from how it is drawn: the picture and the table are made from the same. */
export type ChartData = SeriesData | HeatData | WaterfallData

export interface SeriesData {
  readonly kind: 'line' | 'bar' | 'stacked'
  /** The name of the axis below: "Hour". */
  readonly xLabel: string
  readonly x: readonly string[]
  readonly series: readonly { readonly name: string; readonly values: readonly (number | null)[] }[]
}

export interface HeatData {
  readonly kind: 'heat'
  readonly xLabel: string
  readonly x: readonly string[]
  readonly yLabel: string
  readonly y: readonly string[]
  /** `values[row][column]`: a row for each of `y`, a column for each of `x`. */
  readonly values: readonly (readonly (number | null)[])[]
}

/** From nothing to a total: each step goes on where the one before has ended. */
export interface WaterfallData {
  readonly kind: 'waterfall'
  readonly xLabel: string
  readonly steps: readonly { readonly name: string; readonly from: number; readonly to: number }[]
  /** The names of what a step adds, and of what it comes to. */
  readonly change: string
  readonly total: string
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
  if (data.kind === 'waterfall') {
    return { head: [data.xLabel, data.change, data.total], rows: data.steps.map(({ name, from, to }) => [name, shown(to - from), shown(to)]) }
  }
  return {
    head: [data.xLabel, ...data.series.map(({ name }) => name)],
    rows: data.x.map((name, at) => [name, ...data.series.map(({ values }) => shown(values[at]))]),
  }
}
