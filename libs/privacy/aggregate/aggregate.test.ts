import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { seededRandom } from '../random/seeded.ts'
import { guardDifferencing } from './differencing.ts'
import type { Reason } from './primary.ts'
import { acro, dataShield, openSafely, type Profile, strictest } from './profile.ts'
import { type ProtectedTable, protect, published, type ReleasedCell } from './protect.ts'
import { roundAtRandom, roundControlled, roundConventionally } from './rounding.ts'
import { audit, type Interval } from './secondary.ts'
import { countTable, extended, sumTable, type Table } from './table.ts'

const plain: Profile = { name: 'plain', threshold: 3, zeros: 'safe', groupDisclosure: false, totals: 'protected', protection: { count: 1, share: 0.1 } }
const names = (count: number, prefix: string) => Array.from({ length: count }, (_, index) => `${prefix}${index}`)
const counts = (...lines: number[][]) => countTable(names(lines.length, 'r'), names(lines[0]?.length ?? 0, 'c'), lines)
const sums = (...lines: number[][][]) => sumTable(names(lines.length, 'r'), names(lines[0]?.length ?? 0, 'c'), lines)
const reasonsOf = (cell: ReleasedCell | undefined): readonly Reason[] => (cell === undefined || cell.shown ? [] : cell.reasons)
/** Flat, with totals, as an attacker reads it. */
const flat = (table: ProtectedTable): ReleasedCell[] => [
  ...table.cells.flatMap((line, row) => [...line, table.rowTotals[row]!]),
  ...table.columnTotals,
  table.total,
]

describe('a table is refused', () => {
  it.each([
    ['ragged', () => counts([1, 2], [3])],
    ['ragged', () => countTable(['a'], ['b'], [])],
    ['empty', () => countTable([], [], [])],
    ['too_large', () => counts(...Array.from({ length: 101 }, () => Array.from({ length: 100 }, () => 1)))],
    ['not_a_count', () => counts([1.5, 2])],
    ['not_a_count', () => counts([-1, 2])],
    ['negative', () => sums([[5, -1]])],
    ['negative', () => sums([[Number.NaN]])],
  ] as const)('as %s', (code, make) => {
    expect(make).toThrow(expect.objectContaining({ name: 'TableError', code }))
  })

  it('without the contributions the rules look at', () => {
    const table: Table = { kind: 'sum', rows: ['r'], columns: ['c'], cells: [[{ value: 10, contributors: 5, largest: [4] }]] }
    expect(() => protect(table, acro)).toThrow(expect.objectContaining({ code: 'largest_missing' }))
  })

  it('with rounding that lacks what it needs, or refused cells that are not there', () => {
    expect(() => protect(counts([10]), { ...plain, rounding: { method: 'random', base: 5 } })).toThrow('source of randomness')
    expect(() => protect(counts([10]), plain, { refused: [{ row: 1, column: 0, reason: 'differencing' }] })).toThrow('no cell in row 1')
    expect(() => roundAtRandom(1.5, 5, seededRandom(''))).toThrow(RangeError)
    expect(() => roundAtRandom(1, 0, seededRandom(''))).toThrow(RangeError)
  })
})

describe('primary rules', () => {
  const reasonOfOnly = (table: Table, profile: Profile) => reasonsOf(protect(table, profile).cells[0]?.[0])

  it('threshold: fewer people than it, not as many', () => {
    expect(reasonOfOnly(counts([2, 50], [50, 50]), plain)).toEqual(['threshold'])
    expect(reasonOfOnly(counts([3, 50], [50, 50]), plain)).toEqual([])
    expect(reasonOfOnly(counts([0, 50], [50, 50]), plain)).toEqual([])
    expect(reasonOfOnly(counts([0, 50], [50, 50]), { ...plain, zeros: 'disclosive' })).toEqual(['zero'])
  })

  it('dominance: more than the share, not just it', () => {
    const rule: Profile = { ...plain, threshold: 1, dominance: { n: 2, k: 0.9 } }
    const rest = Array.from({ length: 50 }, () => 10)
    expect(reasonOfOnly(sums([[50, 40, 5, 4], rest], [rest, rest]), rule)).toEqual(['dominance'])
    expect(reasonOfOnly(sums([[50, 40, 5, 5], rest], [rest, rest]), rule)).toEqual([])
  })

  it('p-ratio: the second largest could tell the largest', () => {
    const rule: Profile = { ...plain, threshold: 1, pRatio: 0.1 }
    const rest = Array.from({ length: 50 }, () => 10)
    expect(reasonOfOnly(sums([[100, 40, 5, 4], rest], [rest, rest]), rule)).toEqual(['p-ratio'])
    expect(reasonOfOnly(sums([[100, 40, 5, 5], rest], [rest, rest]), rule)).toEqual([])
  })

  it('group disclosure: everybody of a row in one cell', () => {
    const rule: Profile = { ...plain, groupDisclosure: true }
    const table = protect(counts([40, 0, 0], [20, 30, 25]), rule)
    expect(table.cells[0]?.map(reasonsOf)).toEqual([['group'], ['group'], ['group']])
    expect(
      protect(counts([40, 1, 1], [20, 30, 25]), { ...rule, threshold: 1 })
        .cells.flat()
        .every((cell) => cell.shown),
    ).toBe(true)
  })

  it('names every rule a cell breaks', () => {
    expect(
      reasonOfOnly(
        sums([
          [90, 8],
          [10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10],
        ]),
        acro,
      ),
    ).toEqual(['threshold', 'dominance', 'p-ratio'])
  })
})

