/**
 * The slow, plain way to the best node: every node is tried on every row, with rows grouped by text. It shares no code with the
 * search apart from the models, so that a mistake would have to be made twice.
 */
import { datasetFrom } from '@gatehouse/tabular/dataset'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Hierarchy, tableHierarchy } from '../hierarchy/hierarchy.ts'
import { averageRisk } from '../model/average-risk.ts'
import { deltaDisclosure } from '../model/delta-disclosure.ts'
import { distinctLDiversity } from '../model/distinct-l-diversity.ts'
import { entropyLDiversity } from '../model/entropy-l-diversity.ts'
import { kAnonymity } from '../model/k-anonymity.ts'
import type { Distribution, PrivacyModel, TableFacts } from '../model/model.ts'
import { tCloseness } from '../model/t-closeness.ts'
import { averageClassSize } from '../quality/average-class-size.ts'
import { classificationAccuracy } from '../quality/classification.ts'
import { discernibility } from '../quality/discernibility.ts'
import { klDivergence } from '../quality/kl-divergence.ts'
import { loss } from '../quality/loss.ts'
import { TreatmentError } from './error.ts'
import type { Role } from './options.ts'
import { prepare, treat } from './treat.ts'

const runs = 200

/** Random trees: each level joins neighbouring groups of the one below. */
const hierarchyOf = (attribute: string): fc.Arbitrary<Hierarchy> =>
  fc
    .record({
      leaves: fc.integer({ min: 1, max: 6 }),
      cuts: fc.array(fc.array(fc.boolean(), { minLength: 6, maxLength: 6 }), { maxLength: 2 }),
      top: fc.boolean(),
    })
    .map(({ leaves, cuts, top }) => {
      let groups = Array.from({ length: leaves }, (_, leaf) => leaf)
      const columns = [groups.map((leaf) => `v${leaf}`)]
      for (const [level, joins] of cuts.entries()) {
        const below = groups
        groups = []
        for (const [leaf, group] of below.entries()) groups.push(leaf > 0 && (group === below[leaf - 1] || joins[leaf]) ? groups[leaf - 1]! : leaf)
        columns.push(groups.map((group) => `l${level}g${group}`))
      }
      if (top) columns.push(groups.map(() => '*'))
      return tableHierarchy(
        attribute,
        Array.from({ length: leaves }, (_, leaf) => columns.map((column) => column[leaf]!)),
      )
    })

const quasiNames = ['a', 'b', 'c']
const measures = ['loss', 'arithmetic', 'discernibility', 'average class size', 'KL', 'classification'] as const

const sensitiveModels: readonly ((strength: number) => PrivacyModel)[] = [
  (strength) => distinctLDiversity('s', 2 + Math.floor(strength * 2)),
  (strength) => entropyLDiversity('s', 1.05 + 1.4 * strength),
  (strength) => tCloseness('s', 0.1 + 0.6 * strength, 'equal'),
  (strength) => deltaDisclosure('s', 0.5 + 2 * strength),
  (strength) => averageRisk(0.2 + 0.8 * strength),
]

const cases: fc.Arbitrary<OracleCase> = fc.tuple(...quasiNames.map(hierarchyOf)).chain((hierarchies) =>
  fc.record({
    hierarchies: fc.constant(hierarchies),
    sensitive: fc.constant('s'),
    rows: fc.array(
      fc
        .tuple(...hierarchies.map(({ values }) => fc.constantFrom(...values)), fc.constantFrom('x', 'y', 'z'))
        .map((values) => Object.fromEntries([...quasiNames, 's'].map((name, index) => [name, values[index]!]))),
      { minLength: 4, maxLength: 40 },
    ),
    models: fc
      .tuple(fc.integer({ min: 1, max: 4 }), fc.option(fc.tuple(fc.constantFrom(...sensitiveModels), fc.double({ min: 0, max: 1, noNaN: true }))))
      .map(([k, other]) => [kAnonymity(k), ...(other ? [other[0](other[1])] : [])]),
    limit: fc.constantFrom(0, 0.1, 0.3, 0.6, 1),
    measure: fc.constantFrom(...measures),
    weights: fc.tuple(...quasiNames.map(() => fc.constantFrom(0.1, 0.5, 1))),
  }),
)

function optionsFor(asked: OracleCase) {
  const quality = {
    loss,
    arithmetic: loss,
    discernibility,
    'average class size': averageClassSize,
    KL: klDivergence,
    classification: classificationAccuracy('s'),
  }[asked.measure]
  const roles: Record<string, Role> = { a: 'quasi', b: 'quasi', c: 'quasi', s: 'sensitive' }
  return {
    roles,
    hierarchies: Object.fromEntries(asked.hierarchies.map((hierarchy) => [hierarchy.attribute, hierarchy])),
    models: asked.models,
    suppressionLimit: asked.limit,
    quality,
    aggregate: asked.measure === 'arithmetic' ? ('arithmetic' as const) : ('geometric' as const),
    weights: Object.fromEntries(quasiNames.map((name, index) => [name, asked.weights[index]!])),
  }
}

