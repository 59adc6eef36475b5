/** What was done to each column, and what is left of it. */
import { ladder } from './charts.ts'
import type { ColumnFigures, ReportColumn } from './data.ts'
import { count, percent, short } from './figures.ts'
import { type Html, html } from './html.ts'

const roleWords = { quasi: 'quasi-identifier', sensitive: 'sensitive', identifying: 'direct identifier', insensitive: 'insensitive' } as const

export function columnsSection(columns: readonly ReportColumn[]): Html {
  return html`<section aria-labelledby="columns">
<h2 id="columns">Columns</h2>
<p class="soft">What was done to each, and what is left to work with.</p>
<div class="card">${columns.map(column)}</div>
</section>`
}

function column(data: ReportColumn): Html {
  return html`<div class="column">
<div><h3>${data.name}</h3><span class="role">${roleWords[data.role]}</span></div>
<div><ul>${data.done.map((step) => html`<li>${step.what}${step.note === undefined ? undefined : html`<div class="note">${step.note}</div>`}${voids(step.voids)}</li>`)}
${generalised(data)}
${untouched(data)}
<li class="note">${figures(data.before, data.after)}</li></ul></div>
</div>`
}

function untouched({ done, generalisation, after }: ReportColumn): Html | undefined {
  return done.length === 0 && generalisation === undefined && after !== undefined ? html`<li>Released as it is</li>` : undefined
}

function voids(families: readonly string[] | undefined): Html | undefined {
  return families === undefined || families.length === 0
    ? undefined
    : html`<div class="note">Says nothing any more: ${families.map((family) => family.replaceAll('_', ' ')).join(', ')}.</div>`
}

function generalised({ generalisation: found }: ReportColumn): Html | undefined {
  if (found === undefined) return undefined
  const { level, height, labels, labelCount, loss, weight } = found
  const said =
    level === 0 ? 'Kept as it is, but for suppressed rows' : level === height ? 'Generalised to the top' : `Generalised to level ${level} of ${height}`
  const more = labelCount > labels.length ? html`<span class="note">and ${count(labelCount - labels.length)} more</span>` : undefined
  return html`<li>${ladder(level, height)}${said}; ${percent(loss)} of its information lost${weight === 1 ? '' : ` (weight ${short(weight)})`}${
    labels.length === 0
      ? undefined
      : html`<div>${labels.map((label) => html`<span class="label-chip">${label === '' ? '(missing)' : label}</span>`)}${more}</div>`
  }</li>`
}

function figures(before: ColumnFigures, after: ColumnFigures | undefined): string {
  if (after === undefined) return `${count(before.distinct)} different values before`
  const parts = [`${count(before.distinct)} → ${count(after.distinct)} different values`]
  if (before.missing > 0 || after.missing > 0) parts.push(`${count(before.missing)} → ${count(after.missing)} missing`)
  if (before.mean !== undefined && after.mean !== undefined) parts.push(`mean ${short(before.mean)} → ${short(after.mean)}`)
  if (before.deviation !== undefined && after.deviation !== undefined) parts.push(`deviation ${short(before.deviation)} → ${short(after.deviation)}`)
  return parts.join(' · ')
}
