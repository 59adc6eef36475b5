/** Who stands behind pseudonyms, on PostgreSQL with real tables: attacks first. */
import type { Id } from '@gatehouse/core/id'
import { tokenMaker } from '@gatehouse/linkage/token/fit-token'
import { schemeOf } from '@gatehouse/query/steps/tokenise'
import { type Principal, systemPrincipal } from '@gatehouse/runtime/base/context'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { recordOptOut } from '../../../governance/consents/opt-outs/staff.ts'
import { suspendProject } from '../../../governance/projects/life.ts'
import { findSubject, moveSubject, registerSubjects } from '../../../subjects/index.ts'
import { tokenKeyOf } from '../../linkage/index.ts'
import { rotateKey } from '../../linkage/keys/rotate.ts'
import { problems } from '../problems.ts'
import { fieldOf, type Made, releasing } from '../results/testing/results.ts'
import { hospitalPlan, type QueryNode, queryNode } from '../testing/query.ts'
import { askReidentification } from './ask.ts'
import { forgetAnswers } from './forget.ts'
import { reidentifications } from './list.ts'
import { openReidentification } from './open.ts'
import type { ReidentificationView } from './schema.ts'
import { searchPeople } from './search.ts'

let n: QueryNode
let of: Awaited<ReturnType<QueryNode['project']>>
let made: Made
let ben: Principal
let eva: Principal
const reason = 'A finding that their physicians have to hear of'

beforeAll(async () => {
  n = await queryNode()
  of = await n.project()
  made = await pseudonymised(of, ['P3', 'P11', 'P42', 'P199'])
})
afterAll(() => n.t.close())
beforeEach(async () => {
  ;[ben, eva] = [await n.staff(['data_owner']), await n.staff(['data_owner'])]
})

async function tokensOf(project: Id<'project'>, ids: readonly string[]): Promise<string[]> {
  const key = await n.within((tx) => tokenKeyOf(tx, n.t.door.node, n.t.tenant, project, n.inDays(0) as never))
  const make = tokenMaker(n.t.door.node.keys.primitives, key, [schemeOf({ id: 'number', fields: [{ column: 'patient_number', form: 'identifier' }] })])
  return ids.map((patient_number) => (make({ patient_number })[0] as { token: string }).token)
}
async function pseudonymised(where: typeof of, ids: readonly string[], more: object = {}): Promise<Made> {
  const tokens = await tokensOf(where.project, ids)
  return releasing(n)(where, {
    fields: [fieldOf('person', 'string'), fieldOf('town', 'string')],
    columns: [
      { name: 'person', type: 'string', role: 'token', level: null, levels: null },
      { name: 'town', type: 'string', role: 'quasi', level: null, levels: null },
    ],
    chunks: [tokens.map((person) => ({ person, town: 'York' }))],
    plan: { ...hospitalPlan, form: 'pseudonymised', ...more },
  })
}

const inputOf = (more: object, result = made) => ({ project: result.project, result: result.result, reason, ...more })
const ask = (more: object, by: Principal, result = made) => n.enter(askReidentification, inputOf(more, result), by)
const refused = (more: object, by: Principal, result = made) => n.refused(askReidentification, inputOf(more, result), by)
/** Two ask, and the job that follows is done. */
async function asked(more: object, result = made): Promise<ReidentificationView> {
  expect((await ask(more, ben, result)).outcome).toBe('pending')
  const answer = await ask(more, eva, result)
  if (answer.outcome !== 'done') throw new Error(answer.outcome === 'refused' ? answer.problem.message : answer.outcome)
  const view = answer.output as ReidentificationView
  await search(view.id)
  return view
}
const search = (id: string) => n.t.door.enter(searchPeople, { reidentification: id as never }, systemPrincipal(n.t.tenant))
const open = (view: { id: string }, by: Principal) =>
  n.done<ReidentificationView & { people: { token: string; identifier: string }[] }>(
    openReidentification,
    { project: of.project, reidentification: view.id },
    by,
  )
const openRefused = (view: { id: string }, by: Principal) => n.refused(openReidentification, { project: of.project, reidentification: view.id }, by)
const told = (id: string) => n.t.entries.filter(({ type, facts }) => type === 'query.told_of' && facts.object?.id === id)
const people = async (view: { id: string }, by = ben) => (await open(view, by)).people.map(({ identifier }) => identifier).sort()

describe('asking', () => {
  it('is refused to those who work in the project, and for anonymised results plainly', async () => {
    for (const member of [of.lead, of.analyst]) expect(await refused({ rows: [0] }, member)).toBe(doorProblems.not_allowed)
    const anonymised = await pseudonymised(of, ['P3'], { form: 'anonymised' })
    expect(await refused({ rows: [0] }, ben, anonymised)).toBe(problems.nothing_to_reidentify)
    const untold = await releasing(n)(of, {
      fields: [fieldOf('town', 'string')],
      chunks: [[{ town: 'York' }]],
      plan: { ...hospitalPlan, form: 'pseudonymised' },
    })
    expect(await refused({ rows: [0] }, ben, untold)).toBe(problems.nothing_to_reidentify)
  })

  it('takes two different people, and the same question of both', async () => {
    expect((await ask({ rows: [1] }, ben)).outcome).toBe('pending')
    expect((await ask({ rows: [1] }, ben)).outcome).toBe('pending')
    expect((await ask({ rows: [1, 2] }, eva)).outcome).toBe('pending')
    expect((await ask({ rows: [1] }, eva)).outcome).toBe('done')
  })

  it('is of a bounded number of tokens that have their form', async () => {
    expect(await refused({}, ben)).toBe(problems.nothing_to_reidentify)
    expect(await refused({ rows: Array.from({ length: 201 }, (_, row) => row) }, ben)).toBe(doorProblems.input_invalid)
    for (const token of ["' OR 1=1 --", 'fit1.a.b.c', '../../etc/passwd', `fit1.${'a'.repeat(500)}.b.c.d`]) {
      expect(await refused({ tokens: [token] }, ben)).toBe(doorProblems.input_invalid)
    }
  })
})

