/**
 * Guard against differencing: two harmless answers about nearly the same people, subtracted, are an answer about the few in whom they
 * differ. A new cohort is compared with those released before.
 */
/** Opaque keys, each once; a `Set` is one. */
export interface People {
  readonly size: number
  has(person: unknown): boolean
  [Symbol.iterator](): Iterator<unknown>
}

export interface Cohort {
  /** Names the release in the outcome. */
  readonly id: string
  readonly people: People
}

/** What subtracting would isolate. The number of people is for the reviewer, not for whoever asked. */
export interface Isolation {
  /** The earlier releases it takes. */
  readonly against: readonly string[]
  readonly side: 'new without earlier' | 'earlier without new'
  readonly people: number
}

export type DifferencingOutcome = { readonly outcome: 'release' } | { readonly outcome: 'refuse'; readonly isolations: readonly Isolation[] }

/**
 * Refuses a cohort where taking away an earlier one that overlaps it, or all earlier ones within it together, or it from an earlier one,
 * leaves at least one person and fewer than the threshold. The very same people may be asked about again.
 *
 * @param threshold the fewest people an answer may be about
 */
export function guardDifferencing(cohort: Cohort, earlier: readonly Cohort[], threshold: number): DifferencingOutcome {
  const isolations: Isolation[] = []
  const tooFew = (people: number): boolean => people > 0 && people < threshold
  const within: Cohort[] = []
  for (const before of earlier) {
    const shared = sizeOfIntersection(cohort.people, before.people)
    if (shared === 0) continue
    const added = cohort.people.size - shared
    const removed = before.people.size - shared
    if (tooFew(added)) isolations.push({ against: [before.id], side: 'new without earlier', people: added })
    if (tooFew(removed)) isolations.push({ against: [before.id], side: 'earlier without new', people: removed })
    if (removed === 0) within.push(before)
  }
  const together = disjoint(within)
  const rest = cohort.people.size - together.reduce((sum, part) => sum + part.people.size, 0)
  if (together.length > 1 && tooFew(rest)) isolations.push({ against: together.map((part) => part.id), side: 'new without earlier', people: rest })
  return isolations.length === 0 ? { outcome: 'release' } : { outcome: 'refuse', isolations }
}

/** Parts that share nobody, the largest first: what they leave of the whole can be had by subtracting them all. */
function disjoint(parts: readonly Cohort[]): Cohort[] {
  const chosen: Cohort[] = []
  for (const part of parts.toSorted((left, right) => right.people.size - left.people.size)) {
    if (chosen.every((other) => sizeOfIntersection(other.people, part.people) === 0)) chosen.push(part)
  }
  return chosen
}

function sizeOfIntersection(left: People, right: People): number {
  const [smaller, larger] = left.size <= right.size ? [left, right] : [right, left]
  let size = 0
  for (const person of smaller) if (larger.has(person)) size += 1
  return size
}
