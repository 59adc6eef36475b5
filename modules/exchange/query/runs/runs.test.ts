/** Runs from their plan to whatever ends them. Tables are uploads of a hospital; every fault has a state, a reason and words. */
import { randomUUID } from 'node:crypto'
import type { Id } from '@gatehouse/core/id'
import { addSeconds, instantOf } from '@gatehouse/core/instant'
import type { QueryPlanInput } from '@gatehouse/query/plan/schema'
import type { Principal } from '@gatehouse/runtime/base/context'
import { listAll } from '@gatehouse/runtime/data/blobs/blob-store'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { changeSource } from '../../../custody/catalog/sources/change.ts'
import { recordOptOut } from '../../../governance/consents/opt-outs/staff.ts'
import { createPartner } from '../../../governance/partners/create.ts'
import { updatePartner } from '../../../governance/partners/update.ts'
import { putHolder } from '../../../governance/projects/index.ts'
import { suspendProject } from '../../../governance/projects/life.ts'
import { removeMember } from '../../../governance/projects/members.ts'
import { readProject } from '../../../governance/projects/read.ts'
import type { ProjectDetail } from '../../../governance/projects/schema.ts'
import { removeSource } from '../../../governance/projects/sources.ts'
import { setBudget } from '../budget/settings.ts'
import { queryEraser } from '../erase.ts'
import { addVersion } from '../plans/add-version.ts'
import { requestApproval } from '../plans/request-approval.ts'
import type { VersionSummary } from '../plans/schema.ts'
import { problems } from '../problems.ts'
import { readResult } from '../results/read.ts'
import { readRows } from '../results/rows.ts'
import type { ResultView } from '../results/schema.ts'
import { hospitalPlan, patientsCsv, type QueryNode, queryNode, staysCsv } from '../testing/query.ts'
import { cancelRun } from './cancel.ts'
import { silentSeconds } from './queue.ts'
import type { RunView } from './schema.ts'
import { startRun } from './start.ts'
import { findRun, takeRun } from './store.ts'

let n: QueryNode
let owners: [Principal, Principal]
beforeAll(async () => {
  n = await queryNode()
  owners = [await n.staff(['data_owner']), await n.staff(['data_owner'])]
})
afterAll(() => n?.t.close())

const rows = (of: { project: Id<'project'> }, run: RunView, who: Principal) =>
  n.done<{ rows: number }>(readRows, { project: of.project, result: run.result, limit: 5 }, who)
const resultOf = (of: { project: Id<'project'>; lead: Principal }, run: RunView) =>
  n.done<ResultView>(readResult, { project: of.project, result: run.result }, of.lead)
const withPlan = (more: Partial<QueryPlanInput>): QueryPlanInput => ({ ...hospitalPlan, ...more })
const scratch = async (run: RunView) => {
  const found: string[] = []
  for await (const { name } of listAll(n.t.blobs, `scratch/${n.t.tenant}/${run.id}/`)) found.push(name)
  return found
}
/** Nothing of it is anywhere: no result, no key, and no scratch file that could be opened. */
async function leftNothing(run: RunView) {
  expect(run.result).toBeNull()
  expect(await n.within((tx) => findRun(tx, run.id))).toMatchObject({ wrapped: null, kek_version: null })
  expect(await scratch(run)).toEqual([])
}
const objected = (id: string) => n.done(recordOptOut, { user_id: id, opt_out: { scope: 'all' } }, n.officer)

