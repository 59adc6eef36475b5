/** What a bundle says it is about. */
import { count, instant, matching, members, object, text1, uuid } from '../shape.ts'

export type About =
  | { readonly kind: 'release'; readonly release: string }
  | { readonly kind: 'person'; readonly subject: string }
  | { readonly kind: 'result'; readonly project: string; readonly run: string; readonly result: string }
  | { readonly kind: 'project'; readonly text: string }

export interface Selection {
  readonly entries: number
  readonly left_out: number
}

export function readAbout(value: unknown, place: string): About {
  const { kind } = object(value, place)
  if (kind === 'release') return { kind, release: uuid(members(value, place, ['kind', 'release']).release, `${place}/release`) }
  if (kind === 'person') return { kind, subject: uuid(members(value, place, ['kind', 'subject']).subject, `${place}/subject`) }
  if (kind === 'result') {
    const found = members(value, place, ['kind', 'project', 'run', 'result'])
    const id = (name: 'project' | 'run' | 'result') => uuid(found[name], `${place}/${name}`)
    return { kind, project: id('project'), run: id('run'), result: id('result') }
  }
  matching(kind, `${place}/kind`, /^project$/, '"release", "person", "result" or "project"')
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
