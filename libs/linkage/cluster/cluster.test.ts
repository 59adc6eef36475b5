import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { assignmentMax } from './assign.ts'
import { type ClusterMethod, type Clusters, cluster, clusterAt, clusterMethods, membersOf } from './cluster.ts'
import type { Edges } from './edges.ts'
import { greatestSum } from './greatest-sum.ts'
import { add, beginHistory, survivorOf } from './history.ts'

type Edge = readonly [left: number, right: number, weight: number]

function edgesOf(list: readonly Edge[]): Edges {
  return {
    length: list.length,
    left: Int32Array.from(list, ([left]) => left),
    right: Int32Array.from(list, ([, right]) => right),
    weight: Float64Array.from(list, ([, , weight]) => weight),
    probability: Float64Array.from(list, ([, , weight]) => 1 / (1 + 2 ** -weight)),
  }
}

const recordCount = 12
/** Two sources of six records. */
const halves = Int32Array.from({ length: recordCount }, (_, record) => (record < 6 ? 0 : 1))
const someEdges = fc
  .uniqueArray(fc.tuple(fc.integer({ min: 0, max: recordCount - 2 }), fc.integer({ min: 1, max: recordCount - 1 }), fc.integer({ min: -3, max: 8 })), {
    selector: ([left, right]) => `${left} ${right}`,
    maxLength: 40,
  })
  .map((list) => list.filter(([left, right]) => left < right))
const across = someEdges.map((list) => list.filter(([left, right]) => halves[left] !== halves[right]))
const forbiddenPairs = fc.uniqueArray(fc.tuple(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 6, max: 11 })), { maxLength: 6, selector: String })
const groups = (clusters: Clusters): number[][] => {
  const { records, starts } = membersOf(clusters)
  return Array.from({ length: clusters.count }, (_, index) => [...records.subarray(starts[index], starts[index + 1])])
}
const nested: ClusterMethod[] = ['components', 'single-best-link', 'complete-link']

describe('what clustering refuses', () => {
  it('links of records that do not exist, or the wrong way round', () => {
    for (const edge of [
      [0, 3, 1],
      [2, 1, 1],
      [1, 1, 1],
    ] as const)
      expect(() => cluster(edgesOf([edge]), { method: 'components', recordCount: 3 })).toThrow(RangeError)
  })

  it('one-to-one without two sources', () => {
    const links = edgesOf([[0, 1, 1]])
    expect(() => cluster(links, { method: 'one-to-one', recordCount: 2 })).toThrow('give onePer')
    const three = edgesOf([
      [0, 1, 1],
      [1, 2, 1],
    ])
    expect(() => cluster(three, { method: 'one-to-one', recordCount: 3, onePer: Int32Array.of(0, 1, 2) })).toThrow('between two sources')
  })

  it('to follow a link that a rule forbids, and says which and how often', () => {
    const chain = edgesOf([
      [0, 1, 5],
      [1, 2, 4],
    ])
    const cannotLink = (left: number, right: number) => (left === 0 && right === 2 ? 'two numbers' : undefined)
    const found = cluster(chain, { method: 'components', recordCount: 3, cannotLink })
    expect([...found.ids]).toEqual([0, 0, 2])
    expect([...found.refused]).toEqual([['two numbers', 1]])
  })
})

