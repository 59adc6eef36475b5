import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { seededRandom } from '../random/seeded.ts'
import { mdavGroups } from './mdav.ts'
import { microaggregation } from './microaggregation.ts'
import { table, valuesOf } from './testing/tables.ts'

const points = (dimensions: number) =>
  fc.array(fc.array(fc.integer({ min: -20, max: 20 }), { minLength: dimensions, maxLength: dimensions }), { minLength: 2, maxLength: 120 })

/** The algorithm as the paper tells it, over lists, to compare with. */
function plainMdav(rows: readonly (readonly number[])[], k: number): number[][] {
  const distance = (a: readonly number[], b: readonly number[]) => a.reduce((sum, value, i) => sum + (value - b[i]!) ** 2, 0)
  let left = rows.map((_, row) => row)
  const groups: number[][] = []
  const centroid = () => rows[0]!.map((_, d) => left.reduce((sum, row) => sum + rows[row]![d]!, 0) / left.length)
  const farthest = (from: readonly number[]) => left.reduce((best, row) => (distance(rows[row]!, from) > distance(rows[best]!, from) ? row : best))
  const close = (centre: number) => {
    const others = left.filter((row) => row !== centre).sort((a, b) => distance(rows[a]!, rows[centre]!) - distance(rows[b]!, rows[centre]!) || a - b)
    const group = [centre, ...others.slice(0, k - 1)]
    left = left.filter((row) => !group.includes(row))
    groups.push(group)
  }
  while (left.length >= 3 * k) {
    const extreme = farthest(centroid())
    const opposite = farthest(rows[extreme]!)
    close(extreme)
    close(opposite)
  }
  if (left.length >= 2 * k) close(farthest(centroid()))
  if (left.length > 0) groups.push(left)
  return groups
}

describe('MDAV', () => {
  it('gives groups of k to 2k - 1 points', () => {
    fc.assert(
      fc.property(points(2), fc.integer({ min: 2, max: 6 }), (rows, k) => {
        fc.pre(rows.length >= k)
        const sizes = new Map<number, number>()
        for (const group of mdavGroups(Float64Array.from(rows.flat()), 2, k)) sizes.set(group, (sizes.get(group) ?? 0) + 1)
        for (const size of sizes.values()) expect(size >= k && size <= 2 * k - 1).toBe(true)
      }),
    )
  })

  it('is the algorithm of the paper', () => {
    // Distinct pseudo-random points: where no two distances are equal, nothing is left to choose.
    fc.assert(
      fc.property(fc.integer({ min: 4, max: 150 }), fc.integer({ min: 2, max: 5 }), fc.string(), (count, k, seed) => {
        fc.pre(count >= k)
        const random = seededRandom(seed)
        const rows = Array.from({ length: count }, () => [random.uint32() / 2 ** 32, random.uint32() / 2 ** 32, random.uint32() / 2 ** 32])
        const groupOf = mdavGroups(Float64Array.from(rows.flat()), 3, k)
        const expected = plainMdav(rows, k).map((group) => group.toSorted((a, b) => a - b).join())
        const found = [...new Set(groupOf)].sort((a, b) => a - b).map((group) => rows.flatMap((_, row) => (groupOf[row] === group ? [row] : [])).join())
        expect(found).toEqual(expected)
      }),
      { numRuns: 60 },
    )
  })
})

describe('microaggregation', () => {
  const apply = (columns: string[], to: ReturnType<typeof table>, k: number, named: 'mean' | 'median' = 'mean') =>
    microaggregation.apply(to, columns, { operator: 'microaggregation', k, function: named }, seededRandom(''))

  it('refuses missing values, text and tables below k', () => {
    expect(() => apply(['a'], table({ a: [1, null, 3] }), 2)).toThrow('1 of 3 rows have no value')
    expect(() => apply(['a'], table({ a: ['x', 'y'] }), 2)).toThrow('read as string')
    expect(() => apply(['a'], table({ a: [1, 2] }), 3)).toThrow('k is 3 and the table has 2 rows')
  })

  it('keeps the mean of each column and lets each combination stand k times at least', () => {
    fc.assert(
      fc.property(points(2), fc.integer({ min: 2, max: 5 }), (rows, k) => {
        fc.pre(rows.length >= k)
        const before = table({ a: rows.map((row) => row[0]!), b: rows.map((row) => row[1]!) })
        const after = apply(['a', 'b'], before, k)
        const combinations = new Map<string, number>()
        for (const [row, a] of valuesOf(after, 'a').entries()) {
          const key = `${a} ${valuesOf(after, 'b')[row]}`
          combinations.set(key, (combinations.get(key) ?? 0) + 1)
        }
        expect(Math.min(...combinations.values())).toBeGreaterThanOrEqual(k)
        for (const name of ['a', 'b']) {
          const sum = (values: readonly unknown[]) => (values as number[]).reduce((total, value) => total + value, 0)
          expect(sum(valuesOf(after, name))).toBeCloseTo(sum(valuesOf(before, name)), 6)
        }
      }),
      { numRuns: 60 },
    )
  })

  it('takes the median where it is asked to', () => {
    expect(valuesOf(apply(['a'], table({ a: [1, 2, 9] }), 3, 'median'), 'a')).toEqual([2, 2, 2])
  })
})
