import { type Dataset, datasetFrom, rowsOf } from '@gatehouse/tabular/dataset'
import { describe, expect, it } from 'vitest'
import { HierarchyError } from '../hierarchy/error.ts'
import { type Hierarchy, tableHierarchy } from '../hierarchy/hierarchy.ts'
import { intervalHierarchy } from '../hierarchy/interval.ts'
import { averageRisk } from '../model/average-risk.ts'
import { distinctLDiversity } from '../model/distinct-l-diversity.ts'
import { kAnonymity } from '../model/k-anonymity.ts'
import { kMap } from '../model/k-map.ts'
import { ModelError } from '../model/model.ts'
import { tCloseness } from '../model/t-closeness.ts'
import { TreatmentError } from './error.ts'
import { localRecode } from './local-recode.ts'
import type { Role, TreatOptions } from './options.ts'
import { reapply } from './reapply.ts'
import { prepare, treat } from './treat.ts'

const fields = [
  { name: 'person', type: 'string' as const, sensitivity: 'direct_identifier' as const, nullable: false },
  { name: 'age', type: 'integer' as const, sensitivity: 'quasi_identifier' as const, nullable: true },
  { name: 'place', type: 'string' as const, sensitivity: 'quasi_identifier' as const, nullable: true },
  { name: 'illness', type: 'string' as const, sensitivity: 'sensitive' as const, nullable: true },
]
const roles: Record<string, Role> = { person: 'identifying', age: 'quasi', place: 'quasi', illness: 'sensitive' }

function table(rows: readonly (readonly [number | null, string | null, string])[]): Dataset {
  return datasetFrom(
    fields,
    rows.map(([age, place, illness], index) => ({ person: `p${index}`, age, place, illness })),
  )
}

const people = table([
  [31, 'north', 'flu'],
  [32, 'north', 'cold'],
  [33, 'north', 'flu'],
  [41, 'south', 'cold'],
  [42, 'south', 'flu'],
  [77, 'west', 'flu'],
])
const ages = intervalHierarchy('age', { values: Array.from({ length: 100 }, (_, age) => age), widths: [10, 50] })
const places = tableHierarchy('place', [
  ['north', 'upper', '*'],
  ['south', 'lower', '*'],
  ['west', 'lower', '*'],
])
const hierarchies: Record<string, Hierarchy> = { age: ages, place: places }
const options: TreatOptions = { roles, hierarchies, models: [kAnonymity(2)], suppressionLimit: 0.2 }

function fault(change: Partial<TreatOptions>, dataset = people): string {
  try {
    treat(dataset, { ...options, ...change })
  } catch (error) {
    if (error instanceof TreatmentError || error instanceof HierarchyError) return error.code
    if (error instanceof ModelError) return error.name
    throw error
  }
  return 'none'
}

