import { type Dataset, datasetFrom, rowsOf } from '@gatehouse/tabular/dataset'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { functionHierarchy } from '../hierarchy/function.ts'
import { kAnonymity } from '../model/k-anonymity.ts'
import { ClassSource } from './class-source.ts'
import { TreatmentError } from './error.ts'
import type { Role } from './options.ts'
import { encodeTable } from './table.ts'
import { treat } from './treat.ts'

const leaves = 100
const names = Array.from({ length: 12 }, (_, index) => `q${index}`)
const values = Array.from({ length: leaves }, (_, value) => String(value))
const hierarchies = Object.fromEntries(
  names.map((name) => [
    name,
    functionHierarchy(name, values, [(value) => `t${Math.floor(Number(value) / 10)}`, (value) => `h${Math.floor(Number(value) / 50)}`, () => '*']),
  ]),
)
const roles = Object.fromEntries(names.map((name): [string, Role] => [name, 'quasi']))

function tableOf(rows: readonly (readonly number[])[]): Dataset {
  const fields = names.map((name) => ({ name, type: 'string' as const, sensitivity: 'plain' as const, nullable: false }))
  return datasetFrom(
    fields,
    rows.map((row) => Object.fromEntries(names.map((name, index) => [name, String(row[index])]))),
  )
}

/** Groups by text, for comparison. */
function classSizes(dataset: Dataset, levels: readonly number[]): number[] {
  const sizes = new Map<string, number>()
  for (const row of rowsOf(dataset)) {
    const key = names
      .map((name, a) => {
        const level = hierarchies[name]!.levels[levels[a]!]!
        return level.labels[level.map[Number(row[name])]!]
      })
      .join()
    sizes.set(key, (sizes.get(key) ?? 0) + 1)
  }
  return [...sizes.values()].sort((a, b) => a - b)
}

describe('tables with many attributes', () => {
  // Few different values, so that rows coincide in some attributes and not in others.
  const rows = fc.array(fc.array(fc.constantFrom<number>(0, 7, 55, 99), { minLength: 12, maxLength: 12 }), { minLength: 1, maxLength: 60 })
  const nodes = fc.array(fc.constantFrom(0, 0, 0, 1, 2, 3), { minLength: 12, maxLength: 12 })

  it('are grouped exactly, whether a key fits 32 bits, 53 bits or neither', () => {
    fc.assert(
      fc.property(rows, nodes, (drawn, levels) => {
        // Rows that differ in the first attribute only, or in the last only, are the ones that a key too short would join.
        const twins = drawn.flatMap((row) => [row, row.with(0, 42), row.with(11, 42)])
        const dataset = tableOf(twins)
        const table = encodeTable({ dataset, hierarchies: Object.values(hierarchies), sensitive: [] })
        const sizes = new ClassSource(table).classesAt(levels)!.sizes
        expect([...sizes].sort((a, b) => a - b)).toEqual(classSizes(dataset, levels))
      }),
      { numRuns: 60 },
    )
  })

  const few = tableOf(Array.from({ length: 200 }, (_, row) => names.map((_, a) => (row * (a + 3) * 7) % (a < 6 ? 5 : leaves))))

  it('are searched without claiming proof when the lattice is too large to settle', () => {
    const { latticeSize, optimal, classes, checked } = treat(few, {
      roles,
      hierarchies,
      models: [kAnonymity(5)],
      suppressionLimit: 0.1,
      budget: { checks: 300 },
    })
    expect([latticeSize, optimal, checked]).toEqual([4 ** 12, false, 300])
    expect(classes.min).toBeGreaterThanOrEqual(5)
  })

  it('are refused a proof that would need too much memory', () => {
    const proof = () => treat(few, { roles, hierarchies, models: [kAnonymity(5)], strategy: 'optimal' })
    expect(proof).toThrow(TreatmentError)
    expect(proof).toThrow(/heuristic/)
  })
})
