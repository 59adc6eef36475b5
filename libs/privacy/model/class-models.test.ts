import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { basicBetaLikeness, enhancedBetaLikeness } from './beta-likeness.ts'
import { deltaDisclosure } from './delta-disclosure.ts'
import { deltaPresence } from './delta-presence.ts'
import { distinctLDiversity } from './distinct-l-diversity.ts'
import { entropyLDiversity } from './entropy-l-diversity.ts'
import { kAnonymity } from './k-anonymity.ts'
import { kMap } from './k-map.ts'
import { maximalRisk } from './maximal-risk.ts'
import { ModelError, type PrivacyModel } from './model.ts'
import { recursiveLDiversity } from './recursive-l-diversity.ts'
import { tCloseness } from './t-closeness.ts'
import { moveInTree, moveOnLine } from './testing/earth-mover.ts'
import { classOf, factsOf, judge, letters } from './testing/table.ts'

/** a, b | c, d, e below two groups below a root. */
const tree = [Int32Array.from([0, 0, 1, 1, 1]), Int32Array.from([0, 0, 0, 0, 0])]
const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0)
const added = (a: readonly number[], b: readonly number[]): number[] => a.map((count, index) => count + (b[index] ?? 0))

interface Group {
  counts: number[]
  populationSize: number
}

/** A class, another one, and the rest of the table. The population of a class contains it. */
const group: fc.Arbitrary<Group> = fc
  .tuple(fc.array(fc.nat(6), { minLength: letters.length, maxLength: letters.length }), fc.nat(30))
  .filter(([counts]) => sum(counts) > 0)
  .map(([counts, more]) => ({ counts, populationSize: sum(counts) + more }))

/** What the model says by its definition, in whole numbers wherever the definition allows. */
interface Case {
  model: PrivacyModel
  holds(group: Group, table: readonly number[]): boolean
}

const present = (counts: readonly number[]): number[] => counts.filter((count) => count > 0)

function entropyHolds(counts: readonly number[], l: bigint): boolean {
  // H >= log l, to the power of the class size: n^n >= l^n times the product of c^c.
  const n = BigInt(sum(counts))
  const product = present(counts).reduce((power, count) => power * BigInt(count) ** BigInt(count), 1n)
  return n ** n >= l ** n * product
}

/** Shares in the class and in the table, both times the product of their sizes, so in whole numbers. */
function shares(counts: readonly number[], table: readonly number[]): { p: number; q: number }[] {
  return counts.map((count, code) => ({ p: count * sum(table), q: (table[code] ?? 0) * sum(counts) }))
}

function closeness(hundredths: number, divisor: number, move: (supply: readonly number[], demand: readonly number[]) => number) {
  return ({ counts }: Group, table: readonly number[]): boolean => {
    const [n, all] = [sum(counts), sum(table)]
    const cost = move(
      counts.map((count) => count * all),
      table.map((count) => count * n),
    )
    return cost * 100 <= hundredths * divisor * n * all
  }
}

const lowestCommon = (from: number, to: number): number => (from === to ? 0 : from < 2 === to < 2 ? 1 : 2)