describe('a treatment is refused', () => {
  it.each<[string, Partial<TreatOptions>]>([
    ['unknown_attribute', { roles: { ...roles, city: 'quasi' } }],
    ['unknown_attribute', { hierarchies: { ...hierarchies, city: places } }],
    ['unknown_attribute', { weights: { city: 1 } }],
    ['unknown_attribute', { models: [distinctLDiversity('city', 2)] }],
    ['wrong_role', { models: [distinctLDiversity('place', 2)] }],
    ['no_quasi_identifier', { roles: { person: 'identifying' } }],
    ['no_models', { models: [] }],
    ['bad_limit', { suppressionLimit: -0.01 }],
    ['bad_limit', { suppressionLimit: 1.01 }],
    ['bad_limit', { suppressionLimit: Number.NaN }],
    ['bad_weight', { weights: { age: -1 } }],
    ['bad_weight', { weights: { age: 0, place: 0 } }],
    ['bad_option', { budget: { checks: 0 } }],
    ['bad_option', { budget: { milliseconds: 5 } }],
    ['population_missing', { models: [kMap(2)] }],
    ['population_too_small', { population: table([[31, 'north', 'flu']]) }],
    ['uncovered_value', { hierarchies: { ...hierarchies, place: tableHierarchy('place', [['north', '*']]) } }],
    ['ModelError', { models: [kAnonymity(7)] }],
    ['ModelError', { models: [kAnonymity(2), distinctLDiversity('illness', 3)] }],
    // Classes of two rows cannot be as the whole table is, and one class of all cannot have an average risk of a sixth without all.
    ['unsatisfiable', { models: [kAnonymity(6)], hierarchies: { ...hierarchies, place: tableHierarchy('place', [['north'], ['south'], ['west']]) } }],
    ['aborted', { signal: { aborted: true } }],
  ])('with %s', (code, change) => expect(fault(change)).toBe(code))

  it('for an empty table, a column without any value, and rows that are all suppressed already', () => {
    expect(fault({}, table([]))).toBe('empty_table')
    const noAge = table([
      [null, 'north', 'flu'],
      [null, 'north', 'cold'],
    ])
    expect(fault({}, noAge)).toBe('all_missing')
    expect(fault({ suppressed: new Uint8Array(6).fill(1) })).toBe('empty_table')
  })

  it('for a missing value that its hierarchy does not cover, and covers one that has the empty leaf', () => {
    const gap = table([
      [31, null, 'flu'],
      [31, null, 'flu'],
      [32, 'north', 'flu'],
    ])
    expect(fault({}, gap)).toBe('uncovered_value')
    const withEmpty = tableHierarchy('place', [
      ['north', '*'],
      ['', '*'],
    ])
    const treated = treat(gap, { ...options, suppressionLimit: 0.4, hierarchies: { age: ages, place: withEmpty } }).apply()
    expect([...rowsOf(treated)].map(({ place }) => place)).toEqual([null, null, null])
    expect([...treated.suppressed]).toEqual([0, 0, 1])
  })

  it('when aborted on the way, with nothing left', () => {
    const signal = { aborted: false }
    const onProgress = ({ checked }: { checked: number }) => {
      if (checked === 2) signal.aborted = true
    }
    expect(fault({ signal, onProgress })).toBe('aborted')
  })
})

describe('a treatment', () => {
  it('generalises as little as it can, leaves identifiers out and empties suppressed rows', () => {
    const { node, levelsByAttribute, suppressed, classes, optimal, latticeSize, apply } = treat(people, options)
    expect({ node, levelsByAttribute, suppressed, classes, optimal, latticeSize }).toEqual({
      node: [1, 0],
      levelsByAttribute: { age: 1, place: 0 },
      suppressed: 1,
      classes: { count: 2, min: 2, max: 3, average: 2.5 },
      optimal: true,
      latticeSize: 12,
    })
    expect([...rowsOf(apply())]).toEqual([
      { age: '[30, 40)', place: 'north', illness: 'flu' },
      { age: '[30, 40)', place: 'north', illness: 'cold' },
      { age: '[30, 40)', place: 'north', illness: 'flu' },
      { age: '[40, 50)', place: 'south', illness: 'cold' },
      { age: '[40, 50)', place: 'south', illness: 'flu' },
      { age: null, place: null, illness: null },
    ])
  })

  it('keeps or suppresses a quasi-identifier without a hierarchy', () => {
    const { levelsByAttribute } = treat(people, { ...options, hierarchies: {}, suppressionLimit: 0 })
    expect(levelsByAttribute).toEqual({ age: 1, place: 1 })
  })

  it('leaves rows alone that were suppressed before, and does not take them for a class', () => {
    const suppressed = Uint8Array.from([0, 0, 0, 1, 1, 0])
    const { classes, suppressed: count, apply } = treat(people, { ...options, suppressionLimit: 0.25, suppressed })
    expect([classes.count, count, [...apply().suppressed]]).toEqual([1, 1, [0, 0, 0, 1, 1, 1]])
  })

  it('counts the population for k-map, also where the table has fewer rows', () => {
    const population = table([
      [31, 'north', 'flu'],
      [32, 'north', 'cold'],
      [33, 'north', 'flu'],
      [41, 'south', 'cold'],
      [42, 'south', 'flu'],
      [77, 'west', 'flu'],
      [78, 'west', 'flu'],
    ])
    const { node, suppressed, classes } = treat(people, { ...options, models: [kMap(2)], suppressionLimit: 0, population })
    expect([node, suppressed, classes.min]).toEqual([[1, 0], 0, 1])
  })

  it('stops within its budget and then claims no proof', () => {
    const { optimal, checked } = treat(people, { ...options, budget: { checks: 1 } })
    expect([optimal, checked]).toEqual([false, 1])
    let time = 0
    const now = () => time++
    expect(treat(people, { ...options, budget: { milliseconds: 3 }, now }).optimal).toBe(false)
  })

  it('tells progress and explains itself in words without values of the data', () => {
    const seen: number[] = []
    const { explain } = treat(people, { ...options, onProgress: ({ resolved }) => seen.push(resolved) })
    expect(seen.length).toBeGreaterThan(1)
    expect(seen).toEqual([...seen].sort((a, b) => a - b))
    expect(explain().join('\n')).toMatch(/age: level 1 of 3/)
    expect(explain().join('\n')).not.toMatch(/\b(north|west|flu)\b/)
  })

  it('answers another k, limit and other models from one table', () => {
    const search = prepare(people, options)
    expect(search.ask().node).toEqual([1, 0])
    expect(search.ask({ k: 3 }).classes.min).toBeGreaterThanOrEqual(3)
    expect(search.ask({ models: [distinctLDiversity('illness', 2)] }).classes.min).toBeGreaterThanOrEqual(2)
    expect(search.ask().evaluated).toBe(0)
  })
})

