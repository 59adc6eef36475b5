/** What one question (models, limit, weights) makes of a node's facts, and what it can say of a node without any. */
import type { NodeBound, QualityMeasure, TreatedView } from '../quality/quality.ts'
import type { CostTables } from './costs.ts'
import { type NodeFacts, type Suppression, suppressBelow } from './facts.ts'
import type { Levels } from './lattice.ts'
import type { Requirements } from './requirements.ts'
import type { EncodedTable } from './table.ts'

export interface Verdict {
  readonly qualifies: boolean
  /** Whether every node below fails too. */
  readonly failsBelow: boolean
  readonly value: number
  readonly suppressedRows: number
  /** By attribute, what suppression adds to the costs of this node's cells, and at least adds at every node below. */
  readonly correction: Float64Array
}

export class Judge {
  readonly #table: EncodedTable
  readonly #requirements: Requirements
  readonly #measure: QualityMeasure
  readonly #costs: CostTables
  readonly #suppressedRowsMax: number
  readonly #suppression: Suppression
  readonly #cells: Float64Array
  readonly #groups: readonly (readonly number[])[]

  constructor(table: EncodedTable, requirements: Requirements, measure: QualityMeasure, costs: CostTables, suppressedRowsMax: number) {
    this.#table = table
    this.#requirements = requirements
    this.#measure = measure
    this.#costs = costs
    this.#suppressedRowsMax = suppressedRowsMax
    this.#cells = new Float64Array(costs.attributeCount)
    this.#suppression = { suppressedRows: 0, releasedClasses: 0, releasedScore: 0, cells: new Float64Array(costs.attributeCount) }
    this.#groups = table.hierarchies.map(({ levels }) => levels.map(({ labels }) => labels.length))
  }

  /** Whether a node that fails makes all nodes below fail. */
  get failureGoesDown(): boolean {
    const { monotone } = this.#requirements
    return monotone === 'always' || (monotone === 'withoutSuppression' && this.#suppressedRowsMax === 0)
  }

  /** At most the value of a node; `correction` is that of a node above it. */
  bound(levels: Levels, correction?: Float64Array): number {
    const { minimumClassSize } = this.#requirements
    const cells = this.#cells
    for (let a = 0; a < cells.length; a++) cells[a] = (this.#costs.totals[a]?.[levels[a] as number] as number) + (correction?.[a] ?? 0)
    return this.#measure.lowerBound({ levels, cells, suppressedRows: 0, releasedClasses: this.#classesMax(levels), minimumClassSize } satisfies NodeBound)
  }

  verdict(levels: Levels, facts: NodeFacts): Verdict {
    const { minimumClassSize, monotone } = this.#requirements
    const max = this.#suppressedRowsMax
    const suppression = this.#suppression
    suppressBelow(facts, minimumClassSize, suppression)
    const { suppressedRows, releasedClasses, releasedScore } = suppression
    // Where merging may break a model, only what its size suppresses is sure to be suppressed at every node below.
    const sureRows = monotone === 'always' ? suppressedRows : suppressedRows - facts.failedRows
    const correction = new Float64Array(this.#cells.length)
    const cells = this.#cells
    for (let a = 0; a < cells.length; a++) {
      const [own, suppressed] = [suppression.cells[a] as number, this.#costs.suppressedCost(a)]
      cells[a] = (this.#costs.totals[a]?.[levels[a] as number] as number) - own + suppressedRows * suppressed
      const sureOwn = monotone === 'always' ? own : own - (facts.failedCells[a] as number)
      correction[a] = sureRows * suppressed - sureOwn
    }
    const qualifies = suppressedRows <= max && facts.absentHolds && this.#allHold(facts, suppression)
    const view: TreatedView = { levels, cells, suppressedRows, releasedClasses, releasedScore }
    return { qualifies, failsBelow: !qualifies && (this.failureGoesDown || sureRows > max), value: this.#measure.valueOf(view), suppressedRows, correction }
  }

  #allHold(facts: NodeFacts, { suppressedRows, releasedClasses }: Suppression): boolean {
    const { tableChecks, minimumClassSize } = this.#requirements
    if (tableChecks.length === 0) return true
    const classesOfSize = new Map([...(facts.histogram ?? [])].filter(([size]) => size >= minimumClassSize))
    const released = { classCount: releasedClasses, rowCount: this.#table.rowCount - suppressedRows, classesOfSize }
    return tableChecks.every((holds) => holds(released))
  }

  #classesMax(levels: Levels): number {
    let combinations = 1
    for (let a = 0; a < levels.length; a++) combinations *= this.#groups[a]?.[levels[a] as number] as number
    return Math.min(combinations, Math.floor(this.#table.rowCount / this.#requirements.minimumClassSize))
  }
}
