/** Members and sources before the holders: the desk, the projects and PostgreSQL together. */
import type { Principal } from '@gatehouse/runtime/base/context'
import type { AnyOperation } from '@gatehouse/runtime/door/operation'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { listReviews } from '../approvals/reviews/list.ts'
import type { ReviewView } from '../approvals/reviews/schema.ts'
import { voteOnReview } from '../approvals/reviews/vote.ts'
import { changeTeam } from '../identity/teams/teams.ts'
import { createProject } from './create.ts'
import { listHolders } from './holders/list.ts'
import { dismissHolder, nameHolder } from './holders/name.ts'
import { beginProject, endProject } from './life.ts'
import { addMember, removeMember } from './members.ts'
import { projectsProblems } from './problems.ts'
import { readProject } from './read.ts'
import type { Member, Project, ProjectDetail, Source } from './schema.ts'
import { addSource } from './sources.ts'
import { type ProjectsNode, projectsNode } from './testing/projects.ts'
import { updateProject } from './update.ts'

let n: ProjectsNode
let [ada, cy]: Principal[] = []
beforeAll(async () => {
  n = await projectsNode()
  ;[ada, cy] = [await n.staff(['administrator', 'officer']), await n.staff(['administrator', 'officer'])]
})
afterAll(() => n.t.close())

const one = () => ada as Principal
const done = <T>(operation: AnyOperation, input: object, by: Principal = one()) => n.done<T>(operation, input, by)
let count = 0
/** A source whose holder is a team of one, named by two people. */
async function held(): Promise<{ reference: string; holder: Principal; team: string }> {
  const holder = await n.staff()
  const team = await n.team(holder)
  const reference = `type-${++count}`
  const input = { kind: 'record_type', reference, team }
  expect((await n.enter(nameHolder, input, one())).outcome).toBe('pending')
  await done(nameHolder, input, cy as Principal)
  return { reference, holder, team }
}
async function begun(...references: string[]): Promise<Project> {
  const { id: project } = await done<Project>(createProject, n.terms())
  for (const reference of references) await done(addSource, { project, kind: 'record_type', reference })
  return done<Project>(beginProject, { project })
}
const waiting = async (who: Principal) => (await done<{ data: ReviewView[] }>(listReviews, { show: 'waiting', limit: 100 }, who)).data
const vote = async (who: Principal, choice = 'approve') => {
  const [review] = await waiting(who)
  return done<ReviewView>(voteOnReview, { review: review?.id, choice, digest: review?.digest }, who)
}
const join = (project: Project, who: Principal, by = one()) =>
  done<Member>(addMember, { project: project.id, kind: 'user', holder: who.id, role: 'researcher' }, by)
const state = async (project: Project) => done<ProjectDetail>(readProject, { project: project.id })

describe('a holder', () => {
  it('is named by two people, a team of the institution, for what no open project works with yet', async () => {
    const stranger = '01980000-0000-7000-8000-00000000dead'
    expect(await n.refused(nameHolder, { kind: 'record_type', reference: 'x', team: stranger }, one())).toBe(projectsProblems.member_unknown)
    const project = await begun('free')
    const team = await n.team(await n.staff())
    expect(await n.refused(nameHolder, { kind: 'record_type', reference: 'free', team }, one())).toBe(projectsProblems.source_in_use)
    await done(endProject, { project: project.id })
    const { reference } = await held()
    expect((await done<{ data: { reference: string }[] }>(listHolders, {})).data.map((row) => row.reference)).toContain(reference)
  })

  it('is not dismissed while an open project works with it', async () => {
    const { reference } = await held()
    await begun(reference)
    expect((await n.enter(dismissHolder, { kind: 'record_type', reference }, one())).outcome).toBe('pending')
    expect(await n.refused(dismissHolder, { kind: 'record_type', reference }, cy as Principal)).toBe(projectsProblems.source_in_use)
  })
})

