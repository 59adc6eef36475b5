/** What a search gives back. */
import { loss, lossCells, lossOf } from '../quality/loss.ts'
import { applyNode, type TreatedDataset } from './apply.ts'
import { ClassView } from './class-view.ts'
import { CostTables } from './costs.ts'
import { levelSum } from './lattice.ts'
import { type Mapping, mappingOf } from './mapping.ts'
import type { PlannedQuestion, PlannedTable } from './options.ts'
import type { Requirements } from './requirements.ts'
import { type Answer, qualityTable, type Session } from './session.ts'

export interface ClassSummary {
  readonly count: number
  readonly min: number
  readonly max: number
  readonly average: number
}

export interface Treatment {
  /** The level of each quasi-identifier, in the order of the dataset's columns. */
  readonly node: readonly number[]
  readonly levelsByAttribute: Readonly<Record<string, number>>
  /** The value of the quality measure that was asked for; lower is better. */
  readonly loss: number
  /** By quasi-identifier, Loss from 0 to 1, whatever the measure. */
  readonly perAttributeLoss: Readonly<Record<string, number>>
  /** Suppressed rows; those that were suppressed before are not counted. */
  readonly suppressed: number
  /** Of the released classes; all 0 when nothing is released. */
  readonly classes: ClassSummary
  /** Whether it is proven that no node of the lattice is better. */
  readonly optimal: boolean
  /** Nodes judged. */
  readonly checked: number
  /** Nodes that needed a look at the data; fewer than `checked` where facts were known. */
  readonly evaluated: number
  readonly latticeSize: number
  /** Nodes that meet the models within the limit; known only after a search with all facts. */
  readonly qualifying?: number
  readonly mapping: Mapping
  apply(): TreatedDataset
  /** What was done and why, in plain sentences. */
  explain(): string[]
}

export function treatmentOf(planned: PlannedTable, session: Session, question: PlannedQuestion, answer: Answer): Treatment {
  const { table, source, lattice } = session
  const { levels, value } = answer.found
  const { requirements } = session.bind(question)
  const classes = source.fromBottom(levels)
  const view = new ClassView(table.sensitive.map(({ name }) => name))
  view.open(classes)
  const released = Uint8Array.from(classes.sizes, (_, c) => (isReleased(view.show(c), requirements) ? 1 : 0))
  const sizes = classes.sizes.filter((_, c) => released[c] === 1)
  const releasedRows = sizes.reduce((sum, size) => sum + size, 0)
  const names = table.hierarchies.map(({ attribute }) => attribute)
  const suppressed = table.rowCount - releasedRows
  const summary: ClassSummary = {
    count: sizes.length,
    min: sizes.reduce((least, size) => Math.min(least, size), sizes[0] ?? 0),
    max: sizes.reduce((most, size) => Math.max(most, size), 0),
    average: sizes.length === 0 ? 0 : releasedRows / sizes.length,
  }
  const perAttribute = attributeLosses(session, question, levels, classes, released)
  const perAttributeLoss = Object.fromEntries(names.map((name, a) => [name, perAttribute[a] as number]))
  return {
    node: levels,
    levelsByAttribute: Object.fromEntries(names.map((name, a) => [name, levels[a] as number])),
    loss: value,
    perAttributeLoss,
    suppressed,
    classes: summary,
    optimal: answer.proven,
    checked: answer.checked,
    evaluated: answer.evaluated,
    latticeSize: lattice.size,
    ...(answer.qualifying === undefined ? {} : { qualifying: answer.qualifying }),
    mapping: mappingOf(table.hierarchies, levels, {
      models: question.models.map((model) => model.name),
      suppressionLimit: question.suppressionLimit,
      roles: planned.roles,
    }),
    apply() {
      const classOf = source.classOf(levels)
      const gone = Uint8Array.from(table.distinctOf, (distinct) => (distinct >= 0 && released[classOf[distinct] as number] === 1 ? 0 : 1))
      return applyNode({ dataset: planned.dataset, roles: planned.roles, hierarchies: table.hierarchies, levels, suppressed: gone })
    },
    explain() {
      const tops = lattice.heights.map((height) => height - 1)
      return [
        `Asked: ${question.models.map((model) => model.description).join(' ')} At most ${Math.floor(question.suppressionLimit * table.rowCount)} of ${table.rowCount} rows may be suppressed.`,
        ...names.map((name, a) => `${name}: level ${levels[a]} of ${tops[a]}; ${((perAttribute[a] as number) * 100).toFixed(1)} % of its detail is lost.`),
        `${suppressed} rows are suppressed. The others stand in ${summary.count} classes of ${summary.min} to ${summary.max} rows.`,
        `${question.quality.name}: ${value}. ${question.quality.description}`,
        answer.proven
          ? `No other of the ${lattice.size} nodes is better: ${answer.checked} were looked at, bounds rule out the rest. Of equal ones this has the lowest level sum (${levelSum(levels)}), then comes first.`
          : `It is the best of ${answer.checked} nodes looked at out of ${lattice.size}; a better one may exist.`,
      ]
    },
  }
}

function isReleased(view: ClassView, { minimumClassSize, classChecks }: Requirements): boolean {
  return view.size > 0 && view.size >= minimumClassSize && classChecks.every((check) => check.holdsFor(view))
}

function attributeLosses(
  session: Session,
  question: PlannedQuestion,
  levels: readonly number[],
  classes: { rows: Int32Array; sizes: Int32Array },
  released: Uint8Array,
): number[] {
  const { table } = session
  const cells = lossCells(qualityTable(table, { ...question, quality: loss }))
  const costs = new CostTables(table, cells)
  const gone = Int32Array.from(released.keys()).filter((c) => released[c] === 0)
  const sizes = gone.map((c) => classes.sizes[c] as number)
  const own = new Float64Array(cells.length)
  const rows = gone.map((c) => classes.rows[c] as number)
  costs.add(levels, rows, sizes, new Int32Array(gone.length), gone.length, own)
  const suppressed = sizes.reduce((sum, size) => sum + size, 0)
  return cells.map((cell, a) => {
    const total = costs.totals[a]?.[levels[a] as number] as number
    return lossOf(total - (own[a] as number) + suppressed * cell.suppressed, table.rowCount, cell.suppressed)
  })
}
