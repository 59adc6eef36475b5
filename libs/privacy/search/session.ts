/** A table made ready for searches, with all that one question leaves for the next. */
import type { PrivacyModel, TableFacts } from '../model/model.ts'
import type { QualityMeasure, QualityModel, QualityTable } from '../quality/quality.ts'
import type { Found } from './best.ts'
import { ClassSource } from './class-source.ts'
import { CostTables } from './costs.ts'
import { TreatmentError } from './error.ts'
import { Evaluator, type SizeRange } from './evaluate.ts'
import type { NodeFacts } from './facts.ts'
import { searchHeuristic } from './heuristic.ts'
import { Judge, type Verdict } from './judge.ts'
import { type Lattice, type Levels, latticeOf, levelsOf, numberOf } from './lattice.ts'
import { type SearchTask, searchOptimal } from './optimal.ts'
import { optimalLatticeMax, type PlannedQuestion, type PlannedTable, provableLatticeMax } from './options.ts'
import { bindModels, type Requirements } from './requirements.ts'
import { type EncodedTable, encodeTable, tableFacts } from './table.ts'

/** Nodes a heuristic search looks at without a budget. */
const heuristicChecksDefault = 2_000

/** The facts of the nodes looked at so far, for one list of models (sizes apart) and one measure. */
interface FactStore {
  readonly range: SizeRange
  readonly byNode: Map<number, NodeFacts>
}

export interface Answer {
  readonly found: Found
  readonly proven: boolean
  /** Nodes judged. */
  readonly checked: number
  /** Of those, the ones that needed a look at the data. */
  readonly evaluated: number
  /** Nodes that meet the models within the limit; known only with all facts. */
  readonly qualifying?: number
}

/** A question bound to the table. */
export interface BoundQuestion {
  readonly requirements: Requirements
  readonly measure: QualityMeasure
  readonly costs: CostTables
  readonly suppressedRowsMax: number
  readonly judge: Judge
}

export class Session {
  readonly table: EncodedTable
  readonly lattice: Lattice
  readonly source: ClassSource
  readonly #stores = new Map<string, FactStore>()

  /** @param sensitive attributes whose distributions the questions will look at */
  constructor(planned: PlannedTable, sensitive: readonly string[]) {
    const { dataset, hierarchies, sensitiveHierarchies, population, include } = planned
    this.table = encodeTable({
      dataset,
      hierarchies,
      sensitive: sensitive.map((name) => {
        const hierarchy = sensitiveHierarchies[name]
        return hierarchy ? { name, hierarchy } : { name }
      }),
      ...(population ? { population } : {}),
      ...(include ? { include } : {}),
    })
    this.lattice = latticeOf(hierarchies.map(({ levels }) => levels.length))
    this.source = new ClassSource(this.table)
  }

  bind(question: PlannedQuestion): BoundQuestion {
    const requirements = bindModels(question.models, this.facts)
    const measure = question.quality.bind(qualityTable(this.table, question))
    const costs = new CostTables(this.table, measure.cells ?? [])
    const suppressedRowsMax = Math.floor(question.suppressionLimit * this.table.rowCount)
    const judge = new Judge(this.table, requirements, measure, costs, suppressedRowsMax)
    return { requirements, measure, costs, suppressedRowsMax, judge }
  }

  get facts(): TableFacts {
    return tableFacts(this.table)
  }

  /** What a question makes of one node. */
  verdictAt(question: PlannedQuestion, levels: Levels): Verdict {
    const { requirements, measure, costs, judge } = this.bind(question)
    const { minimumClassSize: size } = requirements
    const evaluator = new Evaluator(this.table, this.source, requirements, measure, costs, { from: size, to: size })
    return judge.verdict(levels, evaluator.evaluate(levels) as NodeFacts)
  }

  /** Answers one question and keeps nothing. */
  answerOnce(question: PlannedQuestion): Answer {
    const bound = this.bind(question)
    const { requirements, judge, suppressedRowsMax, measure, costs } = bound
    const range = { from: requirements.minimumClassSize, to: requirements.minimumClassSize }
    const evaluator = new Evaluator(this.table, this.source, requirements, measure, costs, range)
    let evaluated = 0
    const look = (levels: Levels) => {
      evaluated++
      const facts = evaluator.evaluate(levels, suppressedRowsMax)
      return facts && judge.verdict(levels, facts)
    }
    return { ...this.#search(question, bound, look), evaluated }
  }

  /** Answers a question from the facts kept, and keeps those it has to gather. @param kMax the largest class size the facts are to serve */
  answer(question: PlannedQuestion, kMax: number, all: boolean): Answer {
    const bound = this.bind(question)
    const { requirements, judge } = bound
    const store = this.#store(question.quality, requirements, kMax)
    const evaluator = new Evaluator(this.table, this.source, requirements, bound.measure, bound.costs, store.range)
    let evaluated = 0
    const factsOf = (node: number, levels: Levels): NodeFacts => {
      const known = store.byNode.get(node)
      if (known) return known
      evaluated++
      const facts = evaluator.evaluate(levels) as NodeFacts
      store.byNode.set(node, facts)
      return facts
    }
    const { lattice } = this
    if (all && store.byNode.size < lattice.size) this.#gather(question, factsOf)
    const answer = this.#search(question, bound, (levels) => judge.verdict(levels, factsOf(numberOf(lattice, levels), levels)))
    const complete = store.byNode.size === lattice.size
    return { ...answer, evaluated, ...(complete ? { qualifying: countQualifying(lattice, store, judge) } : {}) }
  }

  #gather(question: PlannedQuestion, factsOf: (node: number, levels: Levels) => NodeFacts): void {
    const { lattice } = this
    if (lattice.size > optimalLatticeMax) {
      throw new TreatmentError('lattice_too_large', `all facts of ${lattice.size} nodes are too many; ask for some, or use hierarchies with fewer levels`)
    }
    for (let node = 0; node < lattice.size; node++) {
      checkAborted(question)
      question.onProgress?.({ checked: node, latticeSize: lattice.size, resolved: node / lattice.size })
      factsOf(node, levelsOf(lattice, node))
    }
  }

