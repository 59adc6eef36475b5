/** Small tables and classes for the tests of this folder. */
import { type Dataset, datasetFrom } from '@gatehouse/tabular/dataset'
import type { Distribution, EquivalenceClass, PrivacyModel, TableFacts } from '../model.ts'

export const letters = ['a', 'b', 'c', 'd', 'e'] as const

/** A column of text for each name; `null` is a missing value. */
export function textTable(names: readonly string[], rows: readonly (readonly (string | null)[])[]): Dataset {
  const fields = names.map((name) => ({ name, type: 'string', sensitivity: 'plain', nullable: true }) as const)
  return datasetFrom(
    fields,
    rows.map((row) => Object.fromEntries(names.map((name, index) => [name, row[index] ?? null]))),
  )
}

/** How often each letter occurs, as a model sees it. */
export function distributionOf(counts: readonly number[]): Distribution {
  const present = counts.map((count, code) => ({ count, code })).filter(({ count }) => count > 0)
  return {
    codes: Int32Array.from(present, ({ code }) => code),
    counts: Int32Array.from(present, ({ count }) => count),
    start: 0,
    end: present.length,
    total: counts.reduce((sum, count) => sum + count, 0),
  }
}

export function classOf(counts: readonly number[], populationSize = 0): EquivalenceClass {
  const distribution = distributionOf(counts)
  return { size: distribution.total, populationSize, distribution: () => distribution }
}

/** Facts about a table whose sensitive attribute is distributed over the letters like this. */
export function factsOf(counts: readonly number[], levels?: readonly Int32Array[], populationCount?: number): TableFacts {
  const overall = distributionOf(counts)
  return {
    rowCount: overall.total,
    ...(populationCount === undefined ? {} : { populationCount }),
    sensitive: (name) => ({ name, values: letters.slice(0, counts.length), overall, ...(levels ? { levels } : {}) }),
  }
}

/** The verdict on a class as a search or a check asks for it. */
export function judge(model: PrivacyModel, facts: TableFacts, group: EquivalenceClass): boolean {
  return group.size >= model.minimumClassSize && model.bind(facts).holdsFor(group)
}
