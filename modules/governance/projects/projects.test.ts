import type { Id } from '@gatehouse/core/id'
import type { Principal } from '@gatehouse/runtime/base/context'
import type { AnyOperation } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import type { TestNode } from '@gatehouse/runtime/door/testing/node'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { assignRole } from '../access/assign.ts'
import { whatMay } from '../access/explain.ts'
import { accessProblems, rightsNow } from '../access/index.ts'
import { createTeam } from '../identity/teams/teams.ts'
import { createProject } from './create.ts'
import { beginProject, endProject, resumeProject, suspendProject } from './life.ts'
import { listProjects } from './list.ts'
import { addMember, removeMember } from './members.ts'
import { projectsProblems } from './problems.ts'
import { createProduct } from './products/create.ts'
import { endProduct } from './products/end.ts'
import { listProducts } from './products/list.ts'
import { readProduct } from './products/read.ts'
import { updateProduct } from './products/update.ts'
import { readProject } from './read.ts'
import type { Member, Product, Project } from './schema.ts'
import { addSource, removeSource } from './sources.ts'
import { dayMs, type ProjectsNode, projectsNode } from './testing/projects.ts'
import { updateProject } from './update.ts'

let n: ProjectsNode
let t: TestNode
beforeAll(async () => {
  n = await projectsNode()
  t = n.t
})
afterAll(() => t.close())

let count = 0
const inDays = (days: number) => n.inDays(days)
const officer = (more: Partial<Principal> = {}) => t.principal({ roles: ['administrator', 'officer'], ...more })
const someone = ({ tenant }: { tenant?: Id<'tenant'> } = {}) => n.staff([], tenant)
const done = <T>(operation: AnyOperation, input: object, by: Principal = officer()) => n.done<T>(operation, input, by)
const refused = (operation: AnyOperation, input: object, by: Principal = officer()) => n.refused(operation, input, by)
const reads = (project: Project, who: Principal) => n.reads(project, who)
const terms = () => n.terms()
const propose = (more: object = {}) => done<Project>(createProject, { ...terms(), ...more })
const begun = async (more: object = {}) => done<Project>(beginProject, { project: (await propose(more)).id })
const add = (project: Project, who: Principal, role = 'researcher', by = officer()) =>
  done<Member>(addMember, { project: project.id, kind: 'user', holder: who.id, role }, by)
describe('a project is refused', () => {
  it.each([
    ['an unknown purpose', { purpose: 'world-domination' }, projectsProblems.purpose_unknown],
    ['an end before its beginning', { starts_at: '2030-01-02T00:00:00Z', ends_at: '2030-01-01T00:00:00Z' }, projectsProblems.dates_refused],
    ['an end that is over', { starts_at: '2020-01-01T00:00:00Z', ends_at: '2020-02-01T00:00:00Z' }, projectsProblems.dates_refused],
  ])('with %s', async (_, more, kind) => {
    expect(await refused(createProject, { ...terms(), ...more })).toBe(kind)
  })

  it('a beginning without an agreement, or before its first day', async () => {
    expect(await refused(beginProject, { project: (await propose({ agreement: null })).id })).toBe(projectsProblems.agreement_missing)
    expect(await refused(beginProject, { project: (await propose({ starts_at: inDays(1) })).id })).toBe(projectsProblems.dates_refused)
  })

  it('a step that its life does not have, and any step after its end', async () => {
    const { id: project } = await propose()
    expect(await refused(resumeProject, { project })).toBe(projectsProblems.step_refused)
    await done(beginProject, { project })
    expect(await refused(beginProject, { project })).toBe(projectsProblems.step_refused)
    await done(endProject, { project })
    for (const operation of [beginProject, suspendProject, resumeProject, endProject])
      expect(await refused(operation, { project })).toBe(projectsProblems.step_refused)
    expect(await refused(updateProject, { project, ends_at: inDays(90) })).toBe(projectsProblems.step_refused)
  })

  it('a change for an older revision', async () => {
    const { id: project, revision } = await propose()
    await done(updateProject, { project, title: 'Falls', if_revision: revision })
    expect(await refused(updateProject, { project, title: 'Rises', if_revision: revision })).toBe(doorProblems.conflict)
  })
})