describe('profiles', () => {
  it('OpenSAFELY redacts 7, shows 8, rounds to 5 and adds up what is shown', () => {
    const table = protect(counts([7, 8, 12], [13, 22, 0]), openSafely)
    expect(table.cells.map(published)).toEqual([
      [null, 10, 10],
      [15, 20, 0],
    ])
    expect([published(table.rowTotals), published(table.columnTotals), published([table.total])]).toEqual([[20, 35], [15, 30, 10], [55]])
  })

  it('DataSHIELD shows 3 and not 2', () => {
    expect(
      protect(counts([3, 9], [9, 9]), dataShield)
        .cells.flat()
        .every((cell) => cell.shown),
    ).toBe(true)
    expect(protect(counts([2, 9], [9, 9]), dataShield).cells[0]?.[0]?.shown).toBe(false)
  })

  it('ACRO hides 9, 0 and dominated sums', () => {
    const table = protect(counts([9, 50, 60], [0, 70, 80], [90, 99, 98]), acro)
    expect(reasonsOf(table.cells[0]?.[0])).toEqual(['threshold'])
    expect(reasonsOf(table.cells[1]?.[0])).toEqual(['zero'])
  })

  it('together apply the strictest of each rule', () => {
    expect(strictest(dataShield, openSafely, acro)).toMatchObject({
      threshold: 10,
      zeros: 'disclosive',
      dominance: { n: 2, k: 0.9 },
      pRatio: 0.1,
      groupDisclosure: true,
      rounding: { base: 5 },
      totals: 'recomputed',
      protection: { count: 10 },
    })
  })
})

describe('secondary suppression', () => {
  it('hides a rectangle around a small cell, of the cells of least value', () => {
    const table = protect(counts([1, 20, 30], [40, 8, 60], [70, 80, 9]), plain)
    expect(table.cells.map(published)).toEqual([
      [null, null, 30],
      [null, null, 60],
      [70, 80, 9],
    ])
    expect(reasonsOf(table.cells[1]?.[1])).toEqual(['secondary'])
    expect(table.cells[0]?.[0]).toMatchObject({ interval: { lower: 0, upper: 21 } })
  })

  it('hides totals that are small themselves', () => {
    const table = protect(counts([1, 1], [50, 60]), plain)
    expect(table.rowTotals[0]?.shown).toBe(false)
  })

  it('publishes no reason', () => {
    expect(published(protect(counts([1, 9], [9, 9]), plain).cells.flat())).toEqual([null, null, null, null])
  })

  it('leaves the interval its profile asks for', () => {
    const wide: Profile = { ...plain, protection: { count: 10, share: 0 } }
    const table = protect(counts([1, 4, 30], [4, 50, 60], [40, 80, 90]), wide)
    const hidden = table.cells[0]?.[0]
    expect(hidden?.shown === false && hidden.interval && hidden.interval.upper - hidden.interval.lower).toBeGreaterThanOrEqual(10)
  })
})

/** Every row and column with the place of its total, columns of cells first, so that hidden totals are filled in before they are added up. */
function linesOf(height: number, width: number): { places: number[]; total: number }[] {
  const line = (first: number, step: number, length: number) => ({
    places: Array.from({ length: length - 1 }, (_, index) => first + index * step),
    total: first + (length - 1) * step,
  })
  const columns = Array.from({ length: width - 1 }, (_, column) => line(column, width, height))
  const rows = Array.from({ length: height }, (_, row) => line(row * width, 1, width))
  return [...columns, ...rows, line(width - 1, width, height)]
}

/**
 * An attacker by brute force: every table of whole numbers up to `cap` that agrees with what is shown, and from them the range of each
 * hidden cell.
 */
