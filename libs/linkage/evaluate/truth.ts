/** What is known to be true, in whichever form it comes: people per record, or pairs that somebody judged. */
import type { LinkType } from '../block/blocks.ts'
import { truePairs } from '../block/report.ts'

export interface Truth {
  /** How many pairs are known to be one person, of those that the link type allows. */
  readonly matches: number
  /** `undefined` where nobody knows: such pairs count neither way. */
  isMatch(left: number, right: number): boolean | undefined
  /** The pairs that are one person, rising by record. */
  pairs(): Generator<readonly [left: number, right: number], void, undefined>
}

/** @param people per record the number of its person; -1 where unknown */
export function truthOfPeople(people: Int32Array, link: LinkType, offsets: readonly number[]): Truth {
  const sourceOf = new Int32Array(people.length)
  for (let source = 1; source + 1 < offsets.length; source++) sourceOf.fill(source, offsets[source], offsets[source + 1])
  const allowed = (left: number, right: number): boolean => link === 'both' || (sourceOf[left] === sourceOf[right]) === (link === 'dedupe')
  return {
    matches: truePairs(people, link, offsets),
    isMatch(left, right) {
      const [one, other] = [people[left] ?? -1, people[right] ?? -1]
      return one < 0 || other < 0 ? undefined : one === other
    },
    *pairs() {
      const recordsOf = new Map<number, number[]>()
      for (const [record, person] of people.entries()) {
        if (person < 0) continue
        const earlier = recordsOf.get(person) ?? []
        for (const other of earlier) if (allowed(other, record)) yield [other, record]
        recordsOf.set(person, [...earlier, record])
      }
    },
  }
}

export interface JudgedPair {
  readonly left: number
  readonly right: number
  readonly match: boolean
}

/** Pairs that somebody looked at, such as a clerical review. Recall is then that among the judged pairs. */
export function truthOfPairs(judged: Iterable<JudgedPair>): Truth {
  const verdicts = new Map<string, JudgedPair>()
  for (const { left, right, match } of judged) {
    const pair = { left: Math.min(left, right), right: Math.max(left, right), match }
    verdicts.set(`${pair.left} ${pair.right}`, pair)
  }
  const matching = [...verdicts.values()].filter((pair) => pair.match).sort((one, other) => one.right - other.right || one.left - other.left)
  return {
    matches: matching.length,
    isMatch: (left, right) => verdicts.get(`${Math.min(left, right)} ${Math.max(left, right)}`)?.match,
    *pairs() {
      for (const { left, right } of matching) yield [left, right]
    },
  }
}

/** Values that name people as numbers; missing values as -1. */
export function peopleOf(values: Iterable<string | null | undefined>): Int32Array {
  const numberOf = new Map<string, number>()
  return Int32Array.from(values, (value) => {
    if (value === null || value === undefined || value === '') return -1
    const number = numberOf.get(value) ?? numberOf.size
    numberOf.set(value, number)
    return number
  })
}
