/**
 * What a quality measure is to whoever searches a generalisation: a number to make small, put together from sums over cells and
 * from scores of classes, with a bound that can be told before any data is looked at.
 */
import type { EquivalenceClass } from '../model/model.ts'

export type Aggregate = 'geometric' | 'arithmetic'

export interface QualityAttribute {
  readonly name: string
  /** Effective weight: the given one divided by the largest, so that the largest is 1. */
  readonly weight: number
  /** From the leaves up, the groups of each level: leaves under them and rows of the table that stand in them. */
  readonly levels: readonly { readonly leaves: ArrayLike<number>; readonly rows: ArrayLike<number> }[]
}

export interface QualityTable {
  readonly rowCount: number
  readonly attributes: readonly QualityAttribute[]
  readonly aggregate: Aggregate
  /** Entropy of the distinct rows, in bits: the mean of -log2(share of the rows that equal a row). */
  readonly rowEntropy: number
}

/** What a cell costs. A cost never falls from a level to the one above, and suppression costs at least as much as the top. */
export interface CellCosts {
  /** By level and group. */
  readonly byGroup: readonly ArrayLike<number>[]
  readonly suppressed: number
}

/** A node after suppression. */
export interface TreatedView {
  readonly levels: readonly number[]
  /** By attribute, the costs of all cells, those of suppressed rows at their higher cost. */
  readonly cells: Float64Array
  readonly suppressedRows: number
  readonly releasedClasses: number
  /** Sum of `scoreOf` over the released classes; 0 without it. */
  readonly releasedScore: number
}

/** What is known of a node before its classes are: every number bounds the true one. */
export interface NodeBound {
  readonly levels: readonly number[]
  /** At most the costs of the cells, by attribute. */
  readonly cells: Float64Array
  /** At most the suppressed rows. */
  readonly suppressedRows: number
  /** At least the released classes. */
  readonly releasedClasses: number
  /** No released class is smaller. */
  readonly minimumClassSize: number
}

/** A measure bound to a table. */
export interface QualityMeasure {
  /** By attribute; absent where cells do not matter. */
  readonly cells?: readonly CellCosts[]
  /** A released class's share of the value; it may look at the distributions of the model's `attributes`. */
  scoreOf?(group: EquivalenceClass): number
  valueOf(view: TreatedView): number
  /** At most the value of the node. */
  lowerBound(bound: NodeBound): number
}

export interface QualityModel {
  readonly name: string
  /** One sentence in plain words, for reports. */
  readonly description: string
  /** Attributes whose distributions `scoreOf` looks at. */
  readonly attributes: readonly string[]
  /**
   * Whether generalising further never lowers the value. All measures here promise it where no row is suppressed; none can promise
   * it with suppression, since a node above may have to suppress fewer rows.
   */
  readonly monotone: 'withoutSuppression'
  bind(table: QualityTable): QualityMeasure
}
