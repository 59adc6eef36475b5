import { describe, expect, it } from 'vitest'
import { tableHierarchy } from '../hierarchy/hierarchy.ts'
import { kAnonymity } from '../model/k-anonymity.ts'
import { textTable } from '../model/testing/table.ts'
import { seededRandom } from '../random/seeded.ts'
import { datasetRisk } from '../risk/dataset-risk.ts'
import { riskLoop } from './risk-loop.ts'
import { treatTable } from './table-treatment.ts'

const names = ['age', 'town', 'trade']
const values = 8
/** Values 0 to 7, halved level by level: 0-1, 0-3, everything. */
const hierarchies = Object.fromEntries(
  names.map((name) => [
    name,
    tableHierarchy(
      name,
      Array.from({ length: values }, (_, value) => [`${value}`, `${value >> 1}/2`, `${value >> 2}/4`, '*']),
    ),
  ]),
)

/** Uneven, so that generalising one attribute is not as good as another. */
function rowsOf(seed: string, count: number): string[][] {
  const random = seededRandom(seed)
  const draw = (): number => random.uint32() % values
  return Array.from({ length: count }, () => [`${draw()}`, `${Math.min(draw(), draw())}`, `${Math.max(draw(), draw())}`])
}

const table = textTable(names, rowsOf('table', 200))
const roles = { age: 'quasi', town: 'quasi', trade: 'quasi' } as const
const knob = { name: 'k', settings: [2, 5, 10, 20] }

function optionsWith(weights: Record<string, number>) {
  return (k: number) => ({ roles, hierarchies, models: [kAnonymity(k)], suppressionLimit: 0.05, weights })
}

describe('the loop over treated tables', () => {
  it('releases nothing when no treatment satisfies a setting', async () => {
    const impossible = treatTable(textTable(['x'], [['a'], ['b'], ['b'], ['b']]), (k: number) => ({
      roles: { x: 'quasi' },
      hierarchies: { x: tableHierarchy('x', [['a'], ['b']]) },
      models: [kAnonymity(k)],
    }))
    const result = await riskLoop({ knob: { name: 'k', settings: [2, 3] }, treat: impossible, measure: 'prosecutor', threshold: 0.5 })
    expect(result).toEqual({ outcome: 'not_met', reason: 'untreatable', trace: [{ round: 1, setting: 2 }] })
  })

  it('ends once the table that would be released is measured to be within the threshold', async () => {
    const result = await riskLoop({ knob, treat: treatTable(table, optionsWith({})), measure: 'prosecutor', threshold: 0.1 })
    if (result.outcome !== 'met') throw new Error('not met')
    expect(result.trace.map(({ setting }) => setting)).toEqual([2, 5, 10].slice(0, result.trace.length))
    const released = datasetRisk(result.treated.table, { quasiIdentifiers: names, threshold: 0.1 })
    expect(released.prosecutor.highest).toBeLessThanOrEqual(0.1)
    expect(released.suppressedRows).toBe(result.treated.suppressedRows)
    expect(result.trace.every((round, index, trace) => (round.risk ?? 1) <= (trace[index - 1]?.risk ?? 1))).toBe(true)
  })

  it('measures the journalist in the population, generalised as the table is', async () => {
    const population = textTable(names, [...rowsOf('table', 200), ...rowsOf('others', 1_800)])
    const options = (k: number) => ({ ...optionsWith({})(k), population })
    const result = await riskLoop({ knob, treat: treatTable(table, options), measure: 'journalist', threshold: 0.1 })
    expect(result.outcome).toBe('met')
    const first = result.trace[0]
    expect(first?.risk).toBeLessThan(0.5)
    expect(first?.risk).toBeGreaterThan(0)
  })

  it.each(names)('transforms %s least of all once it weighs most', async (heavy) => {
    const weights = Object.fromEntries(names.map((name) => [name, name === heavy ? 1 : 0.05]))
    const result = await riskLoop({ knob, treat: treatTable(table, optionsWith(weights)), measure: 'prosecutor', threshold: 0.1 })
    if (result.outcome !== 'met') throw new Error('not met')
    const losses = result.trace.at(-1)?.attributeLoss ?? {}
    for (const name of names) expect(losses[heavy]).toBeLessThanOrEqual(losses[name] ?? 0)
    expect(losses[heavy]).toBeLessThan(Math.max(...Object.values(losses)))
  })
})