function datasetOf({ rows }: OracleCase) {
  const fields = [...quasiNames, 's'].map((name) => ({ name, type: 'string' as const, sensitivity: 'plain' as const, nullable: true }))
  return datasetFrom(fields, rows)
}

/** `undefined` where the models cannot be met, or contradict the table. */
function attempt<T>(work: () => T): T | undefined {
  try {
    return work()
  } catch (error) {
    if ((error instanceof TreatmentError && error.code === 'unsatisfiable') || (error as Error).name === 'ModelError') return undefined
    throw error
  }
}

function summary(found: { node: readonly number[]; suppressed: number; loss: number; classes: { count: number } } | undefined) {
  return found && { node: found.node.join(), suppressed: found.suppressed, value: expect.closeTo(found.loss, 8), classes: found.classes.count }
}

function expectation(asked: OracleCase) {
  const best = attempt(() => exhaustiveAnswer(asked))
  return best && { node: best.node.join(), suppressed: best.suppressed, value: best.value, classes: best.classes }
}

describe('the search against trying everything', () => {
  it('finds the same node, counts and value', () => {
    fc.assert(
      fc.property(cases, (asked) => {
        expect(expectation(asked)).toEqual(summary(attempt(() => treat(datasetOf(asked), optionsFor(asked)))))
      }),
      { numRuns: runs },
    )
  })

  it('finds it without a lattice in memory too, when nothing stops it', () => {
    fc.assert(
      fc.property(cases, (asked) => {
        const found = attempt(() => treat(datasetOf(asked), { ...optionsFor(asked), strategy: 'heuristic', budget: { checks: 10_000 } }))
        expect(expectation(asked)).toEqual(summary(found))
        expect(found?.optimal ?? true).toBe(true)
      }),
      { numRuns: runs },
    )
  })

  it.each(['some', 'all'] as const)('finds it in the facts of an earlier question (%s)', (facts) => {
    fc.assert(
      fc.property(cases, fc.integer({ min: 1, max: 6 }), fc.constantFrom(0, 0.2, 0.5), fc.constantFrom(0.2, 1), (asked, k, limit, weight) => {
        const search = prepare(datasetOf(asked), { ...optionsFor(asked), facts, kMax: 4 })
        attempt(() => search.ask())
        const next = { ...asked, models: [...asked.models.slice(1), kAnonymity(k)], limit, weights: [weight, 0.5, 0.5] }
        const answer = attempt(() => search.ask({ k, suppressionLimit: limit, weights: { a: weight, b: 0.5, c: 0.5 } }))
        expect(expectation(next)).toEqual(summary(answer))
        if (facts === 'all' && answer) expect(answer.qualifying).toBe(exhaustiveAnswer(next)?.qualifying)
        if (facts === 'all' && answer && k <= 4 && attempt(() => search.ask())) expect(answer.evaluated).toBe(0)
      }),
      { numRuns: runs },
    )
  })
})

interface OracleCase {
  /** Rows by column name. */
  readonly rows: readonly Readonly<Record<string, string>>[]
  readonly hierarchies: readonly Hierarchy[]
  readonly sensitive?: string
  readonly models: readonly PrivacyModel[]
  readonly limit: number
  readonly measure: 'loss' | 'arithmetic' | 'discernibility' | 'average class size' | 'KL' | 'classification'
  readonly weights: readonly number[]
}

interface OracleAnswer {
  readonly node: readonly number[]
  readonly value: number
  readonly suppressed: number
  readonly classes: number
  readonly qualifying: number
}

function exhaustiveAnswer(asked: OracleCase): OracleAnswer | undefined {
  const checks = asked.models.map((model) => ({ model, check: model.bind(factsOf(asked)) }))
  const candidates: OracleAnswer[] = []
  for (const node of nodesOf(asked.hierarchies.map(({ levels }) => levels.length))) {
    const classes = new Map<string, Readonly<Record<string, string>>[]>()
    for (const row of asked.rows) {
      const key = JSON.stringify(asked.hierarchies.map((hierarchy, a) => labelOf(hierarchy, row, node[a]!)))
      classes.set(key, [...(classes.get(key) ?? []), row])
    }
    const released = [...classes.values()].filter((rows) =>
      checks.every(({ model, check }) => rows.length >= model.minimumClassSize && check.holdsFor(viewOf(asked, rows))),
    )
    const kept = new Set(released.flat())
    const suppressed = asked.rows.length - kept.size
    if (suppressed > Math.floor(asked.limit * asked.rows.length)) continue
    const classesOfSize = new Map<number, number>()
    for (const rows of released) classesOfSize.set(rows.length, (classesOfSize.get(rows.length) ?? 0) + 1)
    const whole = { classCount: released.length, rowCount: kept.size, classesOfSize }
    if (!checks.every(({ check }) => check.holdsForAll?.(whole) ?? true)) continue
    candidates.push({ node, value: valueAt(asked, node, released, kept), suppressed, classes: released.length, qualifying: 0 })
  }
  const least = Math.min(...candidates.map(({ value }) => value))
  const sum = (node: readonly number[]) => node.reduce((total, level) => total + level, 0)
  const [best] = candidates
    .filter(({ value }) => value <= least + 1e-12 * Math.abs(least))
    .sort((a, b) => sum(a.node) - sum(b.node) || (a.node.join() < b.node.join() ? -1 : 1))
  return best && { ...best, qualifying: candidates.length }
}