const cases: Case[] = [
  { model: kAnonymity(5), holds: ({ counts }) => sum(counts) >= 5 },
  { model: maximalRisk(0.3), holds: ({ counts }) => 10 <= 3 * sum(counts) },
  { model: maximalRisk(0.2), holds: ({ counts }) => 10 <= 2 * sum(counts) },
  { model: kMap(12), holds: ({ populationSize }) => populationSize >= 12 },
  {
    model: deltaPresence(0.2, 0.6),
    holds: ({ counts, populationSize }) => 10 * sum(counts) >= 2 * populationSize && 10 * sum(counts) <= 6 * populationSize,
  },
  { model: distinctLDiversity('x', 3), holds: ({ counts }) => new Set(counts.flatMap((count, code) => (count > 0 ? [code] : []))).size >= 3 },
  { model: entropyLDiversity('x', 2), holds: ({ counts }) => entropyHolds(counts, 2n) },
  { model: entropyLDiversity('x', 3), holds: ({ counts }) => entropyHolds(counts, 3n) },
  {
    model: recursiveLDiversity('x', 1.1, 2),
    holds({ counts }) {
      const [first = 0, ...others] = [...counts].sort((a, b) => b - a)
      return 10 * first < 11 * sum(others)
    },
  },
  {
    model: recursiveLDiversity('x', 3, 3),
    holds({ counts }) {
      const [first = 0, , ...others] = [...counts].sort((a, b) => b - a)
      return first < 3 * sum(others)
    },
  },
  { model: tCloseness('x', 0.25, 'equal'), holds: closeness(25, 1, (supply, demand) => moveInTree(supply, demand, (from, to) => (from === to ? 0 : 1))) },
  { model: tCloseness('x', 0.15, 'ordered'), holds: closeness(15, 4, moveOnLine) },
  { model: tCloseness('x', 0.2, 'hierarchical'), holds: closeness(20, 2, (supply, demand) => moveInTree(supply, demand, lowestCommon)) },
  {
    model: deltaDisclosure('x', 1),
    holds: ({ counts }, table) => shares(counts, table).every(({ p, q }) => p === 0 || (p < 2 * q && 2 * p > q)),
  },
  {
    model: deltaDisclosure('x', 1, 'fail'),
    holds: ({ counts }, table) => shares(counts, table).every(({ p, q }) => q === 0 || (p < 2 * q && 2 * p > q)),
  },
  { model: basicBetaLikeness('x', 0.5), holds: ({ counts }, table) => shares(counts, table).every(({ p, q }) => 2 * p <= 3 * q) },
  {
    model: enhancedBetaLikeness('x', 1.5),
    holds: ({ counts }, table) =>
      shares(counts, table).every(({ p, q }) => p === 0 || (p - q) / q <= Math.min(1.5, -Math.log(q / (sum(counts) * sum(table)))) + 1e-12),
  },
]

const populationMax = 1_000_000

describe.each(cases.map((each) => [each.model.name, each] as const))('%s', (_, { model, holds }) => {
  const factsFor = (...groups: Group[]) => {
    const table = groups.map(({ counts }) => counts).reduce(added)
    // Rows outside the classes, so that every model can be bound.
    const rest = [3, 2, 2, 1, 1]
    return { table: added(table, rest), facts: factsOf(added(table, rest), tree, populationMax) }
  }

  it('says of a class what its definition says', () => {
    fc.assert(
      fc.property(group, group, (one, other) => {
        const { table, facts } = factsFor(one, other)
        expect(judge(model, facts, classOf(one.counts, one.populationSize))).toBe(holds(one, table))
      }),
      { numRuns: 400 },
    )
  })

  it('says both yes and no over the classes tried, so that the tests above and below can fail', () => {
    const said = fc
      .sample(fc.tuple(group, group), 2_000)
      .map(([one, other]) => judge(model, factsFor(one, other).facts, classOf(one.counts, one.populationSize)))
    expect(new Set(said)).toEqual(new Set([true, false]))
  })

  it(`keeps its promise when classes merge: ${model.monotone}`, () => {
    fc.assert(
      fc.property(group, group, (one, other) => {
        const { facts } = factsFor(one, other)
        const says = ({ counts, populationSize }: Group): boolean => judge(model, facts, classOf(counts, populationSize))
        const merged = { counts: added(one.counts, other.counts), populationSize: one.populationSize + other.populationSize }
        const [oneHolds, otherHolds] = [says(one), says(other)]
        const promised = model.monotone === 'always' ? oneHolds || otherHolds : model.monotone === 'withoutSuppression' && oneHolds && otherHolds
        if (promised) expect(says(merged)).toBe(true)
      }),
      { numRuns: 2_000 },
    )
  })
})