function attack(released: readonly ReleasedCell[], height: number, width: number, cap: number): Map<number, Interval> {
  const lines = linesOf(height, width)
  const totals = new Set(lines.map((line) => line.total))
  const hidden = [...released.keys()].filter((place) => !released[place]!.shown)
  const guessed = hidden.filter((place) => !totals.has(place))
  const found = new Map<number, Interval>()

  const consider = (guess: readonly number[]): void => {
    const values = released.map((cell) => (cell.shown ? cell.value : Number.NaN))
    for (const [index, place] of guessed.entries()) values[place] = guess[index]!
    for (const { places, total } of lines) {
      const sum = places.reduce((sum, place) => sum + values[place]!, 0)
      if (Number.isNaN(values[total]!)) values[total] = sum
      else if (values[total] !== sum) return
    }
    for (const place of hidden) {
      const value = values[place]!
      const { lower, upper } = found.get(place) ?? { lower: value, upper: value }
      found.set(place, { lower: Math.min(lower, value), upper: Math.max(upper, value) })
    }
  }
  const visit = (guess: readonly number[]): void => {
    if (guess.length === guessed.length) consider(guess)
    else for (let value = 0; value <= cap; value += 1) visit([...guess, value])
  }
  visit([])
  return found
}

describe('properties against an attacker', () => {
  const small = fc
    .tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 }))
    .chain(([height, width]) => fc.array(fc.array(fc.nat(4), { minLength: width, maxLength: width }), { minLength: height, maxLength: height }))

  it('the audited intervals are those found by trying all tables', () => {
    let compared = 0
    fc.assert(
      fc.property(small, fc.array(fc.nat(15), { maxLength: 7 }), (lines, places) => {
        const whole = extended(counts(...lines))
        const hidden = new Set(places.map((place) => place % whole.cells.length))
        const inner = [...hidden].filter((place) => place % whole.width < whole.width - 1 && place < whole.width * (whole.height - 1))
        fc.pre(inner.length <= 4)
        const released = whole.cells.map(
          (cell, place): ReleasedCell => (hidden.has(place) ? { shown: false, reasons: [] } : { shown: true, value: cell.value }),
        )
        const cap = 13
        const tried = attack(released, whole.height, whole.width, cap)
        for (const [place, { lower, upper }] of audit(whole, hidden)) {
          compared += 1
          expect(tried.get(place)?.lower).toBe(lower)
          if (upper === Number.POSITIVE_INFINITY) expect(tried.get(place)?.upper).toBeGreaterThanOrEqual(cap)
          else expect(tried.get(place)?.upper).toBe(upper)
        }
      }),
      { numRuns: 150 },
    )
    expect(compared).toBeGreaterThan(200)
  })

  it('no hidden cell of a protected table can be worked out', () => {
    fc.assert(
      fc.property(small, fc.integer({ min: 2, max: 4 }), fc.boolean(), (lines, threshold, strict) => {
        const rule: Profile = { ...plain, threshold, zeros: strict ? 'disclosive' : 'safe', groupDisclosure: strict }
        const table = protect(counts(...lines), rule)
        const released = flat(table)
        for (const cell of released) if (!cell.shown) expect(cell.interval!.upper).toBeGreaterThan(cell.interval!.lower)
        const inner = table.cells.flat().filter((cell) => !cell.shown)
        if (inner.length > 4) return
        for (const { lower, upper } of attack(released, lines.length + 1, lines[0]!.length + 1, 9).values()) expect(upper).toBeGreaterThan(lower)
      }),
      { numRuns: 200 },
    )
  })

  it('larger tables and sums keep the width asked for, and no cell under the threshold is shown', () => {
    const contributions = fc.array(fc.double({ min: 0, max: 1_000, noNaN: true }), { maxLength: 14 })
    const tables = fc.array(fc.array(contributions, { minLength: 4, maxLength: 4 }), { minLength: 4, maxLength: 6 })
    fc.assert(
      fc.property(tables, (lines) => {
        const table = protect(sums(...lines), { ...acro, rounding: undefined } as unknown as Profile)
        const whole = extended(sums(...lines))
        flat(table).forEach((cell, place) => {
          const { contributors, value } = whole.cells[place]!
          if (cell.shown) expect(contributors).toBeGreaterThanOrEqual(10)
          else if (!cell.reasons.includes('secondary')) expect(cell.interval!.upper - cell.interval!.lower).toBeGreaterThanOrEqual(0.1 * value * (1 - 1e-9))
        })
      }),
      { numRuns: 40 },
    )
  })
})

