/**
 * The report of a treatment as one page that needs nothing else: no script, no font, no picture from elsewhere, so that it can be
 * kept with the table, mailed and printed. Reads in light and dark, by eye and by ear.
 */

import { classSizeChart, classSizeSteps, latticeChart } from './charts.ts'
import { columnsSection } from './columns.ts'
import type { ReportData, ReportModel } from './data.ts'
import { count, percent, short } from './figures.ts'
import { Html, html } from './html.ts'
import { style } from './style.ts'

export function htmlReport(data: ReportData): string {
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">
<title>Privacy treatment of ${data.title}</title>
<style>${new Html(style)}</style>
</head>
<body>
<main>
<header>
<h1>Privacy treatment of ${data.title}</h1>
<p class="soft">${count(data.rowsBefore)} rows, ${data.columns.length} columns${data.at === undefined ? '' : `, treated ${data.at.replace(/^(.{10})T(.{5}).*$/, '$1 at $2 UTC')}`}</p>
${verdict(data)}
</header>
${riskSection(data)}
${modelsSection(data)}
${columnsSection(data.columns)}
${searchSection(data)}
${loopSection(data)}
<footer><p>This page holds figures, names of columns and labels of hierarchies, and no row of the table. Risk is that of the treated columns against somebody who knows all quasi-identifiers of a person; columns called insensitive are taken not to be known.</p></footer>
</main>
</body>
</html>
`
  return page.toString()
}

function verdict({ models, loop, rowsAfter }: ReportData): Html {
  const failing = models.filter((model) => model.verdict === 'fails').length
  const voided = models.filter((model) => model.verdict === 'voided').length
  if (loop?.met === false) return banner('fails', 'The goal was not met', 'so nothing is released; the rounds are told below.')
  if (rowsAfter === 0) return banner('fails', 'Nothing to release', 'every row had to be suppressed.')
  if (failing > 0) return banner('fails', `${failing} of ${models.length} models fail`, 'the table must not be released as it is.')
  if (voided > 0) return banner('voided', `${voided} of ${models.length} models say nothing`, 'an operator that the plan accepted takes their meaning away.')
  return banner('holds', models.length === 1 ? 'The model holds' : `All ${models.length} models hold`, 'in the table as written, counted anew from its rows.')
}

function banner(kind: ReportModel['verdict'], claim: string, more: string): Html {
  return html`<div class="verdict ${kind}" role="status"><div><strong>${claim}</strong> <span class="soft">– ${more}</span></div></div>`
}

function tile(name: string, now: string, beside: string): Html {
  return html`<div class="tile"><div class="name">${name}</div><div class="now">${now}</div><div class="was">${beside}</div></div>`
}

function riskSection(data: ReportData): Html {
  const { riskBefore: before, riskAfter: after, populationUniqueness: population } = data
  const now = (pick: (risk: typeof before) => number): string => (after === undefined ? '–' : percent(pick(after)))
  const was = (pick: (risk: typeof before) => number): string => `before ${percent(pick(before))}`
  const compared = (name: string, pick: (risk: typeof before) => number): Html => tile(name, now(pick), was(pick))
  return html`<section aria-labelledby="risk">
<h2 id="risk">Risk of re-identification</h2>
<p class="soft">How surely somebody could tell whose row it is: one in the number of rows that look alike.</p>
<div class="tiles">
${compared('Highest risk of a row', (risk) => risk.prosecutor.highest)}
${compared('Average risk', (risk) => risk.prosecutor.average)}
${compared(`Rows above ${percent(data.riskThreshold)}`, (risk) => risk.prosecutor.recordsAtRisk)}
${compared('Rows that stand alone', (risk) => risk.unique)}
${tile('Classes of rows alike', after === undefined ? '–' : count(after.classCount), `before ${count(before.classCount)}`)}
${tile('Rows suppressed', count(data.rowsSuppressed), `at most ${percent(data.suppressionLimit)} allowed`)}
</div>
${
  population === undefined
    ? undefined
    : html`<p class="soft">Unique in a population of ${count(population.populationSize)} (estimated, ${population.estimator}): ${percent(population.after)} of the rows, before ${percent(population.before)}.</p>`
}
<div class="card">
<div class="key" aria-hidden="true"><span><i class="before"></i>before</span><span><i class="after"></i>after</span></div>
<p class="note">Rows by the number of rows that look like them</p>
${classSizeChart(classSizeSteps(before, after))}
</div>
</section>`
}

const verdictWords = { holds: 'holds', fails: 'fails', voided: 'says nothing' } as const
const verdictSigns = { holds: '✓', fails: '✗', voided: '!' } as const

function modelsSection({ models }: ReportData): Html {
  if (models.length === 0) return html``
  const rows = models.map(
    (model) => html`<div class="column">
<div><h3>${model.name}</h3><span class="mark ${model.verdict}">${verdictSigns[model.verdict]} ${verdictWords[model.verdict]}</span></div>
<div>${model.description}${model.remark === undefined ? undefined : html`<div class="note">${model.remark}</div>`}</div>
</div>`,
  )
  return html`<section aria-labelledby="models">
<h2 id="models">Models</h2>
<p class="soft">What each promises, and whether the table keeps it.</p>
<div class="card">${rows}</div>
</section>`
}

function searchSection({ search }: ReportData): Html {
  if (search === undefined) return html``
  const local =
    search.rounds === 1
      ? ''
      : ` The rows it would have suppressed were treated again on their own, in ${count(search.rounds - 1)} further rounds, so a value may appear at several levels; the levels told here are those of the first.`
  const proof = search.optimal
    ? 'Proven to be the best under the models, the limit, the measure and the weights.'
    : 'The best that was found; a better one may exist.'
  return html`<section aria-labelledby="search">
<h2 id="search">Search</h2>
<p class="soft">${count(search.nodes)} combinations of levels are possible; ${count(search.checked)} had to be looked at. ${proof}${local}</p>
<div class="card">
${latticeChart(search.heights, search.levels)}
<p class="note">${search.measure}: ${short(search.value)}. ${search.measureDescription}</p>
</div>
</section>`
}

function loopSection({ loop }: ReportData): Html {
  if (loop === undefined) return html``
  const rows = loop.rounds.map(
    (round, index) =>
      html`<tr><td>${index + 1}</td><th scope="row">${round.setting}${round.remark === undefined ? undefined : html`<div class="note">${round.remark}</div>`}</th><td class="number">${round.risk === undefined ? '–' : percent(round.risk)}</td><td class="number">${round.loss === undefined ? '–' : short(round.loss)}</td><td class="number">${round.suppressed === undefined ? '–' : count(round.suppressed)}</td></tr>`,
  )
  return html`<section aria-labelledby="loop">
<h2 id="loop">Rounds</h2>
<p class="soft">Goal: ${loop.goal}. <span class="mark ${loop.met ? 'holds' : 'fails'}">${loop.met ? '✓ met' : '✗ not met'}</span></p>
<div class="card scroll"><table><thead><tr><th scope="col">round</th><th scope="col">setting</th><th scope="col" class="number">risk</th><th scope="col" class="number">loss</th><th scope="col" class="number">suppressed</th></tr></thead><tbody>${rows}</tbody></table></div>
</section>`
}