describe('models promise no more than they keep', () => {
  const breaks = (model: PrivacyModel, table: number[], holding: number[], other: number[], populations: [number, number] = [0, 0]): boolean => {
    const facts = factsOf(table, tree, populationMax)
    const before = judge(model, facts, classOf(holding, populations[0]))
    return before && !judge(model, facts, classOf(added(holding, other), populations[0] + populations[1]))
  }

  it('a class that failed may pull down one that held', () => {
    expect(breaks(entropyLDiversity('x', 2), [9, 1, 0, 0, 0], [1, 1, 0, 0, 0], [8, 0, 0, 0, 0])).toBe(true)
    expect(breaks(recursiveLDiversity('x', 2, 2), [9, 1, 0, 0, 0], [1, 1, 0, 0, 0], [8, 0, 0, 0, 0])).toBe(true)
    expect(breaks(tCloseness('x', 0.1, 'equal'), [10, 10, 0, 0, 0], [1, 1, 0, 0, 0], [4, 0, 0, 0, 0])).toBe(true)
    expect(breaks(basicBetaLikeness('x', 0.5), [10, 10, 0, 0, 0], [1, 1, 0, 0, 0], [4, 0, 0, 0, 0])).toBe(true)
    expect(breaks(deltaPresence(0, 0.5), [10, 10, 0, 0, 0], [1, 1, 0, 0, 0], [8, 0, 0, 0, 0], [4, 8])).toBe(true)
  })

  it('delta-disclosure that ignores absent values breaks even where both classes held', () => {
    const table = [50, 50, 0, 0, 0]
    const model = deltaDisclosure('x', 1.1)
    const facts = factsOf(table)
    expect(judge(model, facts, classOf([4, 0, 0, 0, 0]))).toBe(true)
    expect(judge(model, facts, classOf([2, 3, 0, 0, 0]))).toBe(true)
    expect(judge(model, facts, classOf([30, 0, 0, 0, 0]))).toBe(true)
    expect(judge(model, facts, classOf([32, 3, 0, 0, 0]))).toBe(false)
  })
})

describe('the bound itself', () => {
  it('entropy 3 holds for three values twice each, and entropy 2 for one each', () => {
    expect(judge(entropyLDiversity('x', 3), factsOf([9, 9, 9]), classOf([2, 2, 2]))).toBe(true)
    expect(judge(entropyLDiversity('x', 3), factsOf([9, 9, 9]), classOf([2, 2, 3]))).toBe(false)
    expect(judge(entropyLDiversity('x', 1.9), factsOf([9, 9, 9]), classOf([1, 1, 0]))).toBe(true)
  })

  it('recursive diversity is strict, also where 1.1 x 50 is more than 55 in doubles', () => {
    expect(1.1 * 50).toBeGreaterThan(55)
    expect(judge(recursiveLDiversity('x', 1.1, 2), factsOf([90, 90]), classOf([55, 50]))).toBe(false)
    expect(judge(recursiveLDiversity('x', 1.1, 2), factsOf([90, 90]), classOf([54, 50]))).toBe(true)
  })

  it('a distance of exactly t holds, and products beyond 32 bits keep their digits', () => {
    expect(judge(tCloseness('x', 0.3, 'equal'), factsOf([5, 5]), classOf([8, 2]))).toBe(true)
    expect(judge(tCloseness('x', 0.299, 'equal'), factsOf([5, 5]), classOf([8, 2]))).toBe(false)
    const large = factsOf([40_000, 60_000])
    expect(judge(tCloseness('x', 0.3, 'equal'), large, classOf([35_000, 15_000]))).toBe(true)
    expect(judge(tCloseness('x', 0.3, 'equal'), large, classOf([35_001, 15_000]))).toBe(false)
    expect(judge(tCloseness('x', 0, 'equal'), large, classOf([20_000, 30_000]))).toBe(true)
  })

  it('a hierarchy without a root gets one, which adds a level', () => {
    const rootless = [Int32Array.from([0, 0, 1, 1])]
    const facts = factsOf([5, 5, 5, 5], rootless)
    // All rows in one of two groups: half has to cross the root at full cost, nothing more.
    expect(judge(tCloseness('x', 0.5, 'hierarchical'), facts, classOf([2, 2, 0, 0]))).toBe(true)
    expect(judge(tCloseness('x', 0.49, 'hierarchical'), facts, classOf([2, 2, 0, 0]))).toBe(false)
  })

  it('the ordered distance follows the given order, with values that do not occur', () => {
    const facts = factsOf([5, 5, 5])
    const order = ['b', 'a', 'c']
    const wide = ['b', 'a', 'nobody', 'c']
    // All rows at b: a third moves one place, a third moves two (three in the wider order).
    expect(judge(tCloseness('x', 0.5, 'ordered', order), facts, classOf([0, 3, 0]))).toBe(true)
    expect(judge(tCloseness('x', 0.45, 'ordered', wide), facts, classOf([0, 3, 0]))).toBe(true)
    expect(judge(tCloseness('x', 0.44, 'ordered', wide), facts, classOf([0, 3, 0]))).toBe(false)
  })

  it('the enhanced bound stops a frequent value that the basic one lets through', () => {
    const facts = factsOf([60, 40])
    expect(judge(basicBetaLikeness('x', 1), facts, classOf([5, 0]))).toBe(true)
    expect(judge(enhancedBetaLikeness('x', 1), facts, classOf([5, 0]))).toBe(false)
  })
})