describe('a mapping', () => {
  const { mapping } = treat(people, options)
  const again = (rows: Parameters<typeof table>[0], models = options.models) => reapply(JSON.parse(JSON.stringify(mapping)), table(rows), { models })

  it('treats new rows alike and says whether the models still hold', () => {
    const held = again([
      [35, 'north', 'flu'],
      [36, 'north', 'flu'],
    ])
    expect([held.holds, held.suppressed, [...rowsOf(held.dataset)][0]]).toEqual([true, 0, { age: '[30, 40)', place: 'north', illness: 'flu' }])
    const broken = again([
      [35, 'north', 'flu'],
      [36, 'south', 'flu'],
      [37, 'south', 'flu'],
    ])
    expect([broken.holds, broken.suppressed]).toEqual([false, 1])
  })

  it('refuses values it does not know, and other models than its own', () => {
    expect(() =>
      again([
        [35, 'east', 'flu'],
        [35, 'east', 'flu'],
      ]),
    ).toThrow(HierarchyError)
    expect(() => again([[35, 'north', 'flu']], [kAnonymity(1)])).toThrow(/2-anonymity/)
  })
})

describe('local recoding', () => {
  const mixed = table([
    ...Array.from({ length: 4 }, () => [31, 'north', 'flu'] as const),
    ...Array.from({ length: 4 }, () => [41, 'south', 'cold'] as const),
    [61, 'west', 'flu'],
    [75, 'west', 'flu'],
  ])

  it('refuses models that merging may break, by name', () => {
    expect(() => localRecode(mixed, { ...options, models: [kAnonymity(2), tCloseness('illness', 0.5, 'equal')] })).toThrow(/equal 0.5-closeness of illness/)
    expect(() => localRecode(mixed, { ...options, models: [averageRisk(0.5)] })).toThrow(TreatmentError)
  })

  it('generalises only the part that needs it, and loses less than one generalisation for all', () => {
    const local = localRecode(mixed, { ...options, suppressionLimit: 0 })
    const global = treat(mixed, { ...options, suppressionLimit: 0 })
    expect(local.rounds.length).toBe(2)
    expect(local.loss).toBeLessThan(global.loss)
    const treated = local.apply()
    expect([...rowsOf(treated)].map(({ age }) => age)).toEqual([...Array(4).fill('31'), ...Array(4).fill('41'), '[50, 100)', '[50, 100)'])
    expect(treated.suppressed.includes(1)).toBe(false)
  })

  it('suppresses no more than the limit, or is the treatment of all rows at once', () => {
    const odd = table([
      [31, 'north', 'flu'],
      [31, 'north', 'cold'],
      [77, 'west', 'flu'],
    ])
    const local = localRecode(odd, { ...options, suppressionLimit: 0 })
    expect([local.rounds.length, local.suppressed]).toEqual([1, 0])
    expect(local.loss).toBeCloseTo(treat(odd, { ...options, suppressionLimit: 0 }).loss, 12)
  })
})