describe('rounding', () => {
  it('conventional goes to the nearest', () => {
    expect([0, 2, 2.5, 3, 7, 8].map((value) => roundConventionally(value, 5))).toEqual([0, 0, 5, 5, 5, 10])
  })

  it('at random goes to a neighbour and keeps the expectation', () => {
    const random = seededRandom('rounding')
    const drawn = Array.from({ length: 20_000 }, () => roundAtRandom(12, 5, random))
    expect(new Set(drawn)).toEqual(new Set([10, 15]))
    expect(drawn.reduce((sum, value) => sum + value) / drawn.length).toBeCloseTo(12, 1)
    expect(roundAtRandom(15, 5, random)).toBe(15)
  })

  const tables = fc
    .tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 5 }))
    .chain(([height, width]) => fc.array(fc.array(fc.nat(40), { minLength: width, maxLength: width }), { minLength: height, maxLength: height }))

  it('controlled keeps sums and stays with the neighbours', () => {
    fc.assert(
      fc.property(tables, fc.integer({ min: 1, max: 10 }), fc.string(), (lines, base, seed) => {
        const whole = extended(counts(...lines))
        const values = roundControlled(whole, base, seededRandom(seed))
        values.forEach((value, place) => {
          const { value: before } = whole.cells[place]!
          expect(value % base).toBe(0)
          expect(Math.abs(value - before)).toBeLessThan(base)
        })
        for (let row = 0; row < whole.height; row += 1) {
          const line = values.slice(row * whole.width, (row + 1) * whole.width)
          expect(line.slice(0, -1).reduce((sum, value) => sum + value, 0)).toBe(line.at(-1))
        }
        for (let column = 0; column < whole.width; column += 1) {
          const line = values.filter((_, place) => place % whole.width === column)
          expect(line.slice(0, -1).reduce((sum, value) => sum + value, 0)).toBe(line.at(-1))
        }
      }),
    )
  })

  it('controlled rounding of a protected table: what is shown is a multiple, and hidden cells stay hidden', () => {
    const table = protect(
      counts([1, 20, 31], [40, 8, 60], [70, 81, 9]),
      { ...plain, rounding: { method: 'controlled', base: 5 } },
      { random: seededRandom('p') },
    )
    expect(flat(table).every((cell) => !cell.shown || cell.value % 5 === 0)).toBe(true)
    expect(flat(table).filter((cell) => !cell.shown)).toHaveLength(4)
    expect(table.columnTotals.reduce((sum, cell) => sum + (cell.shown ? cell.value : Number.NaN), 0)).toBe(table.total.shown && table.total.value)
  })

  it('controlled keeps the expectation of every cell', () => {
    const whole = extended(counts([1, 7, 3], [4, 4, 11]))
    const random = seededRandom('controlled')
    const mean = whole.cells.map(() => 0)
    for (let draw = 0; draw < 4_000; draw += 1) {
      for (const [place, value] of roundControlled(whole, 5, random).entries()) mean[place]! += value / 4_000
    }
    for (const [place, { value }] of whole.cells.entries()) expect(Math.abs(mean[place]! - value)).toBeLessThan(0.17)
  })
})

describe('differencing', () => {
  const people = (from: number, to: number) => new Set(Array.from({ length: to - from }, (_, index) => from + index))
  const earlier = [{ id: 'first', people: people(0, 100) }]

  it('refuses what differs from an earlier release by a few, on either side', () => {
    expect(guardDifferencing({ id: 'new', people: people(0, 103) }, earlier, 5)).toEqual({
      outcome: 'refuse',
      isolations: [{ against: ['first'], side: 'new without earlier', people: 3 }],
    })
    expect(guardDifferencing({ id: 'new', people: people(2, 100) }, earlier, 5)).toMatchObject({ isolations: [{ side: 'earlier without new', people: 2 }] })
    expect(guardDifferencing({ id: 'new', people: people(1, 101) }, earlier, 5)).toMatchObject({ isolations: [{ people: 1 }, { people: 1 }] })
  })

  it('refuses what several earlier releases leave a few of', () => {
    const parts = [
      { id: 'a', people: people(0, 50) },
      { id: 'b', people: people(50, 98) },
    ]
    expect(guardDifferencing({ id: 'new', people: people(0, 100) }, parts, 5)).toEqual({
      outcome: 'refuse',
      isolations: [{ against: ['a', 'b'], side: 'new without earlier', people: 2 }],
    })
  })

  it('lets through the same people, other people, and what differs by enough', () => {
    for (const cohort of [people(0, 100), people(200, 203), people(0, 105), people(5, 100)]) {
      expect(guardDifferencing({ id: 'new', people: cohort }, earlier, 5)).toEqual({ outcome: 'release' })
    }
  })

  it('whose refused cell is hidden with its reason', () => {
    const table = protect(counts([50, 60], [70, 80]), plain, { refused: [{ row: 0, column: 1, reason: 'differencing' }] })
    expect(reasonsOf(table.cells[0]?.[1])).toEqual(['differencing'])
    expect(table.cells.flat().filter((cell) => !cell.shown)).toHaveLength(4)
  })
})
