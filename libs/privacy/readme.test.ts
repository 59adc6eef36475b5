import { nodePrimitives } from '@gatehouse/crypto/node'
import { datasetFrom, rowsOf } from '@gatehouse/tabular/dataset'
import { describe, expect, it } from 'vitest'
import { planFields } from './plan/fields.ts'
import { parsePlan } from './plan/parse.ts'
import { runPlan } from './plan/run.ts'
import { secureRandom } from './random/secure.ts'
import { htmlReport } from './report/report.ts'

describe('the worked example of the README', () => {
  it('does what it says', async () => {
    const patients = Array.from({ length: 200 }, (_, i) => ({
      name: `Patient ${i}`,
      age: 20 + ((i * i + 13 * i) % 61),
      town: ['York', 'Leeds', 'Hull', 'Ripon'][(i >> 2) % 4] ?? null,
      illness: ['asthma', 'gout', 'migraine'][(i * 11) % 3] ?? null,
    }))
    const read = parsePlan({
      version: 1,
      columns: {
        name: { role: 'identifying' },
        age: { role: 'quasi', type: 'integer', hierarchy: { kind: 'interval', widths: [5, 20] }, weight: 1 },
        town: { role: 'quasi' },
        illness: { role: 'sensitive' },
      },
      models: [
        { model: 'k_anonymity', k: 5 },
        { model: 'distinct_l_diversity', attribute: 'illness', l: 2 },
      ],
      suppression_limit: 0.05,
    })
    if (!read.ok) throw new Error('the plan is right')
    const table = datasetFrom(planFields(read.plan, ['name', 'age', 'town', 'illness']), patients)
    const result = await runPlan(table, read.plan, { random: secureRandom(nodePrimitives.randomBytes) })
    if (result.outcome === 'not_met') throw new Error(result.reason)

    expect(result.release.rounds[0].levelsByAttribute).toEqual({ age: 2, town: 0 })
    expect(result.release.rounds[0].optimal).toBe(true)
    expect(result.report.riskBefore.prosecutor.highest).toBe(1)
    expect(result.report.riskAfter?.prosecutor.highest).toBe(1 / 13)
    expect(rowsOf(result.dataset).next().value).toEqual({ age: '[20, 40)', town: 'York', illness: 'asthma' })
    expect(htmlReport({ title: 'patients', ...result.report })).toContain('All 2 models hold')
  })
})
