import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { PairWeight } from '../model/link.ts'
import { measureByGroup, wilson } from './by-group.ts'
import { calibration } from './calibration.ts'
import { measureClusters } from './clusters.ts'
import { curve, thresholdTable } from './curve.ts'
import { blockedBy, linkErrors } from './errors.ts'
import { measureLinks, type Scored } from './measures.ts'
import { peopleOf, truthOfPairs, truthOfPeople } from './truth.ts'

function scored(list: readonly (readonly [left: number, right: number, weight: number])[]): Scored {
  return {
    length: list.length,
    left: Int32Array.from(list, ([left]) => left),
    right: Int32Array.from(list, ([, right]) => right),
    weight: Float64Array.from(list, ([, , weight]) => weight),
    probability: Float64Array.from(list, ([, , weight]) => 1 / (1 + 2 ** -weight)),
  }
}

const people = peopleOf(['ann', 'ann', 'bob', 'bob', 'bob', null, 'cy'])
const truth = truthOfPeople(people, 'dedupe', [0, 7])
const links = scored([
  [0, 1, 9],
  [0, 2, 1],
  [2, 3, 5],
  [4, 5, 4],
])

describe('truth', () => {
  it('knows nothing of records without a person, and counts nothing for them', () => {
    expect(truth.isMatch(4, 5)).toBeUndefined()
    expect(measureLinks(links, truth).unknown).toBe(1)
  })

  it('lists as many pairs as it says, all of them matches that the link type allows', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -1, max: 4 }), { minLength: 2, maxLength: 14 }), fc.constantFrom('dedupe', 'link', 'both'), (list, link) => {
        const middle = Math.floor(list.length / 2)
        const known = truthOfPeople(Int32Array.from(list), link, [0, middle, list.length])
        const pairs = [...known.pairs()]
        expect(pairs.length).toBe(known.matches)
        for (const [left, right] of pairs) {
          expect(known.isMatch(left, right)).toBe(true)
          if (link !== 'both') expect(left < middle === right < middle).toBe(link === 'dedupe')
        }
      }),
    )
  })

  it('of judged pairs is silent about all others', () => {
    const judged = truthOfPairs([
      { left: 3, right: 2, match: true },
      { left: 0, right: 2, match: false },
    ])
    expect(judged.isMatch(2, 3)).toBe(true)
    expect(judged.isMatch(0, 1)).toBeUndefined()
    expect(measureLinks(links, judged)).toMatchObject({ truePositives: 1, falsePositives: 1, falseNegatives: 0, unknown: 2 })
  })
})

describe('links against truth', () => {
  it('gives precision, recall and F1 from counts', () => {
    expect(truth.matches).toBe(4)
    expect(measureLinks(links, truth)).toEqual({ truePositives: 2, falsePositives: 1, falseNegatives: 2, precision: 2 / 3, recall: 0.5, f1: 4 / 7, unknown: 1 })
    expect(measureLinks(links, truth, 0.9)).toMatchObject({ truePositives: 2, falsePositives: 0 })
    expect(measureLinks(scored([]), truth)).toMatchObject({ precision: 1, recall: 0, f1: 0 })
  })

  it('along the curve, whose recall only rises and whose every point is the measure at that threshold', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.tuple(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 1, max: 6 }), fc.integer({ min: -4, max: 9 })), {
          selector: ([left, right]) => left * 7 + right,
        }),
        (list) => {
          const given = scored(list.filter(([left, right]) => left < right))
          const { points, best } = curve(given, truth)
          for (const [index, point] of points.entries()) {
            expect(point.recall).toBeGreaterThanOrEqual(points[index - 1]?.recall ?? 0)
            const { unknown, ...measured } = measureLinks(given, truth, point.probability)
            expect(point).toMatchObject(measured)
            expect(best?.f1).toBeGreaterThanOrEqual(point.f1)
          }
        },
      ),
    )
  })

  it('at thresholds, and with the mean precision of a known ranking', () => {
    expect(thresholdTable(links, truth, [0.5, 0.9]).map(({ atLeast, truePositives }) => [atLeast, truePositives])).toEqual([
      [0.5, 2],
      [0.9, 2],
    ])
    expect(curve(links, truth).averagePrecision).toBeCloseTo((1 + 1) / 4, 12)
    expect(curve(links, truth, 2).points).toHaveLength(2)
  })

  it('tells whether probabilities mean what they say', () => {
    const pairs = Array.from({ length: 20 }, (_, index) => [index, index + 20, Math.log2(0.8 / 0.2)] as const)
    const judged = truthOfPairs(pairs.map(([left, right], index) => ({ left, right, match: index < 16 })))
    const found = calibration(scored(pairs), judged)
    expect(found.bins).toEqual([{ from: 0.75, to: 0.9, links: 20, expected: expect.closeTo(0.8, 9), found: 0.8 }])
    expect(found.error).toBeCloseTo(0, 9)
    expect(found.brier).toBeCloseTo(0.16, 9)
  })
})