describe('a member', () => {
  it('is somebody of the staff of this institution, or a team of it, once', async () => {
    const project = await propose()
    const stranger = await someone({ tenant: '01980000-0000-7000-8000-000000000002' as Id<'tenant'> })
    expect(await refused(addMember, { project: project.id, kind: 'user', holder: stranger.id, role: 'researcher' })).toBe(projectsProblems.member_unknown)
    expect(await refused(addMember, { project: project.id, kind: 'team', holder: stranger.id, role: 'researcher' })).toBe(projectsProblems.member_unknown)
    const who = await someone()
    await add(project, who)
    expect(await refused(addMember, { project: project.id, kind: 'user', holder: who.id, role: 'project_lead' })).toBe(projectsProblems.member_there)
  })

  it('is appointed to the project’s own roles by whoever may begin it, and that is never oneself', async () => {
    const project = await propose()
    const me = await n.staff(['officer'])
    expect(await refused(addMember, { project: project.id, kind: 'user', holder: me.id, role: 'project_analyst' }, me)).toBe(accessProblems.more_than_own)
    const who = await someone()
    await done(addMember, { project: project.id, kind: 'user', holder: who.id, role: 'project_analyst' }, me)
  })

  it('has nothing before the project begins, and what the role gives from then on, there and nowhere else', async () => {
    const [project, other] = [await propose(), await begun()]
    const who = await someone()
    await add(project, who)
    expect(await reads(project, who)).toBe(false)
    await done(beginProject, { project: project.id })
    expect([await reads(project, who), await reads(other, who)]).toEqual([true, false])
    const held = async (scope?: string) =>
      (await done<{ data: { area: string }[] }>(whatMay, { user: who.id, ...(scope === undefined ? {} : { scope }) })).data.map(({ area }) => area)
    expect([...new Set(await held(`project/${project.id}`))].sort()).toEqual(['catalogue', 'policy', 'project', 'purpose', 'record_type', 'submission'])
    expect([await held(), await held(`project/${other.id}`)]).toEqual([[], []])
  })

  it('loses it at once: removed, suspended, ended, and by the clock', async () => {
    const project = await begun()
    const [who, removed] = [await someone(), await someone()]
    await add(project, who)
    const { id: member } = await add(project, removed)
    expect([await reads(project, who), await reads(project, removed)]).toEqual([true, true])
    await done(removeMember, { project: project.id, member })
    expect([await reads(project, who), await reads(project, removed)]).toEqual([true, false])
    await done(suspendProject, { project: project.id })
    expect(await reads(project, who)).toBe(false)
    await done(resumeProject, { project: project.id })
    expect([await reads(project, who), await reads(project, removed)]).toEqual([true, false])
    await done(updateProject, { project: project.id, ends_at: inDays(1) })
    expect(await reads(project, who)).toBe(true)
    t.clock.advance(dayMs)
    expect(await reads(project, who)).toBe(false)
    expect((await done<Project>(readProject, { project: project.id })).state).toBe('ended')

    const another = await begun()
    await add(another, who)
    await done(endProject, { project: another.id })
    expect(await reads(another, who)).toBe(false)
  })

  it('comes and goes with a team', async () => {
    const project = await begun()
    const who = await someone()
    const team = await done<{ id: string }>(createTeam, { name: `Team ${++count}`, members: [who.id] }, officer())
    await done(addMember, { project: project.id, kind: 'team', holder: team.id, role: 'researcher' })
    expect(await reads(project, who)).toBe(true)
    const mine = await done<{ data: Project[] }>(listProjects, { mine: 'true' }, who)
    expect(mine.data.map(({ id }) => id)).toEqual([project.id])
  })

  it('who leads adds others with what the lead has there, and no more, and begins or resumes nothing', async () => {
    const project = await begun()
    const [lead, who] = [await someone(), await someone()]
    await add(project, lead, 'project_lead')
    expect(await refused(addMember, { project: project.id, kind: 'user', holder: who.id, role: 'officer' }, lead)).toBe(accessProblems.more_than_own)
    await add(project, who, 'project_member', lead)
    await done(suspendProject, { project: project.id }, lead)
    expect(await refused(resumeProject, { project: project.id }, lead)).toBe(doorProblems.not_allowed)
  })

  it('sees only own projects in the list', async () => {
    const project = await begun()
    await begun()
    const who = await someone()
    await add(project, who)
    expect((await done<{ data: Project[] }>(listProjects, { mine: 'true' }, who)).data.map(({ id }) => id)).toEqual([project.id])
    expect(await refused(listProjects, {}, who)).toBe(doorProblems.not_allowed)
  })
})

