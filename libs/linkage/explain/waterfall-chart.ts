import { type Html, html } from '../report/html.ts'
import { type Chart, colour, cut, line, rect, svg, table, text } from './chart.ts'
import type { ShownValue, Waterfall } from './waterfall.ts'
import { inBits } from './words.ts'

const width = 640
const labelWidth = 235
const bitsWidth = 74
const rowHeight = 26
const nameMax = 33

interface Row {
  readonly name: string
  readonly from: number
  readonly to: number
  readonly bits: number
  readonly whole: boolean
}

/** A link as a waterfall: each bar begins where the one above it ends; the last is the total. */
export function waterfallChart(id: string, fall: Waterfall): Chart {
  const rows: Row[] = [
    { name: 'before comparing', from: 0, to: fall.prior, bits: fall.prior, whole: true },
    ...fall.steps.map(({ comparison, level, from, to, bits }) => ({ name: `${comparison}: ${level}`, from, to, bits, whole: false })),
    { name: 'in all', from: 0, to: fall.total, bits: fall.total, whole: true },
  ]
  const ends = rows.flatMap(({ from, to }) => [from, to]).filter(Number.isFinite)
  const [least, most] = [Math.min(0, ...ends), Math.max(0, ...ends)]
  const room = width - labelWidth - bitsWidth
  const x = (bits: number): number => labelWidth + (room * (Math.min(most, Math.max(least, bits)) - least)) / Math.max(1e-9, most - least)
  const bars = rows.map((row, index) => bar(row, index * rowHeight, x))
  const height = rows.length * rowHeight + 4
  const zero = line(x(0), 0, x(0), height, colour.soft, true)
  return { svg: svg(id, 'Weight of the link, part by part', fall.sentence, [width, height], [zero, ...bars]), table: waterfallTable(fall) }
}

function bar({ name, from, to, bits, whole }: Row, y: number, x: (bits: number) => number): Html {
  const fill = whole ? colour.neutral : bits < 0 ? colour.against : colour.for
  return html`${text(0, y + 17, cut(name, nameMax), { fill: whole ? colour.ink : colour.soft, weight: whole ? 650 : 400 })}${rect(Math.min(x(from), x(to)), y + 6, Math.abs(x(to) - x(from)), rowHeight - 12, fill)}${text(width, y + 17, inBits(bits).replace(' bits', ''), { anchor: 'end', weight: whole ? 650 : 400 })}`
}

function waterfallTable(fall: Waterfall): Html {
  const shown = (values: readonly ShownValue[]): string =>
    [...new Set(values.map((value) => (value.hidden ? 'hidden' : (value.value ?? 'missing'))))].join(', ')
  return table(
    fall.sentence,
    ['part', 'left', 'right', 'bits', 'in words'],
    [
      ['before comparing', '', '', inBits(fall.prior), 'two records picked at random'],
      ...fall.steps.map((step) => [step.comparison, shown(step.left), shown(step.right), inBits(step.bits), step.sentence]),
      ['in all', '', '', inBits(fall.total), ''],
    ],
    [3],
  )
}
