import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { averageRisk } from './average-risk.ts'
import { ModelError, type ReleasedClasses } from './model.ts'
import { populationUniqueness } from './population-uniqueness.ts'
import { sampleUniqueness } from './sample-uniqueness.ts'
import { factsOf } from './testing/table.ts'

function released(sizes: readonly number[]): ReleasedClasses {
  const classesOfSize = new Map<number, number>()
  for (const size of sizes) classesOfSize.set(size, (classesOfSize.get(size) ?? 0) + 1)
  return { classCount: sizes.length, rowCount: sizes.reduce((sum, size) => sum + size, 0), classesOfSize }
}

const facts = factsOf([500, 500])
const sizes = fc.array(fc.integer({ min: 1, max: 8 }), { maxLength: 40 })

/** The same rows with some classes merged. */
const merged = (list: readonly number[], into: readonly number[]): number[] => {
  const sums = new Map<number, number>()
  list.forEach((size, index) => {
    const target = into[index] ?? index
    sums.set(target, (sums.get(target) ?? 0) + size)
  })
  return [...sums.values()]
}

const cases = [
  { model: averageRisk(0.3), holds: (list: readonly number[]) => 10 * list.length <= 3 * list.reduce((sum, size) => sum + size, 0) },
  { model: averageRisk(0.2), holds: (list: readonly number[]) => 10 * list.length <= 2 * list.reduce((sum, size) => sum + size, 0) },
  {
    model: sampleUniqueness(0.05),
    holds: (list: readonly number[]) => 100 * list.filter((size) => size === 1).length <= 5 * list.reduce((sum, size) => sum + size, 0),
  },
  { model: sampleUniqueness(0), holds: (list: readonly number[]) => !list.includes(1) },
]

describe.each(cases.map((each) => [each.model.name, each] as const))('%s', (_, { model, holds }) => {
  const judge = (list: readonly number[]): boolean | undefined => model.bind(facts).holdsForAll?.(released(list))

  it('says of a table what its definition says', () => {
    fc.assert(
      fc.property(sizes, (list) => {
        expect(judge(list)).toBe(holds(list))
      }),
      { numRuns: 500 },
    )
  })

  it('says both yes and no, and yes where nothing is released', () => {
    expect(judge([])).toBe(true)
    expect(judge([1, 2])).toBe(false)
    expect(judge([8, 8])).toBe(true)
  })

  it('still holds when classes merge and nothing is suppressed', () => {
    fc.assert(
      fc.property(sizes, fc.array(fc.nat(10)), (list, into) => {
        if (judge(list)) expect(judge(merged(list, into))).toBe(true)
      }),
      { numRuns: 500 },
    )
  })

  it('promises nothing with suppression: rows that return to the release may bring the risk back', () => {
    expect(model.monotone).toBe('withoutSuppression')
    expect(judge([10])).toBe(true)
    expect(judge([10, 1, 1, 1, 1])).toBe(false)
  })
})

describe('population uniqueness', () => {
  const judge = (list: readonly number[], threshold: number, population = 100_000): boolean | undefined =>
    populationUniqueness(threshold, population).bind(facts).holdsForAll?.(released(list))

  it('compares the estimate with the threshold', () => {
    const list = [...Array<number>(300).fill(1), ...Array<number>(100).fill(2), ...Array<number>(50).fill(3)]
    expect(judge(list, 0)).toBe(false)
    expect(judge(list, 1)).toBe(true)
    expect(judge([2, 2, 5], 0)).toBe(true)
  })

  it('does not hold where there is no estimate', () => {
    const model = populationUniqueness(1, 100_000, 'pitman').bind(facts)
    expect(model.holdsForAll?.(released(Array<number>(50).fill(1)))).toBe(false)
  })
})

describe('parameters', () => {
  it.each([
    ['use a threshold above 0', () => averageRisk(0)],
    ['average risk', () => averageRisk(1.5)],
    ['sample uniqueness', () => sampleUniqueness(-0.1)],
    ['sample uniqueness', () => sampleUniqueness(Number.NaN)],
    ['population size', () => populationUniqueness(0.1, 0)],
    ['population uniqueness', () => populationUniqueness(2, 100)],
    ['no risk is below 1/1000', () => averageRisk(0.0009).bind(facts)],
    ['has to contain the table', () => populationUniqueness(0.1, 999).bind(facts)],
  ])('%s', (words, make) => {
    expect(make).toThrow(ModelError)
    expect(make).toThrow(words)
  })
})
