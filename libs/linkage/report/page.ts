/** Pieces that all sections are made of. */
import type { Chart } from '../explain/chart.ts'
import { type Html, html } from './html.ts'

export function section(id: string, heading: string, about: string | Html, content: readonly (Html | undefined)[]): Html {
  return html`<section aria-labelledby="${id}"><h2 id="${id}">${heading}</h2><p class="soft">${about}</p>${content.flatMap((each) => each ?? [])}</section>`
}

export function tile(name: string, now: string, beside: string): Html {
  return html`<div class="tile"><div class="name">${name}</div><div class="now">${now}</div><div class="was">${beside}</div></div>`
}

export function tiles(...each: readonly Html[]): Html {
  return html`<div class="tiles">${each}</div>`
}

export function card(...content: readonly Html[]): Html {
  return html`<div class="card">${content}</div>`
}

/** The picture, and its figures for who wants or needs them. */
export function chartCard({ svg, table }: Chart): Html {
  return card(svg, html`<details><summary>The same as a table</summary><div class="scroll">${table}</div></details>`)
}
