/**
 * The report of a linkage as one page that needs nothing else: no script, no font, no picture from elsewhere, so that it can be kept
 * with the links, mailed and printed. Reads in light and dark, by eye and by ear.
 */
import type { LinkReport } from './data.ts'
import { Html, html } from './html.ts'
import { blockingSection, clustersSection, examplesSection, linksSection, overview, weightsSection } from './sections.ts'
import { style } from './style.ts'
import { truthSection } from './truth-section.ts'

export function htmlReport(report: LinkReport): string {
  const { title, at, sources, truth, modelHash, seed } = report
  const shows = [...report.examples, ...(truth?.errors ?? [])].some(({ fall }) =>
    fall.steps.some((step) => [...step.left, ...step.right].some((value) => !value.hidden)),
  )
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">
<title>Linkage of ${title}</title>
<style>${new Html(style)}</style>
</head>
<body>
<main>
<header>
<h1>Linkage of ${title}</h1>
<p class="soft">${sources.map(({ name, records }) => `${name}, ${records.toLocaleString('en-GB')} records`).join('; ')}${at === undefined ? '' : `; linked ${at.replace(/^(.{10})T(.{5}).*$/, '$1 at $2 UTC')}`}</p>
</header>
${overview(report)}
${truth === undefined ? undefined : truthSection(truth, report.links.atLeast)}
${blockingSection(report)}
${weightsSection(report)}
${linksSection(report)}
${clustersSection(report)}
${examplesSection(report)}
<footer><p>${shows ? 'This page shows values of people’s records: keep it as the records are kept.' : 'This page holds figures, names of columns and rules, and no value of a record.'} A weight is told in bits: one bit more makes one person twice as likely.${modelHash === undefined ? '' : ` Model ${modelHash}, seed ${seed}: the same records give the same links.`}</p></footer>
</main>
</body>
</html>
`
  return page.toString()
}