function labelOf(hierarchy: Hierarchy, row: Readonly<Record<string, string>>, level: number): string {
  const { labels, map } = hierarchy.levels[level]!
  return labels[map[hierarchy.values.indexOf(row[hierarchy.attribute]!)]!]!
}

function leavesUnder(hierarchy: Hierarchy, row: Readonly<Record<string, string>>, level: number): number {
  const label = labelOf(hierarchy, row, level)
  const { labels, map } = hierarchy.levels[level]!
  return [...map].filter((group) => labels[group] === label).length
}

function valueAt(
  asked: OracleCase,
  node: readonly number[],
  released: readonly (readonly Readonly<Record<string, string>>[])[],
  kept: ReadonlySet<object>,
): number {
  const n = asked.rows.length
  const suppressed = n - kept.size
  if (asked.measure === 'discernibility') return released.reduce((sum, rows) => sum + rows.length ** 2, 0) + suppressed * n
  if (asked.measure === 'average class size') return n / (released.length + (suppressed > 0 ? 1 : 0))
  if (asked.measure === 'classification') {
    const right = released.map((rows) => Math.max(...counted(rows.map((row) => row[asked.sensitive!]!)).values()))
    return (n - right.reduce((sum, count) => sum + count, 0)) / n
  }
  if (asked.measure === 'KL') {
    const whole = asked.hierarchies.reduce((area, { values }) => area * values.length, 1)
    const originals = counted(asked.rows.map((row) => JSON.stringify(asked.hierarchies.map(({ attribute }) => row[attribute]))))
    let bits = -asked.rows.reduce(
      (sum, row) => sum + Math.log2(n / originals.get(JSON.stringify(asked.hierarchies.map(({ attribute }) => row[attribute])))!),
      0,
    )
    for (const rows of released) {
      const area = asked.hierarchies.reduce((product, hierarchy, a) => product * leavesUnder(hierarchy, rows[0]!, node[a]!), 1)
      bits += rows.length * Math.log2((area * n) / rows.length)
    }
    if (suppressed > 0) bits += suppressed * Math.log2((whole * n) / suppressed)
    return Math.max(0, bits / n)
  }
  const most = Math.max(...asked.weights)
  const losses = asked.hierarchies.map((hierarchy, a) => {
    const domain = hierarchy.values.length
    if (domain === 1) return 0
    const shares = asked.rows.reduce((sum, row) => sum + (kept.has(row) ? leavesUnder(hierarchy, row, node[a]!) / domain : 1), 0)
    return (asked.weights[a]! / most) * Math.max(0, (shares - n / domain) / (n - n / domain))
  })
  if (asked.measure === 'arithmetic') return losses.reduce((sum, loss) => sum + loss, 0) / losses.length
  return losses.reduce((product, loss) => product * (1 + loss), 1) ** (1 / losses.length) - 1
}

function* nodesOf(heights: readonly number[]): Generator<number[]> {
  const [height, ...rest] = heights
  if (height === undefined) yield []
  else for (let level = 0; level < height; level++) for (const tail of nodesOf(rest)) yield [level, ...tail]
}

function counted(values: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  return counts
}

function distribution(domain: readonly string[], values: readonly string[]): Distribution {
  const entries = [...counted(values)].map(([value, count]) => [domain.indexOf(value), count] as const)
  return {
    codes: Int32Array.from(entries, ([code]) => code),
    counts: Int32Array.from(entries, ([, count]) => count),
    start: 0,
    end: entries.length,
    total: values.length,
  }
}

function domainOf({ rows, sensitive }: OracleCase): string[] {
  return sensitive === undefined ? [] : [...new Set(rows.map((row) => row[sensitive]!))]
}

function factsOf(asked: OracleCase): TableFacts {
  const name = asked.sensitive!
  const values = domainOf(asked)
  return {
    rowCount: asked.rows.length,
    sensitive: () => ({
      name,
      values,
      overall: distribution(
        values,
        asked.rows.map((row) => row[name]!),
      ),
    }),
  }
}

function viewOf(asked: OracleCase, rows: readonly Readonly<Record<string, string>>[]) {
  return {
    size: rows.length,
    populationSize: 0,
    distribution: () =>
      distribution(
        domainOf(asked),
        rows.map((row) => row[asked.sensitive!]!),
      ),
  }
}
