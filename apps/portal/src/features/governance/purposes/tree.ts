/** Purposes as a tree to read: a term may stand under several broader ones, and is then found under each. */
import type { Purpose } from './queries.ts'

export interface Branch {
  readonly purpose: Purpose
  readonly narrower: readonly Branch[]
  /** Whether the search found this one; those above it are only the way to it. */
  readonly found: boolean
}

/** The branches that hold what is searched, all of them where nothing is. */
export function branches(purposes: readonly Purpose[], search: string): readonly Branch[] {
  const below = new Map<string, Purpose[]>()
  for (const purpose of purposes) {
    for (const parent of purpose.parents) below.set(parent, [...(below.get(parent) ?? []), purpose])
  }
  const wanted = search.trim().toLowerCase()
  const fits = ({ term, label }: Purpose) => wanted !== '' && (label.toLowerCase().includes(wanted) || term.toLowerCase().includes(wanted))
  const grow = (purpose: Purpose, above: ReadonlySet<string>): Branch[] => {
    if (above.has(purpose.term)) return []
    const way = new Set([...above, purpose.term])
    const narrower = (below.get(purpose.term) ?? []).toSorted(byLabel).flatMap((one) => grow(one, way))
    const found = fits(purpose)
    return wanted === '' || found || narrower.length > 0 ? [{ purpose, narrower, found }] : []
  }
  return purposes
    .filter(({ parents }) => parents.length === 0)
    .toSorted(byLabel)
    .flatMap((purpose) => grow(purpose, new Set()))
}

const byLabel = (a: Purpose, b: Purpose) => a.label.localeCompare(b.label)

/** A slug from a label: "Application for a loan" → `application_for_a_loan`. */
export function slugOf(label: string): string {
  return label
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/\p{Mark}/gu, '')
    .replaceAll(/[^a-z0-9]+/g, '_')
    .replaceAll(/^[^a-z]+|_+$/g, '')
    .slice(0, 63)
}
