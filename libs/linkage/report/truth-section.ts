/** What is known from truth: how good the links are, for whom, and which are wrong. */
import { table } from '../explain/chart.ts'
import { thresholdChart } from '../explain/threshold-chart.ts'
import { weightOf } from '../model/link.ts'
import type { TruthFigures } from './data.ts'
import { count, percent } from './figures.ts'
import { type Html, html } from './html.ts'
import { card, chartCard, section } from './page.ts'
import { exampleDetails } from './sections.ts'

export function truthSection(truth: TruthFigures, atLeast: number): Html {
  const { links, curve } = truth
  const best = curve.best === undefined ? '' : ` The best threshold, picked with the truth in hand, reaches F1 ${curve.best.f1.toFixed(4)}.`
  const unknown = links.unknown === 0 ? '' : ` ${count(links.unknown)} links join records of which the truth says nothing; they count neither way.`
  return section(
    'truth',
    'Against the truth',
    `${count(links.truePositives)} links are right, ${count(links.falsePositives)} are wrong, ${count(links.falseNegatives)} true pairs are missed: F1 ${links.f1.toFixed(4)}.${best}${unknown}`,
    [
      chartCard(thresholdChart('curve', curve.points, weightOf(atLeast))),
      card(thresholds(truth)),
      clusters(truth),
      card(calibration(truth)),
      groups(truth),
      errors(truth),
    ],
  )
}

function thresholds({ thresholds: rows }: TruthFigures): Html {
  return table(
    'At thresholds',
    ['probability at least', 'right', 'wrong', 'missed', 'precision', 'recall', 'F1'],
    rows.map((row) => [
      String(row.atLeast),
      count(row.truePositives),
      count(row.falsePositives),
      count(row.falseNegatives),
      row.precision.toFixed(4),
      row.recall.toFixed(4),
      row.f1.toFixed(4),
    ]),
    [1, 2, 3, 4, 5, 6],
  )
}

function clusters({ clusters: found }: TruthFigures): Html | undefined {
  if (found === undefined) return undefined
  const row = (name: string, { precision, recall, f1 }: { precision: number; recall: number; f1: number }): string[] => [
    name,
    precision.toFixed(4),
    recall.toFixed(4),
    f1.toFixed(4),
  ]
  return card(
    table(
      `Clusters against people: ${count(found.mixed)} clusters hold several people, ${count(found.split)} people stand in several clusters`,
      ['measure', 'precision', 'recall', 'F1'],
      [row('pairs within clusters', found.pairwise), row('clusters that are exactly one person', found.exact), row('by record (B-cubed)', found.bCubed)],
      [1, 2, 3],
    ),
  )
}

function calibration({ calibration: found }: TruthFigures): Html {
  return table(
    `Whether probabilities mean what they say: off by ${percent(found.error)} on average`,
    ['probability', 'links', 'expected right', 'found right'],
    found.bins.map((bin) => [`${bin.from} to ${bin.to}`, count(bin.links), percent(bin.expected), percent(bin.found)]),
    [1, 2, 3],
  )
}

function groups({ groups: found, by }: TruthFigures): Html | undefined {
  if (found === undefined || found.length === 0) return undefined
  return card(
    table(
      `By ${by ?? 'group'}, with the intervals in which the true figure lies with a chance of 95 %`,
      [by ?? 'group', 'right', 'wrong', 'missed', 'precision', 'recall'],
      found.map((each) => [
        each.group,
        count(each.truePositives),
        count(each.falsePositives),
        count(each.falseNegatives),
        `${percent(each.precision)} (${percent(each.precisionInterval.low)} to ${percent(each.precisionInterval.high)})`,
        `${percent(each.recall)} (${percent(each.recallInterval.low)} to ${percent(each.recallInterval.high)})`,
      ]),
      [1, 2, 3, 4, 5],
    ),
  )
}

function errors({ errors: found, missed }: TruthFigures): Html | undefined {
  if (found.length === 0) return undefined
  return html`<h3>The errors themselves</h3><p class="note">Of the missed pairs, ${count(missed['no blocking rule'])} were looked at by no blocking rule, ${count(missed['below the threshold'])} weigh too little and ${count(missed.forbidden)} are forbidden by a conflict rule. Shown are the surest of the wrong links and the nearest of the missed ones.</p>${card(...found.map((each, index) => exampleDetails(`error-${index}`, each)))}`
}
