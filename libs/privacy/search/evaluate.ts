/** Looks at a node: makes its classes from those of a node below and leaves facts behind. */
import type { QualityMeasure } from '../quality/quality.ts'
import type { ClassList } from './class-list.ts'
import type { ClassSource } from './class-source.ts'
import { ClassView } from './class-view.ts'
import type { CostTables } from './costs.ts'
import { type NodeFacts, sumsHead } from './facts.ts'
import type { Levels } from './lattice.ts'
import type { Requirements } from './requirements.ts'
import type { EncodedTable } from './table.ts'

/** The class sizes k for which facts hold. */
export interface SizeRange {
  readonly from: number
  readonly to: number
}

interface Tally extends Omit<NodeFacts, 'failedCells' | 'sizes' | 'sums'> {
  /** How many classes were listed whose cell costs are still to be added. */
  readonly listed: number
}

export class Evaluator {
  readonly #source: ClassSource
  readonly #requirements: Requirements
  readonly #measure: QualityMeasure
  readonly #costs: CostTables
  readonly #range: SizeRange
  readonly #view: ClassView
  /** Of a stretch of sums. */
  readonly #width: number
  /** By size below the range's end, a stretch as in `NodeFacts.sums`; that of size 0 is for classes that fail. */
  readonly #bySize: Float64Array
  readonly #classRows: Int32Array
  readonly #classSizes: Int32Array
  readonly #classPlaces: Int32Array

  constructor(table: EncodedTable, source: ClassSource, requirements: Requirements, measure: QualityMeasure, costs: CostTables, range: SizeRange) {
    this.#source = source
    this.#requirements = requirements
    this.#measure = measure
    this.#costs = costs
    this.#range = range
    this.#view = new ClassView(table.sensitive.map(({ name }) => name))
    this.#width = sumsHead + costs.attributeCount
    this.#bySize = new Float64Array(range.to * this.#width)
    this.#classRows = new Int32Array(table.base.count)
    this.#classSizes = new Int32Array(table.base.count)
    this.#classPlaces = new Int32Array(table.base.count)
  }

  /**
   * The facts of a node; or `undefined` as soon as it is known that more than `smallRowsMax` rows stand in classes below the range,
   * so that the node cannot qualify whatever the models say of larger classes.
   */
  evaluate(levels: Levels, smallRowsMax = Number.POSITIVE_INFINITY): NodeFacts | undefined {
    const classes = this.#source.classesAt(levels, smallRowsMax === Number.POSITIVE_INFINITY ? undefined : (sizes) => this.#smallRows(sizes) <= smallRowsMax)
    return classes && this.#factsOf(levels, classes)
  }

  #smallRows(sizes: Int32Array): number {
    const { from } = this.#range
    let rows = 0
    for (let c = 0; c < sizes.length; c++) {
      const size = sizes[c] as number
      if (size < from) rows += size
    }
    return rows
  }

  #factsOf(levels: Levels, classes: ClassList): NodeFacts {
    const { absenceChecks, tableChecks, classChecks } = this.#requirements
    const [width, sums] = [this.#width, this.#bySize.fill(0)]
    const looksAtClasses = classChecks.length > 0 || absenceChecks.length > 0 || tableChecks.length > 0 || this.#measure.scoreOf !== undefined
    const tally = looksAtClasses ? this.#judge(classes) : this.#sort(classes)
    this.#costs.add(levels, this.#classRows, this.#classSizes, this.#classPlaces, tally.listed, sums)
    const { failedRows, heldClasses, heldScore, histogram, absentHolds } = tally
    const facts = { failedRows, failedCells: sums.slice(sumsHead, width), heldClasses, heldScore, absentHolds, ...this.#runningSums() }
    return histogram ? { ...facts, histogram } : facts
  }

  /** Lists the classes below the range's end, for when nothing but size decides. Most nodes of most searches come through here. */
  #sort(classes: ClassList): Tally {
    const { sizes, rows, count } = classes
    const [sums, width, to] = [this.#bySize, this.#width, this.#range.to]
    const [listRows, listSizes, listPlaces] = [this.#classRows, this.#classSizes, this.#classPlaces]
    let listed = 0
    let absent = 0
    for (let c = 0; c < count; c++) {
      const size = sizes[c] as number
      if (size >= to) continue
      if (size === 0) {
        absent++
        continue
      }
      const at = size * width
      sums[at] = (sums[at] as number) + 1
      sums[at + 1] = (sums[at + 1] as number) + size
      listRows[listed] = rows[c] as number
      listSizes[listed] = size
      listPlaces[listed++] = at + sumsHead
    }
    return { listed, failedRows: 0, heldClasses: count - absent, heldScore: 0, absentHolds: true }
  }

  /** The same where models or the measure look at each class; classes that fail are listed too. */
  #judge(classes: ClassList): Tally {
    const { from, to } = this.#range
    const { absenceChecks, tableChecks } = this.#requirements
    const [sums, width, view] = [this.#bySize, this.#width, this.#view]
    const histogram = tableChecks.length > 0 ? new Map<number, number>() : undefined
    let [heldClasses, heldScore, failedRows, listed, absentHolds] = [0, 0, 0, 0, true]
    view.open(classes)
    for (let c = 0; c < classes.count; c++) {
      const size = classes.sizes[c] as number
      const held = size > 0 && (size < from || this.#holds(c))
      if (absenceChecks.length > 0 && (!held || size < from)) absentHolds &&= this.#mayBeAbsent(classes.populationSizes?.[c] ?? 0)
      if (size === 0) continue
      let at = 0
      if (held) {
        const score = size >= from ? (this.#measure.scoreOf?.(view) ?? 0) : 0
        heldClasses++
        heldScore += score
        histogram?.set(size, (histogram.get(size) ?? 0) + 1)
        if (size >= to) continue
        at = size * width
        sums[at] = (sums[at] as number) + 1
        sums[at + 1] = (sums[at + 1] as number) + size
        sums[at + 2] = (sums[at + 2] as number) + score
      } else failedRows += size
      this.#classRows[listed] = classes.rows[c] as number
      this.#classSizes[listed] = size
      this.#classPlaces[listed++] = at + sumsHead
    }
    return { listed, failedRows, heldClasses, heldScore, absentHolds, ...(histogram ? { histogram } : {}) }
  }

  /** Shows the class to every model; it stays shown for the score. */
  #holds(c: number): boolean {
    const view = this.#view.show(c)
    for (const check of this.#requirements.classChecks) if (!check.holdsFor(view)) return false
    return true
  }

  #mayBeAbsent(populationSize: number): boolean {
    return populationSize === 0 || this.#requirements.absenceChecks.every((mayBeAbsent) => mayBeAbsent(populationSize))
  }

  #runningSums(): { readonly sizes: Int32Array; readonly sums: Float64Array } {
    const [width, bySize] = [this.#width, this.#bySize]
    const occurring: number[] = []
    for (let size = 1; size < this.#range.to; size++) if ((bySize[size * width] as number) > 0) occurring.push(size)
    const sums = new Float64Array(occurring.length * width)
    for (const [index, size] of occurring.entries()) {
      const [at, before] = [index * width, (index - 1) * width]
      for (let i = 0; i < width; i++) sums[at + i] = (bySize[size * width + i] as number) + (index > 0 ? (sums[before + i] as number) : 0)
    }
    return { sizes: Int32Array.from(occurring), sums }
  }
}
