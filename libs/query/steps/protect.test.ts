/** What a node does to its part before it leaves, and that the joined table can be treated again by the same hierarchies. */
import { hierarchyFor } from '@gatehouse/privacy/hierarchy/spec'
import { columnOf, type Dataset, datasetFrom, rowsOf } from '@gatehouse/tabular/dataset'
import type { Field } from '@gatehouse/tabular/field'
import { describe, expect, it } from 'vitest'
import { protect } from './protect.ts'
import type { ProtectParams } from './step.ts'

const field = (name: string, type: Field['type']): Field => ({ name, type, sensitivity: 'plain', nullable: true })
const fields = [
  field('age', 'integer'),
  field('born', 'date'),
  field('town', 'string'),
  field('note', 'string'),
  field('#high0', 'number'),
  field('#low0', 'number'),
]
const towns = ['York', 'Leeds', 'Hull']
/** Person `n` of a table in which everybody stands once. */
const person = (n: number) => ({
  age: 20 + (n % 30),
  born: `19${50 + (n % 30)}-0${1 + (n % 9)}-15`,
  town: towns[n % 3] as string,
  note: `n${n}`,
  '#high0': n,
  '#low0': n,
})
const table = (rows: readonly ReturnType<typeof person>[]): Dataset => datasetFrom(fields, rows)
const everybody = (count: number) => table(Array.from({ length: count }, (_, n) => person(n)))

type Columns = ProtectParams['columns']
const params = (more: Partial<ProtectParams> = {}): ProtectParams => ({
  floor: 5,
  passes: 1,
  columns: { age: { hierarchy: { kind: 'interval', widths: [5, 10, 40] } }, town: {} },
  suppressionLimit: 0.1,
  ...more,
})
const classesOf = (dataset: Dataset, names: readonly string[]) => {
  const sizes = new Map<string, number>()
  for (const row of rowsOf(dataset)) {
    const key = names.map((name) => row[name]).join('|')
    sizes.set(key, (sizes.get(key) ?? 0) + 1)
  }
  return [...sizes.values()]
}

describe('a part', () => {
  it('of too few people does not leave, nor one whose rows cannot be told less of within the limit', () => {
    expect(protect(params(), everybody(4)).facts.refused).toBe('cohort_too_small')
    expect(protect(params(), everybody(0)).facts.refused).toBe('empty_cohort')
    const alone = params({ columns: { note: { hierarchy: { kind: 'table', rows: Array.from({ length: 60 }, (_, n) => [`n${n}`]) } } }, suppressionLimit: 0 })
    expect(protect(alone, everybody(60)).facts.refused).toBe('bound_not_met')
  })

  it('is of people, and not of rows: one person with many rows is no crowd', () => {
    const one = { ...person(0), town: 'Ripon' }
    const crowd = [...Array.from({ length: 60 }, (_, n) => person(n)), ...Array.from({ length: 6 }, () => one)]
    const { dataset, facts } = protect(params({ columns: { town: {} }, suppressionLimit: 0.2 }), table(crowd))
    expect([...rowsOf(dataset)].some(({ town }) => town === 'Ripon')).toBe(false)
    expect(facts.reasons).toEqual({ suppressed: 6 })
    expect(protect(params(), table(Array.from({ length: 30 }, () => person(1)))).facts.refused).toBe('cohort_too_small')
  })

  it('has no combination of fewer people than the floor, and what is no quasi-identifier is as it was', () => {
    const { dataset, facts } = protect(params({ floor: 12 }), everybody(200))
    expect(Math.min(...classesOf(dataset, ['age', 'town']))).toBeGreaterThanOrEqual(12)
    expect(facts.levels?.age).toBeGreaterThan(0)
    expect([...rowsOf(dataset)].every(({ note, '#high0': n }) => note === `n${n}`)).toBe(true)
  })

  it('whose holder agreed to what is untreated leaves as it is', () => {
    const rows = everybody(40)
    expect([...rowsOf(protect(params({ columns: {} }), rows).dataset)]).toEqual([...rowsOf(rows)])
  })
})

describe('what leaves is a value again', () => {
  it('of the same group as before, at its level and at each above: a second treatment comes to the same', () => {
    const columns: Columns = {
      age: { hierarchy: { kind: 'interval', widths: [5, 10, 40], bottom: 22, top: 45 } },
      born: { hierarchy: { kind: 'date', spans: ['month', 'quarter', 'decade'] } },
      town: {
        hierarchy: {
          kind: 'table',
          rows: [
            ['York', 'N'],
            ['Leeds', 'N'],
            ['Hull', 'E'],
          ],
        },
      },
    }
    const before = everybody(200)
    for (const [name, { hierarchy }] of Object.entries(columns)) {
      const { dataset, facts } = protect(params({ columns: { [name]: { hierarchy } }, floor: 12 }), before)
      const level = facts.levels?.[name] ?? 0
      const people = [...rowsOf(dataset)].map((row) => Number(row['#high0']))
      const [old, left] = [before, dataset].map((of) => hierarchyFor(columnOf(of, name), hierarchy as never))
      const labels = (of: NonNullable<typeof old>, value: unknown, at: number) => {
        const found = of.levels[at]
        return found?.labels[found.map[of.values.indexOf(String(value ?? ''))] as number]
      }
      const rows = [...rowsOf(dataset)]
      for (let at = Math.max(1, level); at < (left?.levels.length ?? 0); at++)
        rows.forEach((row, index) => {
          const was = (person(people[index] as number) as Record<string, unknown>)[name]
          if (row[name] !== null) expect(labels(left as never, row[name], at)).toBe(labels(old as never, was, at))
        })
    }
  })
})
