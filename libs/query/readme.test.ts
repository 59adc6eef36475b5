import { nodePrimitives as primitives } from '@gatehouse/crypto/node'
import { datasetFrom } from '@gatehouse/tabular/dataset'
import { describe, expect, it } from 'vitest'
import { checkPlan } from './plan/check.ts'
import { diffPlans } from './plan/diff.ts'
import { parsePlan } from './plan/parse.ts'
import { pictureOf } from './plan/picture.ts'
import type { QueryPlan } from './plan/schema.ts'
import { planSteps } from './steps/plan-steps.ts'
import { runStep, type StepInput } from './steps/run.ts'
import type { StepSpec } from './steps/step.ts'
import { gp, hospital, tables } from './testing/plans.ts'
import { runPlanInMemory, testSecrets } from './testing/run-plan.ts'

/** A number with its check digit; where that would be ten, there is none. */
function nhsNumber(n: number): string | null {
  const nine = String(400_000_000 + n)
  const sum = [...nine].reduce((total, digit, at) => total + Number(digit) * (10 - at), 0)
  const check = 11 - (sum % 11)
  return check === 10 ? null : nine + (check === 11 ? 0 : check)
}

describe('the worked example of the README', () => {
  it('does what it says', async () => {
    const json = {
      version: 1,
      form: 'anonymised',
      sources: [
        { as: 'gp', table: 'surgery.patients' },
        { as: 'ward', table: 'hospital.stays' },
      ],
      prepare: { gp: [{ do: 'convert', column: 'weight_lb', from: '[lb_av]', to: 'kg' }] },
      elements: [
        { name: 'age', source: 'gp', column: 'age', role: 'quasi', hierarchy: { kind: 'interval', widths: [5, 20] }, weight: 1 },
        { name: 'town', source: 'gp', column: 'town', role: 'quasi' },
        { name: 'weight', source: 'gp', column: 'weight_lb', role: 'sensitive' },
        { name: 'nights', source: 'ward', column: 'nights', role: 'insensitive', reduce: 'sum' },
      ],
      linkage: {
        keys: [{ name: 'nhs', form: 'nhs_number', columns: { gp: 'nhs_number', ward: 'number' } }],
        method: { kind: 'deterministic', passes: [['nhs']] },
        keep: 'linked',
      },
      cohort: { column: 'age', is: 'ge', value: 18 },
      treatment: { models: [{ model: 'k_anonymity', k: 5 }], suppression_limit: 0.05 },
      output: { title: 'Nights by age and town' },
    }
    const patients = datasetFrom(
      gp.columns.map(({ field }) => field),
      Array.from({ length: 300 }, (_, n) => ({
        nhs_number: nhsNumber(n),
        age: 20 + (n % 40),
        town: n % 2 === 0 ? 'York' : 'Leeds',
        weight_lb: 120 + (n % 70),
      })),
    )
    const stays = datasetFrom(
      hospital.columns.map(({ field }) => field),
      Array.from({ length: 100 }, (_, n) => ({ number: nhsNumber(3 * n), nights: 1 + (n % 5) })),
    )
    const read = parsePlan(json)
    if (!read.ok) throw new Error(JSON.stringify(read.errors))
    const checked = checkPlan(read.value, tables)
    if (!checked.ok) throw new Error(JSON.stringify(checked.errors))
    const steps = planSteps(checked.plan, tables)
    expect(steps.map(({ id }) => id)).toEqual(['extract:gp', 'extract:ward', 'link', 'select', 'treat', 'write'])

    const input: StepInput = { fields: patients.columns.map(({ field }) => field), filtered: false, chunks: () => [patients] }
    const output = await runStep(steps[0] as StepSpec, [input], { primitives, secrets: testSecrets, rowsPerChunk: 65_536 })
    for await (const chunk of output.chunks) expect(chunk.rowCount).toBe(300)
    expect(output.facts()).toMatchObject({ rows_in: 300, rows_out: 300 })

    const before: QueryPlan = checked.plan
    const after: QueryPlan = { ...before, elements: before.elements.map((element) => (element.name === 'age' ? { ...element, weight: 0.2 } : element)) }
    expect(diffPlans(before, after)[0]?.words).toBe('weight of the element age: 1 became 0.2')
    expect(pictureOf(checked.plan).nodes.at(-1)?.kind).toBe('output')

    const { rows, facts } = await runPlanInMemory(
      json,
      tables,
      new Map([
        ['gp', patients],
        ['ward', stays],
      ]),
    )
    expect(facts.get('link')?.reasons.in_several_sources).toBe(facts.get('link')?.rows_out)
    expect(rows.length).toBeGreaterThan(80)
    expect(Object.keys(rows[0] ?? {})).toEqual(['age', 'town', 'weight', 'nights'])
  })
})
