import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ModelError } from '../model/model.ts'
import { Cut } from './cut.ts'
import { type ItemHierarchy, ItemHierarchyError, itemHierarchy } from './item-hierarchy.ts'
import { KmLimitError, kmCheck } from './km-check.ts'
import { kmTreat } from './km-treat.ts'

const records = [
  ['a1', 'b1', 'b2'],
  ['a2', 'b1'],
  ['a2', 'b1', 'b2'],
  ['a1', 'a2', 'b2'],
]
const twoGroups = itemHierarchy([
  ['a1', 'A', '*'],
  ['a2', 'A', '*'],
  ['b1', 'B', '*'],
  ['b2', 'B', '*'],
])

/** All subsets of at most m items of all records, counted one by one. */
function supports(table: readonly (readonly string[])[], m: number): Map<string, number> {
  const found = new Map<string, number>()
  for (const record of table) {
    const items = [...new Set(record)].sort()
    for (let mask = 1; mask < 2 ** items.length; mask++) {
      const chosen = items.filter((_, index) => (mask >> index) % 2 === 1)
      if (chosen.length <= m) found.set(chosen.join(), (found.get(chosen.join()) ?? 0) + 1)
    }
  }
  return found
}

const holdsNaively = (table: readonly (readonly string[])[], k: number, m: number): boolean => [...supports(table, m).values()].every((count) => count >= k)

/** Every cut of a hierarchy, as what each item is shown as: per item itself or an ancestor, such that a group takes all below it. */
function allCuts(hierarchy: ItemHierarchy): Map<string, string>[] {
  const ancestors = (item: string): string[] => {
    const parent = hierarchy.parentOf.get(item)
    return parent === undefined ? [item] : [item, ...ancestors(parent)]
  }
  let cuts: Map<string, string>[] = [new Map()]
  for (const item of hierarchy.items) cuts = cuts.flatMap((cut) => ancestors(item).map((shown) => new Map(cut).set(item, shown)))
  return cuts.filter((cut) => [...cut.values()].every((shown) => hierarchy.items.every((item) => !ancestors(item).includes(shown) || cut.get(item) === shown)))
}

function lossOf(cut: ReadonlyMap<string, string>, table: readonly (readonly string[])[]): number {
  const items = table.flatMap((record) => [...new Set(record)])
  const penalty = (item: string): number => (cut.get(item) === item ? 0 : [...cut.values()].filter((shown) => shown === cut.get(item)).length / cut.size)
  return items.length === 0 ? 0 : items.reduce((total, item) => total + penalty(item), 0) / items.length
}

describe('item hierarchy', () => {
  it.each([
    [
      'two_parents',
      [
        ['a', 'A'],
        ['a', 'B'],
      ],
    ],
    [
      'group_is_item',
      [
        ['a', 'b'],
        ['b', 'B'],
      ],
    ],
    ['circle', [['a', 'A', 'B', 'A']]],
  ] as const)('%s: refused, and the item named', (code, rows) => {
    expect(() => itemHierarchy(rows)).toThrow(ItemHierarchyError)
    expect(() => itemHierarchy(rows)).toThrow(expect.objectContaining({ code }))
  })

  it('an item that it does not cover is named', () => {
    expect(() => Cut.untouched(twoGroups).apply(['a1', 'c'])).toThrow(expect.objectContaining({ code: 'uncovered_item', item: 'c' }))
  })

  it('raising an item raises all below its parent, and splitting puts them back', () => {
    const raised = Cut.untouched(twoGroups).raised('a1')
    expect(raised?.apply(['a1', 'a2', 'b1'])).toEqual(['A', 'b1'])
    expect(raised?.split('A')?.key()).toBe(Cut.untouched(twoGroups).key())
    expect(raised?.raised('A')?.apply(['a1', 'b1'])).toEqual(['*'])
    expect(raised?.raised('A')?.raised('*')).toBeUndefined()
  })
})

describe('k^m-anonymity', () => {
  it.each([[{ k: 1, m: 2 }], [{ k: 2.5, m: 2 }], [{ k: 2, m: 0 }]])('refuses %o', (model) => {
    expect(() => kmCheck(records, model)).toThrow(ModelError)
  })

  it('stops where more itemsets occur than allowed', () => {
    expect(() => kmCheck(records, { k: 2, m: 2 }, { itemsets: 5 })).toThrow(KmLimitError)
  })

  it('finds the pairs that occur once', () => {
    const verdict = kmCheck(records, { k: 2, m: 2 })
    expect(verdict.holds).toBe(false)
    expect(verdict.violations).toEqual([
      { items: ['a1', 'b1'], support: 1 },
      { items: ['a1', 'a2'], support: 1 },
    ])
    expect(kmCheck(records, { k: 2, m: 1 }).holds).toBe(true)
  })

  it('counts an item once in a record, and asks nothing of empty ones', () => {
    expect(kmCheck([['a', 'a'], []], { k: 2, m: 1 }).violations).toEqual([{ items: ['a'], support: 1 }])
    expect(kmCheck([[], []], { k: 2, m: 3 }).holds).toBe(true)
  })

  const item = fc.constantFrom('a1', 'a2', 'b1', 'b2', 'b3')
  const table = fc.array(fc.array(item, { maxLength: 5 }), { maxLength: 9 })
  const model = fc.record({ k: fc.integer({ min: 2, max: 4 }), m: fc.integer({ min: 1, max: 4 }) })

  it('agrees with counting every subset, and names only failing ones of the smallest size', () => {
    fc.assert(
      fc.property(table, model, (rows, { k, m }) => {
        const verdict = kmCheck(rows, { k, m })
        expect(verdict.holds).toBe(holdsNaively(rows, k, m))
        const failing = [...supports(rows, m)].filter(([, count]) => count < k).map(([items]) => items.split(','))
        const smallest = Math.min(...failing.map((items) => items.length))
        expect(verdict.violationCount).toBe(failing.filter((items) => items.length === smallest).length)
        expect(new Set(verdict.violations.map(({ items }) => [...items].sort().join()))).toEqual(
          new Set(failing.filter((items) => items.length === smallest).map((items) => items.join())),
        )
      }),
      { numRuns: 500 },
    )
  })

  it('does not depend on the order of records and items', () => {
    fc.assert(
      fc.property(table, model, (rows, { k, m }) => {
        const turned = rows.map((record) => [...record].reverse()).reverse()
        expect(kmCheck(turned, { k, m }).violationCount).toBe(kmCheck(rows, { k, m }).violationCount)
      }),
    )
  })
})