  #store(quality: QualityModel, requirements: Requirements, kMax: number): FactStore {
    const key = JSON.stringify([quality.name, requirements.key])
    const known = this.#stores.get(key)
    if (known && requirements.minimumClassSize <= known.range.to) return known
    // What is absent from a release depends on the size asked, so such facts serve one size.
    const one = requirements.absenceChecks.length > 0
    const to = Math.max(requirements.minimumClassSize, one ? 1 : kMax)
    const store = { range: { from: one ? requirements.minimumClassSize : requirements.testedFrom, to }, byNode: new Map<number, NodeFacts>() }
    this.#stores.set(key, store)
    return store
  }

  #search(question: PlannedQuestion, bound: BoundQuestion, look: (levels: Levels) => Verdict | undefined): Omit<Answer, 'evaluated'> {
    const { lattice } = this
    const { strategy, budget, now, onProgress } = question
    const heuristic = strategy === 'heuristic' || (strategy === 'auto' && lattice.size > optimalLatticeMax)
    if (!heuristic && lattice.size > provableLatticeMax) {
      const message = `proving the best of ${lattice.size} nodes is too much; use the strategy heuristic, or hierarchies with fewer levels`
      throw new TreatmentError('lattice_too_large', message)
    }
    const checksMax = budget?.checks ?? (heuristic && budget?.milliseconds === undefined ? heuristicChecksDefault : Number.POSITIVE_INFINITY)
    const end = now && budget?.milliseconds !== undefined ? now() + budget.milliseconds : undefined
    let checked = 0
    const task: SearchTask = {
      lattice,
      judge: bound.judge,
      noSuppression: bound.suppressedRowsMax === 0,
      look,
      goesOn(resolved, best) {
        onProgress?.({ checked, latticeSize: lattice.size, resolved, ...(best ? { best: best.value } : {}) })
        checkAborted(question)
        if (checked >= checksMax || (end !== undefined && now && now() >= end)) return false
        checked++
        return true
      },
    }
    const { found, proven } = heuristic ? searchHeuristic(task) : searchOptimal(task)
    if (!found) throw unsatisfied(question.models, proven)
    return { found, proven, checked }
  }
}

export function checkAborted({ signal }: { readonly signal?: { readonly aborted: boolean } }): void {
  if (signal?.aborted) throw new TreatmentError('aborted', 'the treatment was aborted; nothing of it is left')
}

export function qualityTable(table: EncodedTable, question: PlannedQuestion): QualityTable {
  return {
    rowCount: table.rowCount,
    aggregate: question.aggregate,
    rowEntropy: rowEntropy(table),
    attributes: table.hierarchies.map((hierarchy, a) => ({
      name: hierarchy.attribute,
      weight: question.effectiveWeights[a] ?? 1,
      levels: hierarchy.levels.map(({ leaves, map, labels }) => ({ leaves, rows: rowsByGroup(map, labels.length, table.leafRows[a]) })),
    })),
  }
}

function rowsByGroup(map: Int32Array, groups: number, leafRows: Float64Array | undefined): Float64Array {
  const rows = new Float64Array(groups)
  for (const [leaf, group] of map.entries()) rows[group] = (rows[group] as number) + (leafRows?.[leaf] ?? 0)
  return rows
}

function rowEntropy({ base, rowCount }: EncodedTable): number {
  let sum = 0
  for (const size of base.sizes) if (size > 0) sum -= (size / rowCount) * Math.log2(size / rowCount)
  return sum
}

function countQualifying(lattice: Lattice, store: FactStore, judge: Judge): number {
  let count = 0
  for (const [node, facts] of store.byNode) if (judge.verdict(levelsOf(lattice, node), facts).qualifies) count++
  return count
}

function unsatisfied(models: readonly PrivacyModel[], proven: boolean): TreatmentError {
  const names = models.map((model) => model.name).join(', ')
  const message = proven
    ? `no generalisation meets ${names} within the suppression limit; raise the limit, weaken a model, or look for two that contradict each other`
    : `no generalisation that meets ${names} was found within the budget; raise the budget or the suppression limit`
  return new TreatmentError('unsatisfiable', message)
}
