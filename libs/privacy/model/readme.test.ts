import { describe, expect, it } from 'vitest'
import { tableHierarchy } from '../hierarchy/hierarchy.ts'
import { riskLoop } from '../loop/risk-loop.ts'
import { treatTable } from '../loop/table-treatment.ts'
import { datasetRisk } from '../risk/dataset-risk.ts'
import { itemHierarchy } from '../set-valued/item-hierarchy.ts'
import { kmTreat } from '../set-valued/km-treat.ts'
import { parseModels } from './catalogue.ts'
import { check } from './check.ts'
import { kAnonymity } from './k-anonymity.ts'
import { textTable } from './testing/table.ts'

describe('the worked example of the README', () => {
  const quasiIdentifiers = ['sex', 'age']
  const table = textTable(
    ['sex', 'age', 'illness'],
    [
      ['m', '41', 'flu'],
      ['m', '41', 'cold'],
      ['f', '38', 'cold'],
      ['f', '38', 'flu'],
      ['f', '35', 'flu'],
      ['*', '*', 'cold'],
    ],
  )

  it('checks and measures', () => {
    const models = parseModels([
      { model: 'k_anonymity', k: 2 },
      { model: 't_closeness', attribute: 'illness', t: 0.2, distance: 'equal' },
    ])
    const { holds, suppressedRows, models: verdicts } = check(table, { quasiIdentifiers, models })
    expect([holds, suppressedRows]).toEqual([false, 1])
    expect(verdicts[0]).toMatchObject({ name: '2-anonymity', holds: false, classesFailing: 1, rowsFailing: 1, worst: { size: 1, firstRow: 4 } })
    const { prosecutor, unique } = datasetRisk(table, { quasiIdentifiers, threshold: 0.2 })
    expect(prosecutor).toEqual({ highest: 1, average: 0.6, recordsAtRisk: 1 })
    expect(unique).toBe(0.2)
  })

  it('loops until the risk is low enough', async () => {
    const hierarchies = {
      sex: tableHierarchy(
        'sex',
        ['m', 'f', '*'].map((sex) => [sex, '*']),
      ),
      age: tableHierarchy(
        'age',
        ['35', '38', '41', '*'].map((age) => [age, '*']),
      ),
    }
    const roles = { sex: 'quasi', age: 'quasi', illness: 'sensitive' } as const
    const result = await riskLoop({
      knob: { name: 'k', settings: [2, 3, 5] },
      treat: treatTable(table, (k) => ({ roles, hierarchies, models: [kAnonymity(k)], suppressionLimit: 0.2, weights: { age: 1 } })),
      measure: 'prosecutor',
      threshold: 0.34,
    })
    expect(result.outcome).toBe('met')
    expect(result.trace.length).toBeGreaterThan(1)
  })

  it('treats sets', () => {
    const hierarchy = itemHierarchy([['tea', 'drink'], ['coffee', 'drink'], ['bread']])
    const treated = kmTreat([['tea', 'bread'], ['coffee', 'bread'], ['tea']], { k: 2, m: 2, hierarchy })
    expect(treated).toMatchObject({ outcome: 'treated', records: [['drink', 'bread'], ['drink', 'bread'], ['drink']] })
  })
})
