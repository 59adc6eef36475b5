import type { ClusterMethod } from '@gatehouse/linkage/cluster/cluster'
import type { Model } from '@gatehouse/linkage/model/schema'

/** What "gatehouse link" and "gatehouse dedupe" are asked to do. */
export interface LinkFiles {
  readonly inputs: readonly string[]
  readonly link: Model['link']
  /** Without it a model is drafted from what the columns mean. */
  readonly model?: string
  readonly output?: string
  readonly clusters?: string
  readonly report?: string
  readonly saveModel?: string
  /** A column that names each record's person, for judging and never for linking. */
  readonly truth?: string
  readonly by?: string
  readonly id?: string
  readonly atLeast: number
  readonly method: ClusterMethod
  readonly onePerSource: boolean
  readonly showValues: boolean
  readonly seed: number
  readonly show: boolean
  /** When it happens, for the report. */
  readonly now: () => Date
}
