/** What a report tells: figures, names of columns and labels of hierarchies; no value of a row stands in it. */
import type { ModelFamily, Role } from '../operator/operator.ts'
import type { SampleRisk } from '../risk/sample-risk.ts'

export interface ReportData {
  /** The table's name, as its owner calls it. */
  readonly title: string
  /** When it was treated; RFC 3339. */
  readonly at?: string
  readonly rowsBefore: number
  /** Rows released, those suppressed not counted. */
  readonly rowsAfter: number
  readonly rowsSuppressed: number
  readonly suppressionLimit: number
  /** A row is at risk when it can be re-identified with a chance above this. */
  readonly riskThreshold: number
  readonly riskBefore: SampleRisk
  /** Absent when no row is released. */
  readonly riskAfter?: SampleRisk
  readonly populationUniqueness?: { readonly before: number; readonly after: number; readonly estimator: string; readonly populationSize: number }
  readonly models: readonly ReportModel[]
  readonly columns: readonly ReportColumn[]
  readonly search?: ReportSearch
  readonly loop?: ReportLoop
}

export interface ReportModel {
  readonly name: string
  readonly description: string
  /** `voided`: an operator that the plan accepted makes the model's promise empty. */
  readonly verdict: 'holds' | 'fails' | 'voided'
  readonly remark?: string
}

export interface ReportColumn {
  readonly name: string
  readonly role: Role
  /** What was done, in order; empty when nothing was. */
  readonly done: readonly { readonly what: string; readonly note?: string; readonly voids?: readonly ModelFamily[] }[]
  /** Absent when the column was taken out. */
  readonly after?: ColumnFigures
  readonly before: ColumnFigures
  readonly generalisation?: {
    readonly level: number
    /** Levels above the values themselves. */
    readonly height: number
    readonly weight: number
    /** Some labels of the level; none at level 0, where they would be people's own values. */
    readonly labels: readonly string[]
    readonly labelCount: number
    /** Share of the information lost, from 0 to 1. */
    readonly loss: number
  }
}

export interface ColumnFigures {
  readonly distinct: number
  readonly missing: number
  /** Of numbers only. */
  readonly mean?: number
  readonly deviation?: number
}

export interface ReportSearch {
  readonly strategy: string
  /** Whether the outcome is proven to be the best under the models, limit, measure and weights. */
  readonly optimal: boolean
  readonly measure: string
  readonly measureDescription: string
  readonly value: number
  readonly nodes: number
  readonly checked: number
  /** Levels above the values, by attribute, and the level chosen. */
  readonly heights: readonly number[]
  readonly levels: readonly number[]
  /** More than one under local recoding: `levels` are then those of the first, which released the most rows. */
  readonly rounds: number
}

export interface ReportLoop {
  readonly met: boolean
  readonly goal: string
  readonly rounds: readonly {
    readonly setting: string
    readonly risk?: number
    readonly loss?: number
    readonly suppressed?: number
    readonly remark?: string
  }[]
}
