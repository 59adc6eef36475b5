import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parsePlan } from './parse.ts'
import { planJsonSchema } from './schema.ts'

const good = {
  version: 1,
  columns: {
    age: { role: 'quasi', hierarchy: { kind: 'interval', widths: [5, 10] }, weight: 1 },
    sex: { role: 'quasi' },
    job: { role: 'sensitive' },
    name: { role: 'identifying' },
  },
  models: [{ model: 'k_anonymity', k: 5 }],
  suppression_limit: 0.05,
}

/** Every fault of a plan as "pointer: detail". */
function faults(change: Record<string, unknown>, insecureSeed = false): string[] {
  const read = parsePlan({ ...good, ...change }, { insecureSeed })
  return read.ok ? [] : read.errors.map(({ pointer, detail }) => `${pointer}: ${detail}`)
}
const columns = (more: Record<string, unknown>) => ({ columns: { ...good.columns, ...more } })

describe('a plan that cannot be run', () => {
  it('names an unknown member, where it stands and what there is', () => {
    expect(faults({ suppresion_limit: 0.1 })[0]).toMatch(
      /^\/suppresion_limit: unknown member "suppresion_limit"; it takes version, columns, .*suppression_limit/,
    )
    expect(faults(columns({ age: { role: 'quasi', wieght: 1 } }))[0]).toMatch(/^\/columns\/age\/wieght: unknown member "wieght"; it takes role, type,/)
    expect(faults(columns({ age: { role: 'quasi', operators: [{ operator: 'rounding', to: 5, from: 1 }] } }))[0]).toMatch(
      /^\/columns\/age\/operators\/0\/from: unknown member "from"/,
    )
    expect(faults({ models: [{ model: 'k_anonymity', k: 5, l: 2 }] })[0]).toMatch(/^\/models\/0\/l: unknown member/)
  })

  it('says what there is to choose from', () => {
    expect(faults({ models: [{ model: 'magic' }] })[0]).toMatch(/^\/models\/0\/model: use one of k_anonymity, /)
    expect(faults(columns({ age: { role: 'quasi', operators: [{ operator: 'magic' }] } }))[0]).toMatch(/operators\/0\/operator: use one of generalisation, /)
    expect(faults(columns({ age: { role: 'quasi', hierarchy: { kind: 'tree' } } }))[0]).toMatch(/hierarchy\/kind: use one of interval, .*file/)
  })

  it('refuses limits out of range, and models that no table can meet', () => {
    expect(faults({ suppression_limit: 1.5 })[0]).toMatch(/^\/suppression_limit: /)
    expect(faults({ suppression_limit: -0.1 })[0]).toMatch(/^\/suppression_limit: /)
    expect(faults({ models: [{ model: 'k_anonymity', k: 0 }] })[0]).toMatch(/^\/models\/0: k of k-anonymity is a whole number/)
    expect(faults({ models: [] })[0]).toMatch(/^\/models: /)
    expect(faults({ version: 2 })[0]).toMatch(/^\/version: /)
    expect(faults({ models: [{ model: 'safe_pub', epsilon: 1, delta: 1e-6 }] })[0]).toMatch(/release by sampling instead/)
  })

  it('refuses what contradicts itself', () => {
    expect(faults({ columns: { job: { role: 'sensitive' } } })[0]).toMatch(/^\/columns: give at least one column the role "quasi"/)
    expect(faults({ models: [{ model: 'distinct_l_diversity', attribute: 'age', l: 2 }] })[0]).toMatch(
      /^\/models\/0\/attribute: "age" has to be a column with the role "sensitive"/,
    )
    expect(faults({ models: [{ model: 'k_map', k: 5 }] })[0]).toMatch(/^\/models\/0: k_map compares with the population/)
    expect(faults(columns({ name: { role: 'identifying', weight: 1 } }))).toEqual(['/columns/name/weight: only quasi-identifiers are weighted'])
    expect(faults(columns({ 'a/b': { role: 'insensitive', hierarchy: { kind: 'suppression' } } }))[0]).toMatch(
      /^\/columns\/a~1b\/hierarchy: only quasi-identifiers/,
    )
    expect(faults(columns({ age: { role: 'quasi', mask: { mask: 'redact' } } }))[0]).toMatch(/^\/columns\/age\/mask: only identifying/)
    expect(faults(columns({ name: { role: 'identifying', mask: { mask: 'nonsense' } } }))[0]).toMatch(/^\/columns\/name\/mask\/mask: there is no such mask/)
    expect(faults(columns({ name: { role: 'identifying', mask: { mask: 'date_shift', days: 3 } } }))).toHaveLength(1)
    expect(faults({ operators: [{ columns: ['height'], apply: { operator: 'rounding', to: 5 } }] })[0]).toMatch(
      /^\/operators\/0\/apply: the plan has no column "height"/,
    )
    expect(faults({ operators: [{ columns: ['job'], apply: { operator: 'permutation', within: ['town'] } }] })[0]).toMatch(/no column "town"/)
    expect(faults({ operators: [{ apply: { operator: 'rounding', to: 5 } }] })[0]).toMatch(/needs the columns it treats/)
    expect(faults(columns({ age: { role: 'quasi', operators: [{ operator: 'sampling', share: 0.5 }] } }))[0]).toMatch(/takes whole rows/)
    expect(faults({ local_recoding: true, population: { path: 'all.csv' } })[0]).toMatch(/^\/local_recoding: /)
    expect(faults({ quality: 'classification_accuracy' })[0]).toMatch(/^\/quality_target: /)
    expect(faults({ quality_target: 'job' })[0]).toMatch(/^\/quality_target: only/)
    expect(faults({ models: [{ model: 'average_risk', threshold: 0.1 }], risk_loop: { knob: 'k', settings: [2], threshold: 0.1 } })[0]).toMatch(
      /^\/risk_loop\/knob/,
    )
    expect(faults({ risk_loop: { knob: 'k', settings: [2.5], threshold: 0.1 } })[0]).toMatch(/^\/risk_loop\/settings/)
    expect(faults({ risk_loop: { knob: 'suppression_limit', settings: [2], threshold: 0.1 } })[0]).toMatch(/^\/risk_loop\/settings/)
    expect(faults({ risk_loop: { knob: 'k', settings: [2], threshold: 0.1, measure: 'journalist' } })[0]).toMatch(/^\/risk_loop\/measure/)
  })

  it('refuses a seed unless it is allowed', () => {
    expect(faults({ seed: 'x' })[0]).toMatch(/^\/seed: whoever knows the seed/)
    expect(faults({ seed: 'x' }, true)).toEqual([])
  })

  it('refuses an operator that takes the meaning away from a model, unless that is accepted by name', () => {
    const noisy = columns({ age: { role: 'quasi', operators: [{ operator: 'noise_addition', sd: 2 }] } })
    expect(faults(noisy)).toEqual([
      '/columns/age/operators/0: noise_addition of age takes the meaning away from 5-anonymity; leave one of them out, or say "accept_voided": ["class_size"] to give the promise up',
    ])
    expect(faults({ ...noisy, accept_voided: ['class_size'] })).toEqual([])
    const swapped = columns({ job: { role: 'sensitive', operators: [{ operator: 'rank_swapping', share: 0.05 }] }, wage: { role: 'sensitive' } })
    expect(faults(swapped)).toEqual([])
    expect(faults({ ...swapped, models: [{ model: 'distinct_l_diversity', attribute: 'job', l: 2 }] })).toHaveLength(1)
    expect(faults({ ...swapped, models: [{ model: 'distinct_l_diversity', attribute: 'wage', l: 2 }] })).toEqual([])
    expect(faults(columns({ age: { role: 'quasi', operators: [{ operator: 'rounding', to: 5 }] } }))).toEqual([])
  })

  it('is refused whatever JSON it is', () => {
    for (const json of [null, 1, 'plan', [], {}]) expect(parsePlan(json).ok).toBe(false)
  })
})

describe('a plan', () => {
  it('is filled in with what it leaves unsaid', () => {
    expect(parsePlan(good)).toMatchObject({
      ok: true,
      plan: {
        other_columns: 'refuse',
        operators: [],
        quality: 'loss',
        aggregate: 'geometric',
        strategy: 'auto',
        risk: { threshold: 0.2 },
      },
    })
  })

  it('has the JSON schema that is committed', () => {
    const committed = JSON.parse(readFileSync(new URL('./plan.schema.json', import.meta.url), 'utf8'))
    expect(planJsonSchema()).toEqual(committed)
  })
})
