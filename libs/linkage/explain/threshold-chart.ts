import type { CurvePoint } from '../evaluate/curve.ts'
import { html } from '../report/html.ts'
import { at, type Chart, colour, line, svg, table, text } from './chart.ts'
import { inBits, probabilityInWords } from './words.ts'

const width = 640
const height = 300
const margin = { left: 50, right: 118, top: 12, bottom: 42 }
const rowsMax = 12

/** Precision and recall by the weight from which links count: what a higher threshold costs and buys. */
export function thresholdChart(id: string, points: readonly CurvePoint[], chosen?: number): Chart {
  const known = points.filter(({ weight }) => Number.isFinite(weight))
  const weights = known.map(({ weight }) => weight)
  const [least, most] = weights.length === 0 ? [0, 1] : [Math.min(...weights), Math.max(...weights)]
  const floor = Math.min(0.9, Math.floor(Math.min(1, ...known.flatMap(({ precision, recall }) => [precision, recall])) * 10) / 10)
  const x = (weight: number): number => margin.left + ((width - margin.left - margin.right) * (weight - least)) / Math.max(1e-9, most - least)
  const y = (share: number): number => height - margin.bottom - ((height - margin.top - margin.bottom) * (share - floor)) / (1 - floor)
  const path = (of: (point: CurvePoint) => number): string =>
    known.map((point, index) => `${index === 0 ? 'M' : 'L'}${at(x(point.weight))} ${at(y(of(point)))}`).join('')
  const steps = [floor, (floor + 1) / 2, 1]
  const [first, last] = [known[0], known.at(-1)]
  const content = [
    ...steps.map(
      (step) =>
        html`${line(margin.left, y(step), width - margin.right, y(step))}${text(margin.left - 8, y(step) + 4, `${Math.round(step * 100)} %`, { anchor: 'end', fill: colour.soft })}`,
    ),
    ...(chosen === undefined || chosen < least || chosen > most
      ? []
      : [
          line(x(chosen), margin.top, x(chosen), height - margin.bottom, colour.soft, true),
          text(x(chosen), height - margin.bottom + 16, `threshold ${inBits(chosen)}`, { anchor: 'middle', fill: colour.soft }),
        ]),
    html`<path d="${path((point) => point.precision)}" style="fill:none;stroke:${colour.for};stroke-width:2"/>`,
    html`<path d="${path((point) => point.recall)}" style="fill:none;stroke:${colour.second};stroke-width:2" stroke-dasharray="7 3"/>`,
    ...(first === undefined ? [] : labels(y(first.precision), y(first.recall))),
    text(margin.left, height - 6, `${inBits(least)}: all links`, { fill: colour.soft }),
    text(width - margin.right, height - 6, `${inBits(most)}: the surest`, { anchor: 'end', fill: colour.soft }),
  ]
  const described =
    first === undefined || last === undefined
      ? 'No link could be judged.'
      : `From the surest links (precision ${probabilityInWords(first.precision)}, recall ${probabilityInWords(first.recall)}) to all of them (precision ${probabilityInWords(last.precision)}, recall ${probabilityInWords(last.recall)}).`
  return { svg: svg(id, 'Precision and recall by threshold', described, [width, height], content), table: thresholdRows(known) }
}

/** At the right end of the lines, where the surest links are, kept apart from each other. */
function labels(precision: number, recall: number) {
  const apart = Math.abs(precision - recall) < 16
  return [
    text(width - margin.right + 8, precision + (apart && precision <= recall ? -4 : 4), 'precision', { fill: colour.for }),
    text(width - margin.right + 8, recall + (apart && recall >= precision ? 14 : 4), 'recall (dashed)', { fill: colour.second }),
  ]
}

function thresholdRows(points: readonly CurvePoint[]) {
  const picked =
    points.length <= rowsMax
      ? points
      : Array.from({ length: rowsMax }, (_, index) => points[Math.round((index * (points.length - 1)) / (rowsMax - 1))] as CurvePoint)
  return table(
    'Precision and recall by threshold',
    ['links from', 'right', 'wrong', 'missed', 'precision', 'recall', 'F1'],
    picked.map((point) => [
      inBits(point.weight),
      String(point.truePositives),
      String(point.falsePositives),
      String(point.falseNegatives),
      point.precision.toFixed(4),
      point.recall.toFixed(4),
      point.f1.toFixed(4),
    ]),
    [1, 2, 3, 4, 5, 6],
  )
}
