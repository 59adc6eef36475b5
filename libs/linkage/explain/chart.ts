/**
 * What all charts share. A chart is a picture with a name and a description for those who hear it, and a table with the same
 * figures. Colours come from the page's custom properties, with colours of their own where there are none, so that a chart can
 * stand alone. Nothing is told by colour alone.
 */
import { type Html, html } from '../report/html.ts'

export interface Chart {
  readonly svg: Html
  readonly table: Html
}

export const colour = {
  ink: 'var(--ink,#1c2420)',
  soft: 'var(--soft,#56605b)',
  line: 'var(--line,#dfe3df)',
  for: 'var(--good,#17705a)',
  against: 'var(--bad,#a8322a)',
  neutral: 'var(--soft,#56605b)',
  second: 'var(--before,#b3873e)',
} as const

export const textSize = 13

/** @param id unique on the page: the picture's title and description are found by it */
export function svg(id: string, name: string, description: string, [width, height]: readonly [number, number], content: readonly Html[]): Html {
  return html`<svg viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" style="max-width:100%;height:auto;font:${textSize}px ui-sans-serif,system-ui,sans-serif" role="img" aria-labelledby="${id}-t ${id}-d" xmlns="http://www.w3.org/2000/svg"><title id="${id}-t">${name}</title><desc id="${id}-d">${description}</desc>${content}</svg>`
}

export function text(x: number, y: number, words: string, { anchor = 'start', fill = colour.ink as string, weight = 400 } = {}): Html {
  return html`<text x="${at(x)}" y="${at(y)}" text-anchor="${anchor}" style="fill:${fill};font-weight:${weight}">${words}</text>`
}

export function line(x1: number, y1: number, x2: number, y2: number, stroke: string = colour.line, dashed = false): Html {
  return html`<line x1="${at(x1)}" y1="${at(y1)}" x2="${at(x2)}" y2="${at(y2)}" style="stroke:${stroke}"${dashed ? html` stroke-dasharray="3 3"` : undefined}/>`
}

export function rect(x: number, y: number, width: number, height: number, fill: string): Html {
  return html`<rect x="${at(x)}" y="${at(y)}" width="${at(Math.max(1, width))}" height="${at(height)}" rx="1.5" style="fill:${fill}"/>`
}

export const at = (value: number): string => String(Number(value.toFixed(1)))

/** Text that would run over its place, cut at a character. */
export function cut(words: string, most: number): string {
  const characters = [...words]
  return characters.length <= most ? words : `${characters.slice(0, most - 1).join('')}…`
}

/** @param numbers columns that hold numbers, by index */
export function table(caption: string, headings: readonly string[], rows: readonly (readonly (string | Html)[])[], numbers: readonly number[] = []): Html {
  const kind = (index: number): string => (numbers.includes(index) ? 'number' : 'words')
  return html`<table><caption>${caption}</caption><thead><tr>${headings.map((heading, index) => html`<th scope="col" class="${kind(index)}">${heading}</th>`)}</tr></thead><tbody>${rows.map(
    (row) => html`<tr>${row.map((cell, index) => (index === 0 ? html`<th scope="row">${cell}</th>` : html`<td class="${kind(index)}">${cell}</td>`))}</tr>`,
  )}</tbody></table>`
}
