/** Plans as people make them: checked, counted, tried, versioned. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readBudget, setBudget } from '../budget/settings.ts'
import { problems } from '../problems.ts'
import { hospitalPlan, type QueryNode, queryNode } from '../testing/query.ts'
import { addVersion } from './add-version.ts'
import { countPlan } from './count.ts'
import { createPlan } from './create.ts'
import { comparePlans } from './diff.ts'
import { dryRunPlan } from './dry-run.ts'
import { plans } from './list.ts'
import { readPlan } from './read.ts'
import { validatePlan } from './validate.ts'

let n: QueryNode
let of: Awaited<ReturnType<QueryNode['project']>>
beforeAll(async () => {
  n = await queryNode()
  of = await n.project()
})
afterAll(() => n?.t.close())

const within = (document: unknown) => ({ project: of.project, document })
type Told = Record<string, unknown> & { errors: { pointer: string }[] }

describe('a plan', () => {
  it('that does not hold together or does not fit its tables is told each place, and is not kept', async () => {
    const wrong = {
      ...hospitalPlan,
      elements: [
        { name: 'ward', source: 'stays', column: 'ward', role: 'quasi' },
        { name: 'x', source: 'nowhere', column: 'y', role: 'quasi' },
      ],
    }
    const checked = await n.done<Told>(validatePlan, within(wrong), of.analyst)
    expect(checked).toMatchObject({ valid: false, hash: null })
    expect(checked.errors.map(({ pointer }) => pointer)).toContain('/elements/1/source')
    expect(await n.refused(createPlan, within(wrong), of.analyst)).toBe(problems.plan_unfit)
    const other = {
      ...hospitalPlan,
      sources: [
        { as: 'patients', table: 'hospital.patients' },
        { as: 'stays', table: 'hospital.nurses' },
      ],
    }
    expect((await n.done<Told>(validatePlan, within(other), of.analyst)).errors[0]).toMatchObject({ pointer: '/sources/1/table' })
  })

  it('gets the stricter role where the catalogue knows an element as more telling', async () => {
    const lax = { ...hospitalPlan, elements: [...hospitalPlan.elements.slice(0, 2), { ...hospitalPlan.elements[2], role: 'insensitive' }] }
    expect(await n.done<Told>(validatePlan, within(lax), of.analyst)).toMatchObject({ valid: true, raised: [{ pointer: '/elements/2/role', to: 'sensitive' }] })
  })

  it('has versions with a hash each, which are listed and compared; the same again is none', async () => {
    const plan = await n.plan(of)
    const at = { project: of.project, plan: plan.id }
    expect(await n.refused(addVersion, { ...at, document: hospitalPlan }, of.analyst)).toBe(problems.plan_unchanged)
    await n.done(addVersion, { ...at, document: { ...hospitalPlan, treatment: { models: [{ model: 'k_anonymity', k: 10 }] } } }, of.analyst)
    expect(await n.done(readPlan, at, of.lead)).toMatchObject({ versions: 2, history: [{ version: 2 }, { version: 1, hash: plan.latest.hash }] })
    const { changes } = await n.done<{ changes: { pointer: string }[] }>(comparePlans, { ...at, from: 1, to: 2 }, of.lead)
    expect(changes.map(({ pointer }) => pointer)).toContain('/treatment/models/0/k')
    const listed = await n.done<{ data: { id: string }[] }>(plans, { project: of.project }, of.lead)
    expect(listed.data.map(({ id }) => id)).toContain(plan.id)
  })

  it('is of its project alone', async () => {
    const [plan, other] = [await n.plan(of), await n.project()]
    expect(await n.refused(readPlan, { project: other.project, plan: plan.id }, other.lead)).toMatchObject({ status: 404 })
    expect(await n.refused(readPlan, { project: of.project, plan: plan.id }, other.lead)).toMatchObject({ status: 403 })
  })
})

describe('figures before a run', () => {
  const cohort = (column: string, value: string | number) => ({ ...hospitalPlan, cohort: { column, is: 'eq' as const, value } })

  it('count people rounded, and nobody below the floor', async () => {
    expect(await n.done(countPlan, within(hospitalPlan), of.analyst)).toEqual({ people: 180, floor: 10, base: 5, nodes: [] })
    expect(await n.done(countPlan, within(cohort('town', 'York')), of.analyst)).toMatchObject({ people: 50 })
    const few = {
      ...hospitalPlan,
      cohort: {
        all: [
          { column: 'town', is: 'eq' as const, value: 'York' },
          { column: 'birth_year', is: 'eq' as const, value: 1950 },
        ],
      },
    }
    expect(await n.done(countPlan, within(few), of.analyst)).toMatchObject({ people: null })
  })

  it('are told so often in a day and no more, however the question is put', async () => {
    const asker = await n.project()
    const limited = { project: asker.project, epsilon_total: 1, floor: 10, clean_results: 'reviewed', questions_per_day: 3 } as const
    await n.done(setBudget, limited, n.officer)
    const ask = (document: unknown) => ({ project: asker.project, document })
    // What does not hold together was never answered.
    await n.refused(countPlan, ask({ ...hospitalPlan, sources: [] }), asker.analyst)
    await n.done(countPlan, ask(hospitalPlan), asker.analyst)
    await n.done(dryRunPlan, ask(hospitalPlan), asker.analyst)
    await n.done(countPlan, ask(cohort('town', 'York')), asker.lead)
    for (const question of [countPlan, dryRunPlan]) expect(await n.refused(question, ask(cohort('town', 'Leeds')), asker.analyst)).toBe(problems.trials_spent)
    expect(await n.done(readBudget, { project: asker.project }, asker.analyst)).toMatchObject({ questions_today: 3, questions_per_day: 3 })
    // The day of another project is its own, and so is the next one.
    await n.done(countPlan, within(hospitalPlan), of.analyst)
    n.t.clock.advance(86_400_000)
    await n.done(countPlan, ask(cohort('town', 'Leeds')), asker.analyst)
    expect(await n.done(readBudget, { project: asker.project }, asker.analyst)).toMatchObject({ questions_today: 1 })
  })

  it('asked for all at once spend no more than there are', async () => {
    const asker = await n.project()
    await n.done(setBudget, { project: asker.project, epsilon_total: 1, floor: 10, clean_results: 'reviewed', questions_per_day: 2 }, n.officer)
    const answers = await Promise.all(
      Array.from({ length: 6 }, () => n.t.door.enter(countPlan, { project: asker.project, document: hospitalPlan }, asker.analyst)),
    )
    expect(answers.filter(({ outcome }) => outcome === 'done')).toHaveLength(2)
  })

  it('tell what each step would take away, what becomes of each column and the risk before and after, and keep nothing', async () => {
    const prepare = { stays: [{ do: 'code', column: 'diagnosis', list: { asthma: 'J45', gout: 'gout' } }] }
    const tried = await n.done<{ steps: { id: string }[]; columns: { name: string; loss: number | null }[] }>(
      dryRunPlan,
      within({ ...hospitalPlan, prepare }),
      of.analyst,
    )
    expect(tried).toMatchObject({ outcome: 'would_be_held', reason: null, sampled: false, floor: 10 })
    expect(tried.steps.map(({ id }) => id)).toEqual(expect.arrayContaining(['extract:patients/extract', 'extract:stays/tokenise', 'link', 'treat', 'write']))
    // Of the diagnoses 60 are coded anew and 60 are in no list; of years and towns only rows go, with what they told.
    const untouched = { prepared: 0, changed: 0, suppressed: 0 }
    expect(tried.columns).toEqual([
      { name: 'birth_year', ...untouched, loss: 0.07 },
      { name: 'town', ...untouched, loss: 0.07 },
      { name: 'diagnosis', prepared: 120, changed: 0, suppressed: 60, loss: null },
    ])
    const coarse = { ...hospitalPlan, treatment: { models: [{ model: 'k_anonymity', k: 15 }], suppression_limit: 0 } }
    const { columns } = await n.done<typeof tried>(dryRunPlan, within(coarse), of.analyst)
    expect(columns.find(({ name }) => name === 'town')).toEqual({ name: 'town', prepared: 0, changed: 180, suppressed: 180, loss: 1 })
    expect(await n.done(dryRunPlan, within(cohort('birth_year', 1800)), of.analyst)).toMatchObject({ outcome: 'would_be_refused', reason: 'empty_cohort' })
    expect(await n.done(dryRunPlan, within({ ...hospitalPlan, treatment: { models: [{ model: 'k_anonymity', k: 181 }] } }), of.analyst)).toMatchObject({
      outcome: 'would_be_refused',
      reason: 'bound_not_met',
    })
  })
})