describe('the answer', () => {
  it('is who they are, once to each of the two who asked and to nobody else; every telling is in the ledger of the person', async () => {
    const view = await asked({ rows: [0, 2] })
    const [third] = [await n.staff(['data_owner'])]
    expect(await openRefused(view, third)).toBe(problems.opened_before)
    const { people: found } = await open(view, ben)
    expect(found.map(({ identifier }) => identifier).sort()).toEqual(['P3', 'P42'])
    expect(found[0]?.token).toMatch(/^fit1\./)
    expect(await openRefused(view, ben)).toBe(problems.opened_before)
    expect(await people(view, eva)).toEqual(['P3', 'P42'])
    expect(await openRefused(view, eva)).toBe(problems.opened_before)
    const entries = told(view.id)
    expect(entries.map(({ actor }) => actor.id).sort()).toEqual([ben.id, ben.id, eva.id, eva.id].sort())
    const person = await n.within((tx) => findSubject(tx, n.t.door.node, 'P3'))
    expect(entries.filter(({ facts }) => facts.subject?.commitment === person?.commitment)).toHaveLength(2)
    expect(JSON.stringify(entries)).not.toMatch(/"P3"|"P42"/)
  })

  it('is opened once of forty times at once', async () => {
    const view = await asked({ rows: [1] })
    const tries = await Promise.allSettled(Array.from({ length: 40 }, () => open(view, ben)))
    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  })

  it('tells nothing of tokens that stand in no row of this result, be they of another result or another project', async () => {
    const [elsewhere] = [await n.project()]
    const [stranger] = await tokensOf(of.project, ['P77'])
    const [foreign] = await tokensOf(elsewhere.project, ['P3'])
    const [own] = await tokensOf(of.project, ['P11'])
    const view = await asked({ tokens: [stranger, foreign, own] })
    expect(await people(view)).toEqual(['P11'])
  })

  it('leaves out whoever has objected', async () => {
    const result = await pseudonymised(of, ['P70', 'P71'])
    await n.done(recordOptOut, { user_id: 'P70', opt_out: { scope: 'all' } }, n.officer)
    expect(await people(await asked({ rows: [0, 1] }, result))).toEqual(['P71'])
  })

  it('leaves out whoever is archived, also after it was found', async () => {
    const archive = (id: string) =>
      n.within(async (tx) => {
        const subject = (await registerSubjects(tx, n.t.door.node, [id])).get(id)
        await moveSubject(tx, subject?.id as never, 'archived')
      })
    const result = await pseudonymised(of, ['P60', 'P61', 'P62'])
    await archive('P60')
    const view = await asked({ rows: [0, 1, 2] }, result)
    await archive('P61')
    expect(await people(view)).toEqual(['P62'])
  })

  it('is found for tokens of a key that was rotated since', async () => {
    const own = await n.project()
    const result = await pseudonymised(own, ['P5'])
    n.t.clock.advance(1_000)
    await n.done(rotateKey, { project: own.project, overlap_days: 0 }, own.lead)
    const view = await asked({ rows: [0] }, result)
    const opened = await n.done<{ people: { identifier: string }[] }>(openReidentification, { project: own.project, reidentification: view.id }, ben)
    expect(opened.people).toMatchObject([{ identifier: 'P5' }])
  })

  it('is gone after an hour, and with a project that was suspended meanwhile it is not even looked for', async () => {
    const view = await asked({ rows: [3] })
    n.t.clock.advance(3_600_000)
    expect(await openRefused(view, ben)).toBe(problems.opened_before)
    await forgetAnswers.run(n.t.door.node)
    const left = await n.within((tx) =>
      tx.query('SELECT 1 FROM query.reidentification WHERE tenant_id = $1 AND id = $2 AND answer IS NULL AND question IS NULL', [n.t.tenant, view.id]),
    )
    expect(left).toHaveLength(1)
    const own = await n.project()
    const result = await pseudonymised(own, ['P7'])
    expect((await ask({ rows: [0] }, ben, result)).outcome).toBe('pending')
    const second = await ask({ rows: [0] }, eva, result)
    await n.done(suspendProject, { project: own.project }, n.officer)
    expect(await search((second as { output: { id: string } }).output.id)).toMatchObject({ output: { outcome: 'failed' } })
    const { data } = await n.done<{ data: ReidentificationView[] }>(reidentifications, { project: of.project }, ben)
    expect(data[0]).toMatchObject({ state: 'closed', reason })
  })
})