describe('a run', () => {
  it('is held, looked at by two who had no part in it, and released by the second of them; its scratch files are gone', async () => {
    const of = await n.project()
    const held = await n.ran(of)
    expect(held).toMatchObject({ state: 'held_for_review', reason: null, progress: 1, floor: 10 })
    expect(held.steps.find(({ id }) => id === 'link')).toMatchObject({ rows_in: 380, rows_out: 180 })
    expect(held.risk_after?.prosecutor_highest).toBeLessThanOrEqual(0.2)
    expect(await scratch(held)).toEqual([])
    expect((await resultOf(of, held)).report.checks.map(({ check }) => check)).toContain('people')

    // Its authors see figures and no row; whoever judges it sees both.
    for (const author of [of.lead, of.analyst])
      expect(await n.refused(readRows, { project: of.project, result: held.result }, author)).toBe(problems.result_held)
    const { rows: left } = await rows(of, held, owners[0])
    expect(left).toBeGreaterThan(100)
    await n.vote(held.review ?? '', owners[0])
    expect((await n.look(of, held.id)).state).toBe('held_for_review')
    await n.vote(held.review ?? '', owners[1])
    expect(await n.look(of, held.id)).toMatchObject({ state: 'released' })
    expect((await rows(of, held, of.analyst)).rows).toBe(left)
  })

  it('is carried out once, whoever comes for it at the same moment, and never twice', async () => {
    const of = await n.project()
    const run = await n.start(of, await n.plan(of))
    const outcomes = await Promise.all([n.conduct(run.id), n.conduct(run.id), n.conduct(run.id)])
    expect(outcomes.map((answer) => (answer.outcome === 'done' ? answer.output.outcome : answer.outcome)).sort()).toEqual(['made', 'not_open', 'not_open'])
    expect(await n.conduct(run.id)).toMatchObject({ output: { outcome: 'not_open' } })
  })

  it('that a process left behind goes on in another, and ends with one result', async () => {
    const of = await n.project()
    const run = await n.start(of, await n.plan(of))
    const now = instantOf(n.t.clock.nowMs())
    // A process took it and died.
    await n.within((tx) => takeRun(tx, run.id, randomUUID(), now, addSeconds(now, -silentSeconds)))
    expect(await n.conduct(run.id)).toMatchObject({ output: { outcome: 'not_open' } })
    n.t.clock.advance((silentSeconds + 1) * 1_000)
    expect(await n.conduct(run.id)).toMatchObject({ output: { outcome: 'made' } })
    expect((await n.look(of, run.id)).state).toBe('held_for_review')
  })

  it('is read by nobody outside of its project', async () => {
    const [of, other] = [await n.project(), await n.project()]
    const run = await n.start(of, await n.plan(of))
    expect(await n.refused(startRun, { project: of.project, plan: run.plan, version: 1 }, other.analyst)).toMatchObject({ status: 403 })
    expect(await n.refused(startRun, { project: other.project, plan: run.plan, version: 1 }, other.analyst)).toMatchObject({ status: 404 })
    await n.conduct(run.id)
  })
})

describe('what names people, is untreated, or that nobody offers', () => {
  it('is not run before the holders of its tables agree to exactly that version', async () => {
    const of = await n.project()
    const { treatment: _, ...rest } = hospitalPlan
    const untreated = { ...rest, form: 'pseudonymised', elements: rest.elements.map(({ hierarchy: __, ...element }) => element) }
    const plan = await n.plan(of, untreated)
    expect(plan.latest).toMatchObject({ runnable: false, approval: { state: 'needed', reasons: ['untreated', 'not_offered'] } })
    expect(await n.refused(startRun, { project: of.project, plan: plan.id, version: 1 }, of.analyst)).toBe(problems.not_runnable)
    const asked = await n.done<VersionSummary>(requestApproval, { project: of.project, plan: plan.id, version: 1 }, of.analyst)
    expect(asked.approval.state).toBe('asked')
    await expect(n.vote(asked.approval.review ?? '', of.analyst)).rejects.toThrow()
    await n.vote(asked.approval.review ?? '', owners[0])
    const run = await n.start(of, plan)
    await n.conduct(run.id)
    expect(await n.look(of, run.id)).toMatchObject({ state: 'held_for_review' })
    // The holder that is named now has agreed to nothing.
    const waiting = await n.start(of, plan)
    const team = (await n.team(owners[0])) as Id<'team'>
    const stays = { kind: 'table', reference: 'hospital.stays' } as const
    await n.within((tx) => putHolder(tx, { ...stays, team, named_by: n.officer.id, named_at: instantOf(n.t.clock.nowMs()) }))
    await n.conduct(waiting.id)
    expect(await n.look(of, waiting.id)).toMatchObject({
      state: 'refused',
      reason: 'not_approved',
      detail: expect.stringContaining('The holder of hospital.stays has not approved it.'),
    })
    await n.within((tx) => tx.change('DELETE FROM projects.holder WHERE tenant_id = $1 AND reference = $2', [tx.tenant, stays.reference]))
    // Another version is another plan to approve.
    const next = await n.done<VersionSummary>(
      addVersion,
      { project: of.project, plan: plan.id, document: { ...untreated, cohort: { column: 'town', is: 'eq', value: 'York' } } },
      of.analyst,
    )
    expect(next).toMatchObject({ version: 2, runnable: false, approval: { state: 'needed' } })
  })
})

