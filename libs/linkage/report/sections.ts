/** What was looked at, what it weighs, where the threshold stands, what came of it. */
import { type Chart, colour, rect, svg, table, text } from '../explain/chart.ts'
import { waterfallChart } from '../explain/waterfall-chart.ts'
import { weightsChart } from '../explain/weights-chart.ts'
import { inBits, probabilityInWords } from '../explain/words.ts'
import { weightOf } from '../model/link.ts'
import type { LinkReport, ReportExample } from './data.ts'
import { count, percent, several } from './figures.ts'
import { type Html, html } from './html.ts'
import { card, chartCard, section, tile, tiles } from './page.ts'

export function overview({ links, clusters, sources, warnings, truth }: LinkReport): Html {
  const records = sources.reduce((sum, source) => sum + source.records, 0)
  const known =
    truth === undefined
      ? [tile('Expected to be wrong', links.expectedFalse < 0.05 ? '0' : links.expectedFalse.toFixed(1), 'by the model’s own probabilities')]
      : [
          tile('Precision', percent(truth.links.precision), `${count(truth.links.falsePositives)} of the links are wrong`),
          tile('Recall', percent(truth.links.recall), `${count(truth.links.falseNegatives)} true pairs are missed`),
        ]
  return html`${tiles(
    tile('Links', count(links.count), `with a probability of at least ${links.atLeast}`),
    tile('People', count(clusters.count), `in ${several(records, 'record')}`),
    ...known,
  )}${warnings.length === 0 ? undefined : html`<div class="warnings" role="note"><strong>To look at</strong><ul>${warnings.map((warning) => html`<li>${warning}</li>`)}</ul></div>`}`
}

export function blockingSection({ blocking, refused }: LinkReport): Html {
  const { rules, pairs, reduction, coverage } = blocking
  const judged = coverage !== undefined
  return section(
    'blocking',
    'Blocking',
    html`Which pairs were looked at: records that agree on some rule. ${several(pairs, 'pair')}; ${percent(reduction)} of all possible pairs were left out.${judged ? ` Of the true pairs, ${percent(coverage)} were looked at; no later step can find more.` : ''}`,
    [
      card(
        table(
          'Pairs by rule',
          ['rule', 'pairs', 'found by no rule before', 'largest block', ...(judged ? ['true pairs among the new'] : [])],
          rules.map((rule) => [
            rule.rule,
            count(rule.pairs),
            count(rule.newPairs),
            several(rule.largestBlock, 'record'),
            ...(judged ? [count(rule.newTruePairs ?? 0)] : []),
          ]),
          [1, 2, 3, 4],
        ),
      ),
      refused.length === 0
        ? undefined
        : card(
            table(
              'Values that count as missing',
              ['column', 'because', 'records'],
              refused.map(({ column, because, count: records }) => [column, because, count(records)]),
              [2],
            ),
          ),
    ],
  )
}

export function weightsSection({ levels, prior }: LinkReport): Html {
  return section(
    'weights',
    'Weights',
    `What each agreement says for or against one person. Two records picked at random begin at ${inBits(prior)}; what their columns say is added.`,
    [chartCard(weightsChart('weights-chart', levels))],
  )
}

export function linksSection({ links }: LinkReport): Html {
  return section(
    'threshold',
    'Threshold',
    `Links are pairs with a probability of at least ${links.atLeast}, which is ${inBits(weightOf(links.atLeast))}. Two hills with a valley between them are a good sign; a threshold on a slope is not.`,
    [chartCard(weightHistogram(links))],
  )
}

const [width, height, floor] = [640, 190, 160]

function weightHistogram({ byWeight, atLeast }: LinkReport['links']): Chart {
  const most = Math.max(1, ...byWeight.map((step) => step.count))
  const step = width / Math.max(1, byWeight.length)
  const every = Math.ceil(byWeight.length / 12)
  const bars = byWeight.map(({ bits, count: pairs, linked }, index) => {
    // A square root keeps rare weights visible beside common ones.
    const tall = Math.sqrt(pairs / most) * (floor - 10)
    const label =
      index % every === 0 ? text(index * step + step / 2, floor + 17, String(bits).replace('-', '−'), { anchor: 'middle', fill: colour.soft }) : undefined
    return html`${rect(index * step + 1, floor - tall, step - 2, tall, linked ? colour.for : colour.line)}${label}`
  })
  const linked = byWeight.reduce((sum, each) => sum + (each.linked ? each.count : 0), 0)
  const described = `${count(linked)} pairs at or above ${probabilityInWords(atLeast)}, drawn dark; heights are square roots of counts, weights in bits.`
  return {
    svg: svg('histogram', 'Scored pairs by weight', described, [width, height], bars),
    table: table(
      'Scored pairs by weight',
      ['bits from', 'pairs', 'linked'],
      byWeight.map((each) => [String(each.bits).replace('-', '−'), count(each.count), each.linked ? 'yes' : 'no']),
      [1],
    ),
  }
}

export function clustersSection({ clusters }: LinkReport): Html {
  const refused = [...clusters.refused]
  return section(
    'clusters',
    'Clusters',
    `Records taken for one person, by ${clusters.method.replaceAll('-', ' ')}.${refused.length === 0 ? '' : ` Not followed: ${refused.map(([rule, links]) => `${several(links, 'link')} by “${rule}”`).join(', ')}.`}`,
    [
      card(
        table(
          'Clusters by size',
          ['records', 'clusters'],
          clusters.sizes.map(({ size, count: how }) => [count(size), count(how)]),
          [1],
        ),
      ),
    ],
  )
}

export function examplesSection({ examples }: LinkReport): Html {
  if (examples.length === 0) return html``
  return section('examples', 'Example links', 'Each link can be taken apart: what was known before, what each column adds, and the sum.', [
    card(...examples.map((example, index) => exampleDetails(`example-${index}`, example))),
  ])
}

export function exampleDetails(id: string, { why, place, fall }: ReportExample): Html {
  const chart = waterfallChart(id, fall)
  return html`<details><summary>${why}: ${inBits(fall.total)}${fall.forbidden === undefined ? `, ${probabilityInWords(fall.probability)}` : `, forbidden by “${fall.forbidden}”`}<span class="place">${place}</span></summary>${chart.svg}<div class="scroll">${chart.table}</div></details>`
}