describe('clusters', () => {
  it('do not depend on the order of links', () => {
    fc.assert(
      fc.property(across, fc.infiniteStream(fc.nat()), fc.constantFrom(...clusterMethods), (list, order, method) => {
        const shuffled = list.map((edge) => ({ edge, key: order.next().value as number })).sort((one, other) => one.key - other.key)
        const options = { method, recordCount, onePer: halves }
        expect([...cluster(edgesOf(shuffled.map(({ edge }) => edge)), options).ids]).toEqual([...cluster(edgesOf(list), options).ids])
      }),
    )
  })

  it('only split when the threshold rises', () => {
    fc.assert(
      fc.property(someEdges, fc.constantFrom(...nested), fc.boolean(), forbiddenPairs, (list, method, constrained, forbidden) => {
        const cannotLink = (left: number, right: number) => (forbidden.some(([one, other]) => one === left && other === right) ? 'apart' : undefined)
        const options = { method, recordCount, ...(constrained ? { onePer: halves, cannotLink } : {}) }
        const steps = clusterAt(edgesOf(list), [0, 0.5, 0.7, 0.9, 0.99], options)
        for (const [index, finer] of steps.slice(1).entries()) {
          const coarser = steps[index] as Clusters
          for (const group of groups(finer)) expect(new Set(group.map((record) => coarser.ids[record])).size).toBe(1)
        }
      }),
    )
  })

  it('never hold a forbidden pair or two records of one source', () => {
    fc.assert(
      fc.property(someEdges, across, fc.constantFrom(...clusterMethods), forbiddenPairs, (list, two, method, forbidden) => {
        const cannotLink = (left: number, right: number) => (forbidden.some(([one, other]) => one === left && other === right) ? 'apart' : undefined)
        const found = cluster(edgesOf(method === 'one-to-one' ? two : list), { method, recordCount, onePer: halves, cannotLink })
        for (const [one, other] of forbidden) expect(found.ids[one]).not.toBe(found.ids[other])
        for (const group of groups(found)) expect(new Set(group.map((record) => halves[record])).size).toBe(group.length)
      }),
    )
  })

  it('have their smallest record as id, hold each record once, and are as many as they say', () => {
    fc.assert(
      fc.property(someEdges, fc.constantFrom(...nested), (list, method) => {
        const found = cluster(edgesOf(list), { method, recordCount })
        const all = groups(found)
        expect(all.flat().toSorted((one, other) => one - other)).toEqual([...halves.keys()])
        for (const group of all) for (const record of group) expect(found.ids[record]).toBe(Math.min(...group))
      }),
    )
  })

  it('by components are what a walk over the links reaches', () => {
    fc.assert(
      fc.property(someEdges, (list) => {
        const { ids } = cluster(edgesOf(list), { method: 'components', recordCount })
        for (const start of halves.keys()) {
          const reached = new Set([start])
          for (const record of reached) for (const [left, right] of list) if (left === record || right === record) reached.add(left).add(right)
          expect([...halves.keys()].filter((record) => ids[record] === ids[start])).toEqual([...reached].sort((one, other) => one - other))
        }
      }),
    )
  })

  it('by complete links hold no pair without a link, and are those of complete linkage on a matrix', () => {
    fc.assert(
      fc.property(someEdges, (list) => {
        // With all weights different no tie decides.
        const apart = list.map(([left, right, weight], index): Edge => [left, right, weight + index / 100])
        const found = cluster(edgesOf(apart), { method: 'complete-link', recordCount })
        expect(groups(found)).toEqual(denseCompleteLink(apart))
      }),
    )
  })

  it('take deterministic and probable links together, each pair once', () => {
    const deterministic = edgesOf([[0, 1, Number.POSITIVE_INFINITY]])
    const probable = edgesOf([
      [0, 1, 2],
      [1, 2, 3],
    ])
    expect([...cluster([deterministic, probable], { method: 'complete-link', recordCount: 3 }).ids]).toEqual([0, 0, 2])
    expect([...cluster([deterministic, probable], { method: 'components', recordCount: 3 }).ids]).toEqual([0, 0, 0])
  })
})

describe('the single best link', () => {
  it('is the one that both records would choose into the other’s source', () => {
    // 0 and 1 are of one source; 2 prefers 1, so 0 stays alone although its best is 2.
    const links = edgesOf([
      [0, 2, 5],
      [1, 2, 6],
    ])
    expect([...cluster(links, { method: 'single-best-link', recordCount: 3, onePer: Int32Array.of(0, 0, 1) }).ids]).toEqual([0, 1, 1])
  })
})

describe('one-to-one assignment', () => {
  it('prefers the greatest sum to the strongest link', () => {
    const links = edgesOf([
      [0, 2, 9],
      [0, 3, 8],
      [1, 2, 7],
    ])
    expect([...cluster(links, { method: 'one-to-one', recordCount: 4, onePer: Int32Array.of(0, 0, 1, 1) }).ids]).toEqual([0, 1, 1, 0])
  })

  it('has the greatest sum of all assignments', () => {
    fc.assert(
      fc.property(
        across.map((list) => list.slice(0, 14)),
        (list) => {
          const found = cluster(edgesOf(list), { method: 'one-to-one', recordCount, onePer: halves })
          const worth = (edges: readonly Edge[]): number => edges.reduce((sum, [, , weight]) => sum + Math.max(1e-6, weight), 0)
          const chosen = list.filter(([left, right]) => found.ids[left] === found.ids[right])
          expect(worth(chosen)).toBeCloseTo(bestOf(list, worth), 9)
        },
      ),
      { numRuns: 60 },
    )
  })

  it('is greedy where a part is too large, strongest first', () => {
    const side = assignmentMax + 1
    // A path 0 - s - 1 - s+1 …: greedy takes the strongest, the first, and then every second one.
    const path = Array.from({ length: side * 2 - 1 }, (_, step): Edge => [Math.floor((step + 1) / 2), side + Math.floor(step / 2), 1_000 - step / 10])
    const onePer = Int32Array.from({ length: side * 2 }, (_, record) => (record < side ? 0 : 1))
    const found = cluster(edgesOf(path), { method: 'one-to-one', recordCount: side * 2, onePer })
    expect(found.ids[side]).toBe(0)
    expect(found.count).toBe(side)
  })

  it('solves a table as trying all permutations does', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 20, maxLength: 20 }), (values) => {
        const columns = greatestSum(Float64Array.from(values), 4, 5)
        const sum = columns.reduce((total, column, row) => total + (values[row * 5 + column] as number), 0)
        expect(new Set(columns).size).toBe(4)
        expect(sum).toBe(
          permutations([0, 1, 2, 3, 4]).reduce(
            (best, order) =>
              Math.max(
                best,
                [0, 1, 2, 3].reduce((total, row) => total + (values[row * 5 + (order[row] as number)] as number), 0),
              ),
            0,
          ),
        )
      }),
      { numRuns: 40 },
    )
  })
})