describe('a product', () => {
  const product = (more: object = {}) =>
    done<Product>(createProduct, { slug: `p-${++count}`, name: 'Current account', purposes: ['dpv:ServiceProvision'], ...more })

  it('has known purposes and a name of its own in addresses', async () => {
    const { slug } = await product()
    expect(await refused(createProduct, { slug, name: 'Again', purposes: ['dpv:ServiceProvision'] })).toBe(projectsProblems.slug_taken)
    expect(await refused(createProduct, { slug: 'other', name: 'Other', purposes: ['world-domination'] })).toBe(projectsProblems.purpose_unknown)
  })

  it('is all that a reader of it sees, and nothing once it has ended', async () => {
    const [mine, other] = [await product(), await product()]
    const who = await someone()
    await done(assignRole, { role: 'data_owner', to: 'user', id: who.id, scope: { kind: 'product', id: mine.id } })
    const listed = async () => (await done<{ data: Product[] }>(listProducts, { mine: 'true' }, who)).data.map(({ id }) => id)
    expect(await listed()).toEqual([mine.id])
    expect((await done<Product>(readProduct, { product: mine.id }, who)).id).toBe(mine.id)
    expect(await refused(readProduct, { product: other.id }, who)).toBe(doorProblems.not_allowed)
    expect(await refused(listProducts, {}, who)).toBe(doorProblems.not_allowed)
    await done(endProduct, { product: mine.id })
    expect(await listed()).toEqual([])
    for (const operation of [endProduct, updateProduct])
      expect(await refused(operation, { product: mine.id, ...(operation === updateProduct ? { name: 'N' } : {}) })).toBe(projectsProblems.product_ended)
  })
})

describe('the session of a member', () => {
  const may = async (who: Principal) => {
    const about = { tenant: t.tenant, principal: who, now: inDays(0), nowMs: t.clock.nowMs(), node: t.door.node }
    const rights = await t.database.transaction(t.tenant, (tx) => rightsNow({ ...about, tx } as never))
    return rights.filter(({ on }) => ['query_plan', 'query_run', 'release'].includes(on)).map(({ on, own }) => `${on}${own === true ? ' own' : ''}`)
  }

  it('tells what a role in a project opens there as a right on one’s own things, until the project is over', async () => {
    const [project, analyst, officers] = [await begun(), await someone(), await someone()]
    expect(await may(analyst)).toEqual([])
    await add(project, analyst, 'project_analyst')
    // Of what there is outside of projects, too, nothing is told: the whole of it would be refused.
    await add(project, officers, 'officer')
    expect([await may(analyst), await may(officers)]).toEqual([
      ['query_plan own', 'query_run own'],
      ['query_plan own', 'query_run own'],
    ])
    await done(endProject, { project: project.id })
    expect(await may(analyst)).toEqual([])
  })
})

describe('the ledger', () => {
  it('keeps ids and digests of what was changed, and neither title nor reference', async () => {
    const project = await propose({ title: 'Quite secret plans' })
    await done(updateProject, { project: project.id, title: 'Even more secret' })
    expect(t.entries.at(-1)).toMatchObject({ type: 'projects.update', facts: { object: { kind: 'project', id: project.id }, details: { changed: ['title'] } } })
    const { before, after } = (t.entries.at(-1)?.facts.details ?? {}) as { before?: string; after?: string }
    expect([before, after].every((digest) => /^[0-9a-f]{64}$/.test(digest ?? '')) && before !== after).toBe(true)
    expect(JSON.stringify(t.entries)).not.toMatch(/secret|DSA/)
  })
})

describe('sources', () => {
  it('are named once, taken back, and not changed after the end', async () => {
    const project = await propose()
    for (const [kind, reference] of [
      ['record_type', 'Cust_omer'],
      ['document', 'customer'],
    ] as const)
      await expect(t.door.enter(addSource, { project: project.id, kind, reference }, officer())).rejects.toMatchObject({ errors: [{ pointer: '/reference' }] })
    const source = await done<{ id: string }>(addSource, { project: project.id, kind: 'record_type', reference: 'customer' })
    expect(await refused(addSource, { project: project.id, kind: 'record_type', reference: 'customer' })).toBe(projectsProblems.source_there)
    await done(removeSource, { project: project.id, source: source.id })
    expect(await refused(removeSource, { project: project.id, source: source.id })).toBe(doorProblems.not_found)
    await done(endProject, { project: project.id })
    expect(await refused(addSource, { project: project.id, kind: 'other', reference: 'x' })).toBe(projectsProblems.step_refused)
  })
})
