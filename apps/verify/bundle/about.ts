/** What a bundle says it is about, held against what is in it. */
import type { Entry } from '../entries.ts'
import { Fault } from '../report.ts'
import { count, instant, matching, members, object, text1, uuid } from '../shape.ts'
import type { Bundle } from './read.ts'

export type About =
  | { readonly kind: 'release'; readonly release: string }
  | { readonly kind: 'person'; readonly subject: string }
  | { readonly kind: 'project'; readonly text: string }

export interface Selection {
  readonly entries: number
  readonly left_out: number
}

export function readAbout(value: unknown, place: string): About {
  const { kind } = object(value, place)
  if (kind === 'release') return { kind, release: uuid(members(value, place, ['kind', 'release']).release, `${place}/release`) }
  if (kind === 'person') return { kind, subject: uuid(members(value, place, ['kind', 'subject']).subject, `${place}/subject`) }
  matching(kind, `${place}/kind`, /^project$/, '"release", "person" or "project"')
  const { kind: _, ...found } = members(value, place, ['kind'], ['project', 'partner', 'purpose', 'policy', 'since', 'until'])
  for (const name of ['partner', 'policy']) if (found[name] !== undefined) uuid(found[name], `${place}/${name}`)
  for (const name of ['since', 'until']) if (found[name] !== undefined) instant(found[name], `${place}/${name}`)
  for (const name of ['project', 'purpose']) if (found[name] !== undefined) text1(found[name], `${place}/${name}`)
  return {
    kind: 'project',
    text: Object.entries(found)
      .map(([name, member]) => `${name} ${String(member)}`)
      .join(', '),
  }
}

export function readSelection(value: unknown, place: string): Selection {
  const found = members(value, place, ['entries', 'left_out'])
  return { entries: count(found.entries, `${place}/entries`), left_out: count(found.left_out, `${place}/left_out`) }
}

/** @returns what can be said of it @throws Fault where the content is about something else */
export function checkAbout({ about, selection, log, vault }: Bundle, entries: readonly Entry[]): string | undefined {
  if (about === undefined || selection === undefined) return undefined
  if (selection.entries !== log.entries.length) throw new Fault('/selection/entries', `the bundle holds ${log.entries.length} entries`)
  if (about.kind === 'release' && !entries.some(({ object }) => object?.kind === 'release' && object.id === about.release))
    throw new Fault('/about/release', 'no entry of the bundle is about this release')
  if (about.kind === 'person') {
    const other = vault.chains.findIndex(({ subject }) => subject !== about.subject)
    if (other >= 0) throw new Fault(`/vault/chains/${other}/subject`, 'the chain is of another person than the bundle')
  }
  const left = selection.left_out === 0 ? '' : `; ${selection.left_out} older entries were left out`
  return `it is about the ${about.kind}${about.kind === 'project' ? ` (${about.text})` : ''}${left}`
}
