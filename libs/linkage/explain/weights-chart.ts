import { levelsOf } from '../compare/levels.ts'
import type { TrainedModel } from '../model/schema.ts'
import { weightsOf } from '../predict/weights.ts'
import { type Html, html } from '../report/html.ts'
import { type Chart, colour, cut, line, rect, svg, table, text } from './chart.ts'
import { inBits } from './words.ts'

export interface LevelWeight {
  readonly comparison: string
  readonly level: string
  /** How often two records of one person stand here, and two of different people. */
  readonly m: number
  readonly u: number
  readonly bits: number
  /** A value's own frequency adds to this or takes from it. */
  readonly termFrequency: boolean
}

/** What a model has learned: the weight of every level. */
export function levelWeights(model: TrainedModel): LevelWeight[] {
  const weights = weightsOf(model)
  return model.compare.flatMap((comparison, index) =>
    levelsOf(comparison).flatMap(({ label, frequency }, level): LevelWeight[] =>
      level === 0
        ? []
        : [
            {
              comparison: comparison.name,
              level: label,
              m: model.training.m[index]?.[level] ?? 0,
              u: model.training.u[index]?.[level] ?? 0,
              bits: weights.bits[index]?.[level] ?? 0,
              termFrequency: comparison.termFrequency && frequency > 0,
            },
          ],
    ),
  )
}

const width = 640
const labelWidth = 250
const bitsWidth = 54
const rowHeight = 20
const headHeight = 28

/** The match-weight chart: bars to the right speak for one person, bars to the left against. */
export function weightsChart(id: string, levels: readonly LevelWeight[]): Chart {
  const [least, most] = [Math.min(0, ...levels.map(({ bits }) => bits)), Math.max(0, ...levels.map(({ bits }) => bits))]
  const room = width - labelWidth - bitsWidth
  const x = (bits: number): number => labelWidth + (room * (bits - least)) / Math.max(1e-9, most - least)
  let y = 0
  const rows: Html[] = levels.map((level, index) => {
    const first = levels[index - 1]?.comparison !== level.comparison
    if (first) y += headHeight
    const head = first ? text(0, y - 9, cut(level.comparison, 40), { weight: 650 }) : undefined
    const fill = level.bits < 0 ? colour.against : colour.for
    const row = html`${head}${text(14, y + 14, level.level, { fill: colour.soft })}${rect(Math.min(x(0), x(level.bits)), y + 4, Math.abs(x(level.bits) - x(0)), rowHeight - 8, fill)}${text(width, y + 14, inBits(level.bits).replace(' bits', ''), { anchor: 'end' })}`
    y += rowHeight
    return row
  })
  const strongest = levels.reduce<LevelWeight | undefined>((best, level) => (best === undefined || level.bits > best.bits ? level : best), undefined)
  const described =
    strongest === undefined
      ? 'The model compares nothing.'
      : `${levels.length} levels; the strongest is ${strongest.comparison} at “${strongest.level}” with ${inBits(strongest.bits)}.`
  return {
    svg: svg(id, 'What each agreement weighs, in bits', described, [width, y + 4], [line(x(0), headHeight - 4, x(0), y, colour.soft, true), ...rows]),
    table: table(
      'What each agreement weighs',
      ['comparison', 'level', 'among matches', 'among others', 'bits'],
      levels.map(({ comparison, level, m, u, bits, termFrequency }) => [
        comparison,
        level,
        share(m),
        share(u),
        `${inBits(bits)}${termFrequency ? ', more if rare' : ''}`,
      ]),
      [2, 3, 4],
    ),
  }
}

function share(value: number): string {
  return value >= 0.0001 ? `${Number((value * 100).toPrecision(3))} %` : `1 in ${Math.round(1 / value).toLocaleString('en-GB')}`
}