describe('membership of a project with held sources', () => {
  it('gives nothing until every holder has approved, and then at once', async () => {
    const [first, second] = [await held(), await held()]
    const project = await begun(first.reference, second.reference)
    await vote(first.holder)
    await vote(second.holder)
    expect((await state(project)).sources.map((source) => source.state)).toEqual(['admitted', 'admitted'])
    const who = await n.staff()
    expect((await join(project, who)).state).toBe('asked')
    expect(await n.reads(project, who)).toBe(false)
    await vote(first.holder)
    expect(await n.reads(project, who)).toBe(false)
    await vote(second.holder)
    expect(await n.reads(project, who)).toBe(true)
    expect(n.t.entries).toContainEqual(expect.objectContaining({ type: 'projects.admitted' }))
    const { members } = await state(project)
    await done(removeMember, { project: project.id, member: members[0]?.id })
    expect(await n.reads(project, who)).toBe(false)
  })

  it('is gone when one holder rejects', async () => {
    const { reference, holder } = await held()
    const project = await begun(reference)
    await vote(holder)
    const who = await n.staff()
    await join(project, who)
    await vote(holder, 'reject')
    expect((await state(project)).members).toEqual([])
    expect(await n.reads(project, who)).toBe(false)
  })

  it('is never decided by whoever asks, nor by whoever is to join, though they are holders', async () => {
    const { reference, holder, team } = await held()
    const project = await begun(reference)
    await vote(holder)
    // The team is the holder alone: nobody is left to approve the holder's own membership.
    await expect(join(project, holder)).rejects.toMatchObject({ kind: { type: expect.stringContaining('panel-too-small') } })
    expect((await state(project)).members).toEqual([])
    const colleague = await n.staff()
    await done(changeTeam, { team, members: [holder.id, colleague.id, one().id] })
    await join(project, holder)
    expect(await waiting(holder)).toEqual([])
    expect(await waiting(one())).toEqual([])
    await vote(colleague)
    expect(await n.reads(project, holder)).toBe(true)
  })

  it('is asked for by the lead of the project too', async () => {
    const { reference, holder } = await held()
    const project = await begun(reference)
    await vote(holder)
    const [lead, who] = [await n.staff(), await n.staff()]
    await done(addMember, { project: project.id, kind: 'user', holder: lead.id, role: 'project_lead' })
    await vote(holder)
    await join(project, who, lead)
    await vote(holder)
    expect(await n.reads(project, who)).toBe(true)
    // Who leads one project asks nothing for another.
    const other = await begun(reference)
    await expect(join(other, who, lead)).rejects.toMatchObject({ kind: { status: 403 } })
  })

  it('is of people: a team would bring in whom no holder has seen', async () => {
    const { reference, holder } = await held()
    const project = await begun(reference)
    await vote(holder)
    const team = await n.team(await n.staff())
    expect(await n.refused(addMember, { project: project.id, kind: 'team', holder: team, role: 'researcher' }, one())).toBe(projectsProblems.people_alone)
    const withTeam = await begun()
    await done(addMember, { project: withTeam.id, kind: 'team', holder: team, role: 'researcher' })
    expect(await n.refused(addSource, { project: withTeam.id, kind: 'record_type', reference }, one())).toBe(projectsProblems.people_alone)
  })

  it('is not widened: a later end and another agreement take another project', async () => {
    const { reference } = await held()
    const project = await begun(reference)
    const later = new Date(Date.parse(project.ends_at) + 1_000).toISOString()
    const earlier = new Date(Date.parse(project.ends_at) - 1_000).toISOString()
    expect(await n.refused(updateProject, { project: project.id, ends_at: later }, one())).toBe(projectsProblems.terms_approved)
    expect(await n.refused(updateProject, { project: project.id, agreement: { reference: 'Other' } }, one())).toBe(projectsProblems.terms_approved)
    await done(updateProject, { project: project.id, ends_at: earlier, title: 'Shorter' })
  })
})

describe('a source that somebody holds', () => {
  it('is judged by those too who let the project work with theirs', async () => {
    const [first, second] = [await held(), await held()]
    const project = await begun(first.reference)
    await vote(first.holder)
    await done(addSource, { project: project.id, kind: 'record_type', reference: second.reference })
    await vote(second.holder)
    const states = async () => Object.fromEntries((await state(project)).sources.map((source) => [source.reference, source.state]))
    expect(await states()).toEqual({ [first.reference]: 'admitted', [second.reference]: 'asked' })
    await vote(first.holder)
    expect(await states()).toEqual({ [first.reference]: 'admitted', [second.reference]: 'admitted' })
  })

  it('waits for its holder, who judges the project with its members: another member is another question', async () => {
    const { reference, holder } = await held()
    const project = await begun()
    const source = await done<Source>(addSource, { project: project.id, kind: 'record_type', reference })
    expect(source.state).toBe('asked')
    const [review] = await waiting(holder)
    await done(updateProject, { project: project.id, title: 'Quite another thing' })
    expect(await n.refused(voteOnReview, { review: review?.id, choice: 'approve', digest: review?.digest }, holder)).toMatchObject({ status: 409 })
    expect((await state(project)).sources[0]?.state).toBe('asked')
  })

  it('cannot be approved once the project has ended', async () => {
    const { reference, holder } = await held()
    const project = await begun(reference)
    const [review] = await waiting(holder)
    await done(endProject, { project: project.id })
    expect(await n.refused(voteOnReview, { review: review?.id, choice: 'approve', digest: review?.digest }, holder)).toMatchObject({ status: 409 })
    expect((await state(project)).sources[0]?.state).toBe('asked')
  })
})
