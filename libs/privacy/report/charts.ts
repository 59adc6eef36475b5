/** Pictures in SVG that take their colours from the page, and say in words what they show. */
import type { SampleRisk } from '../risk/sample-risk.ts'
import { count, percent } from './figures.ts'
import { type Html, html } from './html.ts'

/** Upper ends of the steps in which class sizes are counted. */
const stepEnds = [1, 2, 4, 9, 19, 49, 99, 499, 999, 9_999, Number.POSITIVE_INFINITY]

interface Step {
  readonly label: string
  readonly before: number
  readonly after: number
}

/** Share of the rows that stand in classes of each size, before and after. Steps without rows at either end are left out. */
export function classSizeSteps(before: SampleRisk, after: SampleRisk | undefined): Step[] {
  const shares = (risk: SampleRisk | undefined): number[] => {
    const rows = stepEnds.map(() => 0)
    for (const { size, classes } of risk?.histogram ?? []) {
      const step = stepEnds.findIndex((end) => size <= end)
      rows[step] = (rows[step] ?? 0) + size * classes
    }
    return rows.map((value) => value / Math.max(1, risk?.rowCount ?? 1))
  }
  const [first, second] = [shares(before), shares(after)]
  const steps = stepEnds.map((end, index) => ({ label: stepLabel((stepEnds[index - 1] ?? 0) + 1, end), before: first[index] ?? 0, after: second[index] ?? 0 }))
  const last = steps.findLastIndex((step) => step.before > 0 || step.after > 0)
  return steps.slice(0, last + 1)
}

function stepLabel(from: number, to: number): string {
  if (to === Number.POSITIVE_INFINITY) return `${count(from)}+`
  return from === to ? count(from) : `${count(from)}–${count(to)}`
}

/** Horizontal bars, so that labels keep their size on a narrow screen. */
export function classSizeChart(steps: readonly Step[]): Html {
  const most = Math.max(...steps.flatMap((step) => [step.before, step.after]), 0.01)
  const bar = (kind: 'before' | 'after', share: number): Html =>
    html`<div class="track"><div class="bar ${kind}" style="width:${((100 * share) / most).toFixed(2)}%"></div><span>${percent(share)}</span></div>`
  const rows = steps.map(
    (step) =>
      html`<div class="bars" role="listitem"><div class="label">${step.label}</div><div><span class="sr">before </span>${bar('before', step.before)}<span class="sr">after </span>${bar('after', step.after)}</div></div>`,
  )
  return html`<div role="list" aria-label="Share of rows by size of their class, before and after">${rows}</div>`
}

/** How far up its hierarchy a column was taken: one box per level, filled up to the level chosen. */
export function ladder(level: number, height: number): Html {
  const boxes = Array.from(
    { length: height },
    (_, index) => html`<rect x="${index * 14 + 1}" y="1" width="11" height="11" rx="2" class="${index < level ? 'on' : 'off'}"/>`,
  )
  const width = Math.max(1, height) * 14
  return html`<svg class="ladder" width="${width}" height="13" viewBox="0 0 ${width} 13" role="img" aria-label="level ${level} of ${height}">${boxes}</svg>`
}

/** Nodes of the lattice by level sum, drawn as an outline, with the place of the chosen one. */
export function latticeChart(heights: readonly number[], levels: readonly number[]): Html {
  const nodes = nodesByHeight(heights)
  const chosen = levels.reduce((sum, level) => sum + level, 0)
  const [width, height] = [640, 120]
  const most = Math.max(...nodes)
  const step = width / nodes.length
  const bars = nodes.map((value, sum) => {
    const tall = Math.max(1, (value / most) * (height - 4))
    return html`<rect x="${(sum * step + 1).toFixed(1)}" y="${(height - tall).toFixed(1)}" width="${Math.max(1, step - 2).toFixed(1)}" height="${tall.toFixed(1)}" class="${sum === chosen ? 'on' : 'off'}"/>`
  })
  const words = `${count(nodes.reduce((sum, value) => sum + value, 0))} nodes in ${nodes.length} levels from untouched to most general; the chosen node is on level ${chosen}`
  return html`<figure><svg class="lattice" viewBox="0 0 ${width} ${height}" preserveAspectRatio="none" role="img" aria-label="${words}">${bars}</svg><figcaption><span>untouched</span><span>level ${chosen} of ${nodes.length - 1} chosen</span><span>most general</span></figcaption></figure>`
}

/** How many nodes have each level sum: the coefficients of the product of (1 + x + ... + x^height). */
export function nodesByHeight(heights: readonly number[]): number[] {
  return heights.reduce<number[]>(
    (sums, height) => {
      const next = new Array<number>(sums.length + height).fill(0)
      for (const [sum, nodes] of sums.entries()) for (let level = 0; level <= height; level++) next[sum + level] = (next[sum + level] ?? 0) + nodes
      return next
    },
    [1],
  )
}