describe('clusters against people', () => {
  it('has the figures of an example worked by hand', () => {
    // Clusters {0 1 2} {3 4} {5} {6}; people {0 1} {2 3 4} {6}; record 5 is nobody known.
    const found = measureClusters({ ids: Int32Array.of(0, 0, 0, 3, 3, 5, 6) }, people)
    expect(found.pairwise).toMatchObject({ truePositives: 2, falsePositives: 2, falseNegatives: 2 })
    expect(found.exact).toMatchObject({ truePositives: 1, falsePositives: 2, falseNegatives: 2 })
    expect(found.bCubed.precision).toBeCloseTo((2 * (2 / 3) + 1 / 3 + 2 + 1) / 6, 12)
    expect(found.bCubed.recall).toBeCloseTo((2 + 1 / 3 + 2 * (2 / 3) + 1) / 6, 12)
    expect([found.mixed, found.split]).toEqual([1, 1])
  })

  it('is perfect for the people themselves, and only then', () => {
    const own = Int32Array.of(0, 0, 2, 2, 2, 5, 6)
    expect(measureClusters({ ids: own }, people)).toMatchObject({
      pairwise: { f1: 1 },
      exact: { f1: 1 },
      bCubed: { precision: 1, recall: 1, f1: 1 },
      mixed: 0,
      split: 0,
    })
  })
})

describe('by group', () => {
  it('shows who is served worse, and leaves out groups too small to tell', () => {
    const count = 60
    const names = ['F', 'M', 'X']
    const groups = Int32Array.from({ length: count * 2 }, (_, record) => (record % count === 0 ? 2 : record % 2))
    const everyone = truthOfPeople(
      Int32Array.from({ length: count * 2 }, (_, record) => record % count),
      'link',
      [0, count, count * 2],
    )
    const half = scored(Array.from({ length: count }, (_, index) => [index, index + count, 5] as const).filter(([left]) => left % 2 === 0 || left % 4 === 1))
    const found = measureByGroup(half, everyone, groups, names)
    expect(found.map(({ group, recall }) => [group, recall])).toEqual([
      ['F', 1],
      ['M', 0.5],
    ])
    expect(found[1]?.recallInterval.high).toBeLessThan(found[0]?.recallInterval.low as number)
  })

  it('has the interval of Wilson’s paper', () => {
    expect(wilson(0, 10).low).toBe(0)
    expect(wilson(8, 10)).toEqual({ low: expect.closeTo(0.4902, 4), high: expect.closeTo(0.9433, 4) })
  })
})

describe('the errors themselves', () => {
  it('come heaviest first, with the reason why a pair was missed', () => {
    const explain = (left: number, right: number): PairWeight => ({
      left,
      right,
      prior: -3,
      parts: [],
      total: left + right,
      probability: 0.1,
      ...(left === 3 ? { forbidden: 'different number' } : {}),
    })
    const found = linkErrors(links, truth, { atLeast: 0.5, most: 5, explain, isBlocked: blockedBy([Int32Array.of(-1, -1, 4, -1, 4, -1, -1)]) })
    expect(found.falsePositives.map(({ weight }) => [weight.left, weight.right])).toEqual([[0, 2]])
    expect(found.falseNegatives.map(({ why, weight }) => [why, weight.left, weight.right])).toEqual([
      ['forbidden', 3, 4],
      ['below the threshold', 2, 4],
    ])
    expect(found.missed).toEqual({ 'no blocking rule': 0, forbidden: 1, 'below the threshold': 1 })
    const blind = linkErrors(links, truth, { atLeast: 0.5, most: 1, explain, isBlocked: () => false })
    expect(blind.missed['no blocking rule']).toBe(1)
    expect(blind.falseNegatives).toHaveLength(1)
  })
})