describe('generalising to k^m-anonymity', () => {
  it('raises a1 and a2 to A and leaves the others', () => {
    const treated = kmTreat(records, { k: 2, m: 2, hierarchy: twoGroups })
    if (treated.outcome !== 'treated') throw new Error('not treated')
    expect(Object.fromEntries(treated.mapping)).toEqual({ a1: 'A', a2: 'A', b1: 'b1', b2: 'b2' })
    expect(Object.fromEntries(supports(treated.records, 2))).toEqual({ A: 4, b1: 3, b2: 3, 'A,b1': 3, 'A,b2': 3, 'b1,b2': 2 })
    expect(treated.optimal).toBe(true)
    // Five of the eleven occurrences are of a1 or a2, and each of them may mean two of four items.
    expect(treated.loss).toBeCloseTo((5 / 11) * (2 / 4), 12)
  })

  it('says so where even the roots fail', () => {
    const treated = kmTreat([['a1'], ['a1'], ['b1']], {
      k: 2,
      m: 1,
      hierarchy: itemHierarchy([
        ['a1', 'A'],
        ['b1', 'B'],
      ]),
    })
    expect(treated).toMatchObject({ outcome: 'impossible', violation: { items: ['B'], support: 1 } })
  })

  const hierarchies = [
    twoGroups,
    itemHierarchy([
      ['a1', 'A', '*'],
      ['a2', 'A', '*'],
      ['b1', 'B', 'BB', '*'],
      ['b2', 'B', 'BB', '*'],
      ['b3', 'BB', '*'],
    ]),
    itemHierarchy([
      ['a1', 'A'],
      ['a2', 'A'],
      ['b1', 'B'],
      ['b2', 'B'],
      ['b3', 'B'],
    ]),
  ]
  const problem = fc.constantFrom(...hierarchies).chain((hierarchy) =>
    fc.record({
      hierarchy: fc.constant(hierarchy),
      rows: fc.array(fc.array(fc.constantFrom(...hierarchy.items), { maxLength: 4 }), { minLength: 1, maxLength: 10 }),
      k: fc.integer({ min: 2, max: 4 }),
      m: fc.integer({ min: 1, max: 3 }),
    }),
  )

  it('finds the least loss of all cuts, or none where none qualifies', () => {
    fc.assert(
      fc.property(problem, ({ hierarchy, rows, k, m }) => {
        const treated = kmTreat(rows, { k, m, hierarchy })
        const apply = (cut: ReadonlyMap<string, string>) => rows.map((record) => [...new Set(record.map((each) => cut.get(each) ?? ''))])
        const losses = allCuts(hierarchy)
          .filter((cut) => holdsNaively(apply(cut), k, m))
          .map((cut) => lossOf(cut, rows))
        expect(treated.outcome).toBe(losses.length > 0 ? 'treated' : 'impossible')
        if (treated.outcome !== 'treated') return
        expect(holdsNaively(treated.records, k, m)).toBe(true)
        expect(treated.records).toEqual(apply(treated.mapping))
        expect(treated.loss).toBeCloseTo(Math.min(...losses), 12)
      }),
      { numRuns: 300 },
    )
  })

  it('without the checks to prove it, still gives a cut in which no group can be split again', () => {
    fc.assert(
      fc.property(problem, ({ hierarchy, rows, k, m }) => {
        const treated = kmTreat(rows, { k, m, hierarchy, checks: 1 })
        if (treated.outcome !== 'treated') {
          expect(kmTreat(rows, { k, m, hierarchy }).outcome).toBe('impossible')
          return
        }
        expect(holdsNaively(treated.records, k, m)).toBe(true)
        const apply = (cut: ReadonlyMap<string, string>) => rows.map((record) => [...new Set(record.map((each) => cut.get(each) ?? ''))])
        const lower = allCuts(hierarchy).filter((cut) => isBelow(cut, treated.mapping, hierarchy))
        for (const cut of lower) expect(holdsNaively(apply(cut), k, m)).toBe(false)
      }),
      { numRuns: 200 },
    )
  })
})

/** Whether a cut differs from another and raises no item higher. */
function isBelow(cut: ReadonlyMap<string, string>, other: ReadonlyMap<string, string>, hierarchy: ItemHierarchy): boolean {
  const height = (item: string, shown: string | undefined): number => {
    let steps = 0
    for (let at: string | undefined = item; at !== undefined && at !== shown; at = hierarchy.parentOf.get(at)) steps++
    return steps
  }
  const pairs = [...cut].map(([item, shown]) => [height(item, shown), height(item, other.get(item))] as const)
  return pairs.every(([low, high]) => low <= high) && pairs.some(([low, high]) => low < high)
}