describe('a run ends as refused', () => {
  const refusedRun = async (of: Awaited<ReturnType<QueryNode['project']>>, document: unknown = hospitalPlan) => n.ran(of, document)

  it('where whoever asked for it is no member any more', async () => {
    const of = await n.project()
    const run = await n.start(of, await n.plan(of))
    await n.done(removeMember, { project: of.project, member: of.members[1] }, n.officer)
    n.t.clock.advance(1_000)
    await n.conduct(run.id)
    const ended = await n.look(of, run.id)
    expect(ended).toMatchObject({ state: 'refused', reason: 'not_member' })
    await leftNothing(ended)
  })

  it('where the project was suspended', async () => {
    const of = await n.project()
    const run = await n.start(of, await n.plan(of))
    await n.done(suspendProject, { project: of.project }, n.officer)
    n.t.clock.advance(1_000)
    await n.conduct(run.id)
    expect(await n.within((tx) => findRun(tx, run.id as Id<'query_run'>))).toMatchObject({ state: 'refused', reason: 'not_member', wrapped: null })
  })

  it('where the partner that it works for lost its standing', async () => {
    const partner = `partner-${randomUUID().slice(0, 8)}`
    await n.done(createPartner, { reference: partner, name: 'A company' }, n.officer)
    const of = await n.project(undefined, { partner })
    const waiting = await n.start(of, await n.plan(of))
    await n.done(updatePartner, { partner, status: 'sanctioned' }, n.officer)
    await n.conduct(waiting.id)
    expect(await n.look(of, waiting.id)).toMatchObject({ state: 'refused', reason: 'project_closed' })
    expect(await n.refused(startRun, { project: of.project, plan: waiting.plan, version: 1 }, of.analyst)).toBe(problems.project_closed)
  })

  it('where a table is not the project’s any more', async () => {
    const of = await n.project()
    const run = await n.start(of, await n.plan(of))
    const { sources } = await n.done<ProjectDetail>(readProject, { project: of.project }, of.lead)
    await n.done(removeSource, { project: of.project, source: sources.find(({ reference }) => reference === 'hospital.stays')?.id }, n.officer)
    await n.conduct(run.id)
    const ended = await n.look(of, run.id)
    expect(ended).toMatchObject({ state: 'refused', reason: 'source_not_admitted' })
    expect(ended.detail).toContain('hospital.stays')
    await leftNothing(ended)
  })

  it('where nothing permits a result of that form', async () => {
    const of = await n.project()
    const plan = await n.plan(of, withPlan({ form: 'pseudonymised' }))
    // As if it had been offered when the version was made, and is not any more.
    await n.within((tx) => tx.change(`UPDATE query.version SET reasons = '{}' WHERE plan_id = $1`, [plan.id]))
    const run = await n.start(of, plan)
    await n.conduct(run.id)
    const ended = await n.look(of, run.id)
    expect(ended).toMatchObject({ state: 'refused', reason: 'policy_denied' })
    await leftNothing(ended)
  })

  it('where nobody is meant, and where one or a few are', async () => {
    const of = await n.project()
    const cohort = (year: number) =>
      withPlan({
        cohort: {
          all: [
            { column: 'birth_year', is: 'eq', value: year },
            { column: 'town', is: 'eq', value: 'York' },
          ],
        },
      })
    const nobody = await refusedRun(of, cohort(1800))
    expect(nobody).toMatchObject({ state: 'refused', reason: 'empty_cohort' })
    const few = await refusedRun(of, cohort(1950))
    expect(few).toMatchObject({ state: 'refused', reason: 'cohort_too_small' })
    // Not even how few.
    expect(few.steps.find(({ id }) => id === 'select')?.rows_out).toBeNull()
    await leftNothing(few)
  })

  it('where the treatment cannot keep what the plan demands', async () => {
    const ended = await refusedRun(await n.project(), withPlan({ treatment: { models: [{ model: 'k_anonymity', k: 181 }], suppression_limit: 0 } }))
    expect(ended).toMatchObject({ state: 'refused', reason: 'bound_not_met' })
    await leftNothing(ended)
  })

  it('where a check of the plan stops it', async () => {
    const prepare = { stays: [{ do: 'require' as const, column: 'diagnosis', rule: 'unique' as const, otherwise: 'stop' as const }] }
    expect(await refusedRun(await n.project(), withPlan({ prepare }))).toMatchObject({ state: 'refused', reason: 'check_stopped' })
  })

  it('where the privacy budget is spent, and the first run is charged once', async () => {
    const of = await n.project()
    await n.done(setBudget, { project: of.project, epsilon_total: 1.5, floor: 10, clean_results: 'reviewed' }, n.officer)
    const { treatment: _, ...figures } = withPlan({ aggregation: { by: ['town'], noise: { epsilon: 1 } } })
    const first = await refusedRun(of, figures)
    expect(first).toMatchObject({ state: 'held_for_review', epsilon: 1 })
    expect(await refusedRun(of, figures)).toMatchObject({ state: 'refused', reason: 'budget_spent' })
  })

  it('where it would tell of a few, together with what left before', async () => {
    const of = await n.project()
    const year = (last: number) => withPlan({ cohort: { column: 'birth_year', is: 'le', value: last } })
    const first = await refusedRun(of, year(1956))
    for (const owner of owners) await n.vote(first.review ?? '', owner)
    expect((await n.look(of, first.id)).state).toBe('released')
    // The very same people may be asked about again.
    expect(await refusedRun(of, year(1956))).toMatchObject({ state: 'held_for_review' })
    const one = await refusedRun(
      of,
      withPlan({
        cohort: {
          all: [
            { column: 'birth_year', is: 'le', value: 1956 },
            {
              not: {
                all: [
                  { column: 'birth_year', is: 'eq', value: 1950 },
                  { column: 'town', is: 'eq', value: 'Ripon' },
                ],
              },
            },
          ],
        },
      }),
    )
    expect(one).toMatchObject({ state: 'refused', reason: 'differencing' })
  })

  it('where one person is left out of a table of which nothing is linked, by the id of its subjects or by its key, whatever is done to that', async () => {
    const lonely = await n.upload('visits', patientsCsv(200))
    const columns = (subject: boolean) => [
      { name: 'patient_number', identifier_role: subject ? 'subject' : 'direct' },
      { name: 'birth_year', identifier_role: 'quasi' },
      { name: 'town', identifier_role: 'quasi' },
    ]
    const keyed = (key: readonly string[]) => n.within((tx) => tx.change('UPDATE catalog."table" SET key = $2 WHERE id = $1', [lonely, JSON.stringify(key)]))
    const visits = (but: readonly string[], prepare: QueryPlanInput['prepare'] = {}): QueryPlanInput => ({
      version: 1,
      form: 'anonymised',
      sources: [{ as: 'visits', table: 'hospital.visits', where: { not: { column: 'patient_number', in: ['P199', ...but] } } }],
      prepare,
      elements: hospitalPlan.elements.slice(0, 2).map((element) => ({ ...element, source: 'visits' })),
      treatment: { models: [{ model: 'k_anonymity', k: 5 }], suppression_limit: 0.2 },
      output: { title: 'Visits' },
    })
    const renumbered: QueryPlanInput['prepare'] = {
      visits: [
        { do: 'code', column: 'patient_number', list: Object.fromEntries(Array.from({ length: 200 }, (_, person) => [`P${person}`, `X${person}`])) },
        { do: 'rename', column: 'patient_number', to: 'nobody' },
      ],
    }
    for (const told of ['subject', 'key'] as const) {
      await n.say(lonely, columns(told === 'subject'))
      await keyed(told === 'key' ? ['patient_number'] : [])
      const of = await n.project(['hospital.visits'])
      const first = await refusedRun(of, visits([]))
      for (const owner of owners) await n.vote(first.review ?? '', owner)
      expect((await n.look(of, first.id)).state).toBe('released')
      expect(await refusedRun(of, visits(['P3']))).toMatchObject({ state: 'refused', reason: 'differencing' })
      expect(await refusedRun(of, visits(['P3'], renumbered))).toMatchObject({ state: 'refused', reason: 'differencing' })
      expect(await refusedRun(of, visits([]))).toMatchObject({ state: 'held_for_review' })
    }
    // Nothing tells its rows apart: people are told so, where clean results leave at once, too, and nothing leaves whose reviewers did not know.
    await keyed([])
    const of = await n.project(['hospital.visits'])
    const blind = async (run: RunView) => (await resultOf(of, run)).report.checks.some(({ check }) => check === 'not_compared')
    const [first, second] = [await refusedRun(of, visits([])), await refusedRun(of, visits(['P3']))]
    n.t.clock.advance(1_000)
    for (const owner of owners) await n.vote(first.review ?? '', owner)
    await n.vote(second.review ?? '', owners[0])
    await expect(n.vote(second.review ?? '', owners[1])).rejects.toThrow(problems.not_compared.title)
    await n.done(setBudget, { project: of.project, epsilon_total: 1, floor: 10, clean_results: 'released' }, n.officer)
    const third = await refusedRun(of, visits(['P4']))
    expect([await blind(first), await blind(second), await blind(third)]).toEqual([false, false, true])
    expect(third.state).toBe('held_for_review')
  })

  it('where its reviewers do not agree', async () => {
    const of = await n.project()
    const held = await n.ran(of)
    for (const owner of owners) await n.vote(held.review ?? '', owner, 'reject')
    expect(await n.look(of, held.id)).toMatchObject({ state: 'refused', reason: 'review_rejected' })
    expect(await resultOf(of, held)).toMatchObject({ state: 'ended', end: 'refused' })
  })
})

