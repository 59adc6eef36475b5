/** The errors themselves, each with its weight taken apart and why it happened: what to look at to make a model better. */
import type { PairWeight } from '../model/link.ts'
import type { Scored } from './measures.ts'
import type { Truth } from './truth.ts'

export interface LinkError {
  readonly kind: 'false positive' | 'false negative'
  /** A false positive is always "linked wrongly"; a missed pair was not looked at, is forbidden by a rule, or weighs too little. */
  readonly why: 'linked wrongly' | 'no blocking rule' | 'forbidden' | 'below the threshold'
  readonly weight: PairWeight
}

export interface ErrorOptions {
  readonly atLeast: number
  /** How many of each kind. */
  readonly most: number
  explain(left: number, right: number): PairWeight
  /** Whether some blocking rule looks at the pair. */
  isBlocked(left: number, right: number): boolean
}

export interface LinkErrors {
  /** Heaviest first: the surest of the wrong. */
  readonly falsePositives: readonly LinkError[]
  /** Heaviest first: the nearest misses. */
  readonly falseNegatives: readonly LinkError[]
  /** Of all missed pairs, how many for each reason. */
  readonly missed: Readonly<Record<'no blocking rule' | 'forbidden' | 'below the threshold', number>>
}

export function linkErrors(links: Scored, truth: Truth, options: ErrorOptions): LinkErrors {
  const linked = new Set<string>()
  const wrong: { left: number; right: number; weight: number }[] = []
  for (let index = 0; index < links.length; index++) {
    if ((links.probability[index] as number) < options.atLeast) continue
    const [left, right] = [links.left[index] as number, links.right[index] as number]
    linked.add(`${left} ${right}`)
    if (truth.isMatch(left, right) === false) wrong.push({ left, right, weight: links.weight[index] as number })
  }
  const heaviest = wrong.sort((one, other) => (one.weight === other.weight ? 0 : one.weight > other.weight ? -1 : 1)).slice(0, options.most)
  const missed = { 'no blocking rule': 0, forbidden: 0, 'below the threshold': 0 }
  const misses: LinkError[] = []
  for (const [left, right] of truth.pairs()) {
    if (linked.has(`${left} ${right}`)) continue
    const weight = options.explain(left, right)
    const why = weight.forbidden !== undefined ? 'forbidden' : options.isBlocked(left, right) ? 'below the threshold' : 'no blocking rule'
    missed[why]++
    misses.push({ kind: 'false negative', why, weight })
  }
  return {
    falsePositives: heaviest.map(({ left, right }) => ({ kind: 'false positive', why: 'linked wrongly', weight: options.explain(left, right) })),
    falseNegatives: misses.sort((one, other) => other.weight.total - one.weight.total).slice(0, options.most),
    missed,
  }
}

/** Whether some rule puts both records into one block. @param keys per rule each record's key, -1 for none */
export function blockedBy(keys: readonly Int32Array[]): (left: number, right: number) => boolean {
  return (left, right) => keys.some((of) => (of[left] ?? -1) >= 0 && of[left] === of[right])
}