describe('parameters', () => {
  it.each([
    ['k-map', () => kMap(1)],
    ['k-map', () => kMap(2.5)],
    ['distinct l-diversity', () => distinctLDiversity('x', 1)],
    ['distinct l-diversity: name the sensitive attribute', () => distinctLDiversity('', 2)],
    ['entropy l-diversity', () => entropyLDiversity('x', 1)],
    ['entropy l-diversity', () => entropyLDiversity('x', Number.NaN)],
    ['recursive (c, l)-diversity: c', () => recursiveLDiversity('x', 0, 2)],
    ['recursive (c, l)-diversity: l', () => recursiveLDiversity('x', 1, 1)],
    ['t-closeness', () => tCloseness('x', 1.01, 'equal')],
    ['t-closeness', () => tCloseness('x', -0.1, 'equal')],
    ['an order is for the ordered distance only', () => tCloseness('x', 0.2, 'equal', ['a'])],
    ['delta-disclosure', () => deltaDisclosure('x', 0)],
    ['basic beta-likeness', () => basicBetaLikeness('x', 0)],
    ['enhanced beta-likeness', () => enhancedBetaLikeness('x', -1)],
    ['swap them', () => deltaPresence(0.6, 0.2)],
    ['lets no row be released', () => deltaPresence(0, 0)],
    ['the upper bound', () => deltaPresence(0, 1.5)],
    ['highest risk', () => maximalRisk(0)],
    ['highest risk', () => maximalRisk(1.1)],
  ])('%s: refused', (words, make) => {
    expect(make).toThrow(ModelError)
    expect(make).toThrow(words)
  })

  it.each([
    ['ask for at most 2', distinctLDiversity('x', 3), factsOf([5, 5, 0])],
    ['ask for at most 2', entropyLDiversity('x', 2.5), factsOf([5, 5, 0])],
    ['ask for at most 1', recursiveLDiversity('x', 2, 2), factsOf([5])],
    ['needs the order of the values', tCloseness('x', 0.2, 'ordered'), factsOf([5, 5])],
    ['leaves out values', tCloseness('x', 0.2, 'ordered', ['a', 'z']), factsOf([5, 5])],
    ['twice', tCloseness('x', 0.2, 'ordered', ['a', 'b', 'a']), factsOf([5, 5])],
    ['needs a hierarchy', tCloseness('x', 0.2, 'hierarchical'), factsOf([5, 5])],
    ['give the population table', kMap(3), factsOf([5, 5])],
    ['ask for a k of at most 12', kMap(13), factsOf([5, 5], undefined, 12)],
    ['has to contain the table', deltaPresence(0, 0.5), factsOf([5, 5], undefined, 9)],
    ['no risk is below 1/10', maximalRisk(0.09), factsOf([5, 5])],
  ])('against the table: %s', (words, model, facts) => {
    expect(() => model.bind(facts)).toThrow(ModelError)
    expect(() => model.bind(facts)).toThrow(words)
  })
})
