import { describe, expect, it } from 'vitest'
import { type Clks, clksFrom } from './clk.ts'
import { diceBetween, diceTop, diceWithin, leftRanges } from './compare.ts'
import { diceOf } from './kernel.ts'
import { lshBetween, lshWithin } from './lsh.ts'
import { type DicePairs, diceBuffer, greedyOneToOne, mergeDice } from './pairs.ts'
import { randomFilters } from './testing/filters.ts'
import { tileRecords } from './wasm/scan.ts'

const rows = ({ length, left, right, dice }: DicePairs) => Array.from({ length }, (_, index) => [left[index], right[index], dice[index]])
const pairsOf = (given: readonly (readonly [number, number, number])[]) => {
  const buffer = diceBuffer()
  for (const [left, right, dice] of given) buffer.add(left, right, dice)
  return buffer.build()
}

function naive(left: Clks, right: Clks, threshold: number): number[][] {
  const found: number[][] = []
  for (let i = 0; i < left.length; i++)
    for (let j = 0; j < right.length; j++) {
      const dice = diceOf(left, i, right, j)
      if (dice >= threshold) found.push([i, j, dice])
    }
  return found
}

const left = randomFilters(512, 90, 1)
const right = clksFrom(
  'test',
  512,
  [...Array(40)].map((_, index) => new Uint8Array(left.words.buffer, (index * 2 + 1) * 64, 64)),
)

describe('comparing all filters', () => {
  it('refuses filters of two schemas or lengths, and more pairs than the cap', () => {
    const refused = expect.objectContaining({ code: 'other_schema' })
    for (const compare of [diceBetween, lshBetween]) {
      expect(() => compare(left, { ...right, schemaHash: 'other' })).toThrow(refused)
      expect(() => compare(left, randomFilters(1024, 2, 1))).toThrow(refused)
    }
    expect(() => diceBetween(left, right, { threshold: 0.2, pairsMax: 10 })).toThrow(expect.objectContaining({ code: 'too_many_pairs' }))
    expect(() => diceTop(left, right, 0)).toThrow(RangeError)
  })

  it.each(['simd', 'plain'] as const)('gives the pairs of the definition, sorted (%s)', (backend) => {
    const found = diceBetween(left, right, { threshold: 0.5, backend })
    expect(found.length).toBeGreaterThan(30)
    expect(rows(found)).toEqual(naive(left, right, 0.5))
  })

  it('compares a set with itself, each pair once and none with itself, over more than one tile', () => {
    const small = randomFilters(512, 50, 4)
    expect(rows(diceWithin(small, { threshold: 0.4 }))).toEqual(naive(small, small, 0.4).filter(([i, j]) => (i as number) < (j as number)))
    const filters = Array.from({ length: tileRecords + 3 }, (_, record) =>
      record === 1 || record === tileRecords + 1 ? new Uint8Array(32).fill(9) : undefined,
    )
    expect(rows(diceWithin(clksFrom('test', 256, filters), { threshold: 1 }))).toEqual([[1, tileRecords + 1, 1]])
  })

  it('gives the same whatever the number of workers', () => {
    const whole = diceBetween(left, right, { threshold: 0.35 })
    const within = diceWithin(left, { threshold: 0.35 })
    for (const parts of [1, 2, 7, 91]) {
      expect(mergeDice(leftRanges(90, parts).map((range) => diceBetween(left, right, { threshold: 0.35, ...range })))).toEqual(whole)
      expect(mergeDice(leftRanges(90, parts).map((range) => diceWithin(left, { threshold: 0.35, ...range })))).toEqual(within)
      expect(
        mergeDice(
          leftRanges(90, parts)
            .reverse()
            .map((range) => diceTop(left, right, 3, { threshold: 0.2, ...range })),
        ),
      ).toEqual(diceTop(left, right, 3, { threshold: 0.2 }))
    }
  })

  it('takes the top few of each left record, equal ones by number', () => {
    const all = naive(left, right, 0.2)
    const expected = Array.from({ length: left.length }, (_, record) =>
      all
        .filter(([i]) => i === record)
        .sort((one, other) => (other[2] as number) - (one[2] as number) || (one[1] as number) - (other[1] as number))
        .slice(0, 3)
        .sort((one, other) => (one[1] as number) - (other[1] as number)),
    ).flat()
    expect(rows(diceTop(left, right, 3, { threshold: 0.2 }))).toEqual(expected)
    const same = clksFrom(
      'test',
      256,
      Array.from({ length: 6 }, () => new Uint8Array(32).fill(5)),
    )
    expect(rows(diceTop(same, same, 2, { to: 1 }))).toEqual([
      [0, 0, 1],
      [0, 1, 1],
    ])
  })
})

describe('one to one', () => {
  it('takes the most alike pair first, equal ones by record, whatever the order they come in', () => {
    const pairs = [
      [0, 0, 0.8],
      [0, 1, 0.9],
      [1, 1, 0.95],
      [2, 0, 0.8],
      [3, 2, 0.7],
    ] as const
    const kept = [
      [0, 0, 0.8],
      [1, 1, 0.95],
      [3, 2, 0.7],
    ]
    expect(rows(greedyOneToOne(pairsOf(pairs)))).toEqual(kept)
    expect(rows(greedyOneToOne(pairsOf([...pairs].reverse())))).toEqual(kept)
  })
})

describe('blocking by sampled bits', () => {
  const options = { threshold: 0.7, tables: 30, sample: 10, seed: 3 }

  it('refuses more candidates than the cap, with their number, before any is compared', () => {
    expect(() => lshBetween(left, right, { ...options, candidatesMax: 5 })).toThrow(
      expect.objectContaining({ code: 'too_many_pairs', message: expect.stringMatching(/propose \d+ pairs and the cap is 5/) }),
    )
    expect(() => lshBetween(left, right, { sample: 31 })).toThrow(RangeError)
  })

  it('finds alike pairs, only such, each once, and the same for any split of the tables', () => {
    const exact = naive(left, right, 0.7)
    const found = lshBetween(left, right, options)
    const names = new Set(exact.map(String))
    expect(rows(found).every((row) => names.has(String(row)))).toBe(true)
    expect(found.length).toBeGreaterThan(0.95 * exact.length)
    expect(new Set(rows(found).map(String)).size).toBe(found.length)
    const parts = [
      [0, 11],
      [11, 12],
      [12, 30],
    ].map(([fromTable, toTable]) => lshBetween(left, right, { ...options, fromTable: fromTable as number, toTable: toTable as number }))
    expect(mergeDice(parts)).toEqual(found)
  })

  it('within one set pairs different records, and none without a filter', () => {
    const found = lshWithin(left, { ...options, threshold: 0.01 })
    expect(found.length).toBeGreaterThan(20)
    expect(rows(found).every(([i, j]) => (i as number) < (j as number) && left.ones[i as number] !== 0 && left.ones[j as number] !== 0)).toBe(true)
  })
})