describe('who has objected', () => {
  it('is left out before anything else is read, and of whom all have, nothing comes', async () => {
    const of = await n.project()
    await n.upload('patients', patientsCsv(200))
    for (let person = 0; person < 20; person += 2) await objected(`P${person}`)
    const run = await n.ran(of)
    expect(run.steps.find(({ id }) => id === 'extract:patients/exclude')).toMatchObject({ rows_in: 200, rows_out: 190, reasons: { objected: 10 } })
    expect(run.steps.find(({ id }) => id === 'link')?.rows_out).toBe(170)

    const only = withPlan({
      sources: [
        { as: 'patients', table: 'hospital.patients', where: { column: 'patient_number', in: ['P0', 'P2', 'P4'] } },
        { as: 'stays', table: 'hospital.stays' },
      ],
    })
    expect(await n.ran(of, only)).toMatchObject({ state: 'refused', reason: 'opted_out_all' })
  })
})

describe('a run ends as failed', () => {
  it('where a source is paused, and where what it reads has changed since', async () => {
    const of = await n.project()
    const plan = await n.plan(of)
    const paused = await n.start(of, plan)
    await n.done(changeSource, { source: n.source, state: 'paused' }, n.officer)
    await n.conduct(paused.id)
    await n.done(changeSource, { source: n.source, state: 'active' }, n.officer)
    expect(await n.look(of, paused.id)).toMatchObject({ state: 'failed', reason: 'source_refused' })

    const drifted = await n.start(of, plan)
    await n.upload('stays', staysCsv(200).replace('diagnosis', 'illness'))
    await n.conduct(drifted.id)
    const ended = await n.look(of, drifted.id)
    expect(ended).toMatchObject({ state: 'refused', reason: 'plan_unfit' })
    expect(ended.detail).toContain('diagnosis')
    await leftNothing(ended)
    await n.upload('stays', staysCsv(200))
  })

  it('where a source gives more rows than the plan allows', async () => {
    const sources = [
      { as: 'patients', table: 'hospital.patients', rows_max: 100 },
      { as: 'stays', table: 'hospital.stays' },
    ]
    const ended = await n.ran(await n.project(), withPlan({ sources }))
    expect(ended).toMatchObject({ state: 'failed', reason: 'too_large' })
    await leftNothing(ended)
  })
})