describe('adding records', () => {
  it('is refused when there would be fewer', () => {
    const history = beginHistory(cluster(edgesOf([]), { method: 'components', recordCount: 3 }))
    expect(() => add(history, edgesOf([]), { recordCount: 2 })).toThrow('only added')
  })

  it('keeps ids, writes down which clusters became one and why, and tells where an old id went', () => {
    const first = beginHistory(
      cluster(
        edgesOf([
          [0, 1, 5],
          [2, 3, 5],
        ]),
        { method: 'components', recordCount: 4 },
      ),
    )
    const second = add(
      first,
      edgesOf([
        [2, 4, 3],
        [1, 4, 2],
      ]),
      { recordCount: 6 },
    )
    expect([...second.clusters.ids]).toEqual([0, 0, 0, 0, 0, 5])
    expect(second.merges).toEqual([{ addition: 1, into: 0, from: 2, left: 1, right: 4, weight: 2, probability: expect.closeTo(0.8, 9) }])
    expect([survivorOf(second, 2), survivorOf(second, 0), survivorOf(second, 5)]).toEqual([0, 0, 5])
    expect(first.clusters.ids[2]).toBe(2)
  })

  it('one by one gives the components of all at once, and every old id leads to one of them', () => {
    fc.assert(
      fc.property(someEdges, (list) => {
        let history = beginHistory(cluster(edgesOf([]), { method: 'components', recordCount: 0 }))
        const before: number[] = []
        for (let count = 1; count <= recordCount; count++) {
          const fresh = list.filter(([, right]) => right === count - 1)
          history = add(history, edgesOf(fresh), { recordCount: count })
          before.push(...history.clusters.ids)
        }
        expect([...history.clusters.ids]).toEqual([...cluster(edgesOf(list), { method: 'components', recordCount }).ids])
        const ids = new Set(history.clusters.ids)
        for (const id of before) expect(ids.has(survivorOf(history, id))).toBe(true)
      }),
    )
  })

  it('keeps constraints', () => {
    const history = beginHistory(cluster(edgesOf([[0, 1, 5]]), { method: 'components', recordCount: 2 }))
    const cannotLink = (left: number, right: number) => (left === 0 && right === 2 ? 'apart' : undefined)
    const after = add(history, edgesOf([[1, 2, 9]]), { recordCount: 3, cannotLink })
    expect([...after.clusters.ids]).toEqual([0, 0, 2])
    expect(after.clusters.refused.get('apart')).toBe(1)
  })
})

function denseCompleteLink(list: readonly Edge[]): number[][] {
  let all = [...halves.keys()].map((record) => [record])
  const weightOf = (one: number, other: number): number =>
    list.find(([left, right]) => left === Math.min(one, other) && right === Math.max(one, other))?.[2] ?? Number.NEGATIVE_INFINITY
  for (;;) {
    let best: { value: number; one: number[]; other: number[] } | undefined
    for (const one of all)
      for (const other of all) {
        if (one === other) continue
        const value = Math.min(...one.flatMap((left) => other.map((right) => weightOf(left, right))))
        if (value > Number.NEGATIVE_INFINITY && (best === undefined || value > best.value)) best = { value, one, other }
      }
    if (best === undefined)
      return all.map((group) => group.toSorted((one, other) => one - other)).sort((one, other) => (one[0] as number) - (other[0] as number))
    const { one, other } = best
    all = [...all.filter((group) => group !== one && group !== other), [...one, ...other]]
  }
}

function bestOf(list: readonly Edge[], worth: (edges: readonly Edge[]) => number): number {
  const [first, ...others] = list
  if (first === undefined) return 0
  const without = others.filter(([left, right]) => left !== first[0] && right !== first[1])
  return Math.max(worth([first]) + bestOf(without, worth), bestOf(others, worth))
}

function permutations(items: readonly number[]): number[][] {
  return items.length === 0 ? [[]] : items.flatMap((item) => permutations(items.filter((other) => other !== item)).map((rest) => [item, ...rest]))
}
