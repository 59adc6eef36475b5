import { describe, expect, it } from 'vitest'
import { dataOf, gp, gpRow, hospital, linkedPlan, tables } from '../testing/plans.ts'
import { runPlanInMemory, testSecrets } from '../testing/run-plan.ts'

describe('evidence that is weighed', () => {
  const word = (seed: number) => {
    let state = seed * 7919 + 13
    return Array.from({ length: 7 }, () => {
      state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
      return String.fromCharCode(97 + (Math.floor(state / 65_536) % 26))
    }).join('')
  }
  const person = (who: number) => ({
    family_name: word(who),
    given_name: word(who + 500),
    date_of_birth: `19${50 + (who % 45)}-${String(1 + (who % 12)).padStart(2, '0')}-${String(1 + (who % 28)).padStart(2, '0')}`,
  })
  const gpRows = Array.from({ length: 150 }, (_, who) => gpRow(who, { nhs_number: null, ...person(who) }))
  const wardRows = Array.from({ length: 150 }, (_, who) => {
    const { family_name, given_name, date_of_birth } = person(who + 50)
    // Some names have a slip, and some birthdays another day.
    const surname = who % 5 === 0 ? `${family_name.slice(0, 5)}q` : family_name
    return {
      number: null,
      surname,
      forename: given_name,
      born: who % 11 === 0 ? `${date_of_birth.slice(0, 8)}28` : date_of_birth,
      diagnosis: 'gout',
      nights: who,
    }
  })
  const data = new Map([
    ['gp', dataOf(gp, gpRows)],
    ['ward', dataOf(hospital, wardRows)],
  ])
  const plan = {
    ...linkedPlan,
    form: 'pseudonymised',
    treatment: undefined,
    cohort: undefined,
    prepare: {},
  }
  const weighed = (method: object, decisions?: NonNullable<typeof testSecrets.decisions>) =>
    runPlanInMemory(
      { ...plan, linkage: { keys: linkedPlan.linkage.keys.slice(1), keep: 'everybody', method: { kind: 'probabilistic', ...method } } },
      tables,
      data,
      {
        ...testSecrets,
        ...(decisions === undefined ? {} : { decisions }),
      },
    )

  it('links over slips, each record of a source at most once', async () => {
    const { facts } = await weighed({ threshold: 0.9, review_from: 0.01 })
    expect(facts.get('link')?.reasons.people).toBeLessThan(220)
    expect(facts.get('link')?.reasons.people).toBeGreaterThanOrEqual(200)
  })

  it('sets the doubtful aside, the likeliest first', async () => {
    const { outputs } = await weighed({ threshold: 0.9999999, review_from: 0.5 })
    const doubtful = outputs.get('link')?.doubtful ?? []
    expect(doubtful.length).toBeGreaterThan(0)
    expect(doubtful.every(({ probability }) => probability >= 0.5 && probability < 0.9999999)).toBe(true)
    // For whoever decides: both values of what was compared, by the names of the plan’s keys.
    const [first] = doubtful
    expect(first).toMatchObject({ leftSource: 'gp', rightSource: 'ward' })
    expect(first?.fall.steps.map(({ columns }) => columns[0])).toEqual(['family', 'given', 'born'])
    for (const { left, right } of first?.fall.steps ?? []) for (const value of [...left, ...right]) expect(value).toMatchObject({ value: expect.any(String) })
    expect(doubtful.map(({ probability }) => probability)).toEqual(doubtful.map(({ probability }) => probability).sort((one, other) => other - one))
  })

  it('names rows by the key of their table, so that a decision holds whatever becomes of their values', async () => {
    const keyed = new Map([...tables, ['gp', { ...gp, key: ['patient_id'] }]])
    const linkage = { keys: linkedPlan.linkage.keys.slice(1), keep: 'everybody', method: { kind: 'probabilistic', threshold: 0.9999999, review_from: 0.5 } }
    const doubtfulOf = async (rows: typeof gpRows, secrets = testSecrets) => {
      const { outputs } = await runPlanInMemory({ ...plan, linkage }, keyed, new Map([...data, ['gp', dataOf(gp, rows)]]), secrets)
      return outputs.get('link')?.doubtful ?? []
    }
    const names = new Set((await doubtfulOf(gpRows)).map(({ left }) => left))
    const corrected = await doubtfulOf(gpRows.map((row) => ({ ...row, given_name: `${row.given_name}a` })))
    expect(corrected.some(({ left }) => names.has(left))).toBe(true)
    const elsewhere = await doubtfulOf(gpRows, { ...testSecrets, row: new Uint8Array(32).fill(6) })
    expect(elsewhere.length).toBeGreaterThan(0)
    expect(elsewhere.some(({ left }) => names.has(left))).toBe(false)
  })

  it('honours what people have decided, whatever the evidence says', async () => {
    const first = await weighed({ threshold: 0.9999999, review_from: 0.5 })
    const doubtful = first.outputs.get('link')?.doubtful ?? []
    expect(doubtful.length).toBeGreaterThan(0)
    const decisions = doubtful.map(({ left, right }) => ({ left, right, same: true }))
    const again = await weighed({ threshold: 0.9999999, review_from: 0.5 }, decisions)
    expect(again.facts.get('link')?.reasons).toMatchObject({ doubtful: 0, decided: doubtful.length })
    expect(again.facts.get('link')?.reasons.people).toBeLessThan(first.facts.get('link')?.reasons.people as number)
    const parted = await weighed(
      { threshold: 0.6, review_from: 0.1 },
      decisions.map((decision) => ({ ...decision, same: false })),
    )
    const joined = await weighed({ threshold: 0.6, review_from: 0.1 })
    expect(parted.facts.get('link')?.reasons.people).toBeGreaterThan(joined.facts.get('link')?.reasons.people as number)
  })
})