describe('a run that is cancelled', () => {
  it('before it begins never begins', async () => {
    const of = await n.project()
    const run = await n.start(of, await n.plan(of))
    await n.done(cancelRun, { project: of.project, run: run.id }, of.analyst)
    expect(await n.conduct(run.id)).toMatchObject({ output: { outcome: 'not_open' } })
    expect(await n.look(of, run.id)).toMatchObject({ state: 'cancelled', reason: 'cancelled' })
    expect(await n.refused(cancelRun, { project: of.project, run: run.id }, of.analyst)).toBe(problems.run_ended)
  })

  it('while it is held takes its result with it, and no vote brings it back', async () => {
    const of = await n.project()
    const held = await n.ran(of)
    await n.vote(held.review ?? '', owners[0])
    await n.done(cancelRun, { project: of.project, run: held.id }, of.analyst)
    await expect(n.vote(held.review ?? '', owners[1])).rejects.toThrow()
    expect(await n.look(of, held.id)).toMatchObject({ state: 'cancelled' })
    expect(await resultOf(of, held)).toMatchObject({ state: 'ended' })
  })
})

describe('when a person is erased', () => {
  it('every result with rows of people ends, whether held or released, and those of nobody stay', async () => {
    const of = await n.project()
    const anonymised = await n.ran(of)
    const plan = await n.plan(of, withPlan({ form: 'pseudonymised' }))
    const asked = await n.done<VersionSummary>(requestApproval, { project: of.project, plan: plan.id, version: 1 }, of.analyst)
    await n.vote(asked.approval.review ?? '', owners[0])
    const run = await n.start(of, plan)
    await n.conduct(run.id)
    const held = await n.look(of, run.id)
    expect(held.state).toBe('held_for_review')
    const now = instantOf(n.t.clock.nowMs())
    const erased = () =>
      n.within((tx) =>
        queryEraser.eraseSubject(tx, n.t.door.node, { tenant: n.t.tenant, subject: '01980000-0000-7000-8000-00000000abcd' as Id<'subject'>, now }),
      )
    expect((await erased())['query.result']).toBeGreaterThan(0)
    expect(await resultOf(of, held)).toMatchObject({ state: 'ended', end: 'person_erased' })
    expect(await n.look(of, run.id)).toMatchObject({ state: 'refused', reason: 'person_erased' })
    expect(await n.refused(readRows, { project: of.project, result: held.result }, owners[0])).toBe(problems.result_ended)
    expect(await resultOf(of, anonymised)).toMatchObject({ state: 'held' })
    // Done again it finds nothing.
    expect((await erased())['query.result']).toBe(0)
  })
})
