import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { insertUser } from '../../../governance/identity/store.ts'
import { createProject } from '../../../governance/projects/create.ts'
import { dayMs } from '../../../governance/projects/testing/projects.ts'
import { joinedProject, localPerson } from '../index.ts'
import { type Mesh, type MeshNode, openMesh } from '../testing/mesh.ts'

let mesh: Mesh
let lake: MeshNode
let hill: MeshNode
let home: string
let there: string
const analyst = '01980000-0000-7000-9000-000000000001'

async function project(node: MeshNode): Promise<string> {
  const inDays = (days: number) => new Date(mesh.clock.nowMs() + days * dayMs).toISOString()
  const terms = { title: 'Falls after surgery', purpose: 'dpv:ResearchAndDevelopment', starts_at: inDays(0), ends_at: inDays(90) }
  return (await node.done<{ id: string }>(createProject, terms)).id
}
const act = (more: object = {}) =>
  lake.send('hill', 'count', { kind: 'test.act', thread: '', onBehalfOf: { user: analyst, project: home, roles: ['project_analyst'] }, ...more })
async function outcome(id: Awaited<ReturnType<typeof act>>) {
  await mesh.settle(3)
  return lake.state(id)
}
type Listed = {
  joined: { state: string; title: string }[]
  persons: { id: string; state: string; name: string; user: string | null }[]
  invited: { state: string }[]
}

beforeAll(async () => {
  mesh = await openMesh(['lake', 'hill'])
  lake = mesh.at('lake')
  hill = mesh.at('hill')
  home = await project(lake)
  there = await project(hill)
  const row = { email: 'ada@example.org', name: 'Ada', roles: [], partner_id: null, subject_id: null }
  await lake.inTenant((tx) =>
    insertUser(tx, { ...row, tenant_id: lake.tenant, id: analyst as never, created_at: new Date(mesh.clock.nowMs()).toISOString() as never }),
  )
})
afterAll(() => mesh.close())

describe('a message on behalf of a person', () => {
  it('is refused where nobody stands behind it, and where the project was not joined', async () => {
    expect(await outcome(await lake.send('hill', 'count', { kind: 'test.act', thread: '' }))).toMatchObject({ state: 'refused', reason: 'person-required' })
    expect(await outcome(await act())).toMatchObject({ state: 'refused', reason: 'project-not-joined' })
    await lake.done('federation.invite', { project: home, peers: ['hill'] })
    expect(await outcome(await act())).toMatchObject({ state: 'refused', reason: 'project-not-joined' })
    expect((await hill.done<Listed>('federation.projects', {})).joined).toMatchObject([{ state: 'invited', title: 'Falls after surgery' }])
  })

  it('is refused before its person was approved, by whichever words it is sent', async () => {
    await hill.done('federation.join', { peer: 'lake', foreign_project: home, project: there })
    await mesh.settle(2)
    expect((await lake.done<Listed>('federation.projects', {})).invited).toMatchObject([{ state: 'joined' }])
    expect(await outcome(await act())).toMatchObject({ state: 'refused', reason: 'person-not-approved' })
    await lake.done('federation.propose_person', { project: home, user: analyst, peers: ['hill'] })
    expect(await outcome(await act())).toMatchObject({ state: 'refused', reason: 'person-not-approved' })
  })

  it('acts as an account here that nobody signs in by, in the project that was joined', async () => {
    const [{ id } = { id: '' }] = (await hill.done<Listed>('federation.projects', {})).persons
    const { user } = await hill.done<{ user: string }>('federation.approve_person', { person: id })
    expect(await outcome(await act())).toMatchObject({ state: 'acknowledged' })
    expect(hill.heard).toMatchObject([{ user, project: there }])
    const [account] = await hill.inTenant((tx) => tx.query('SELECT email, roles FROM identity.user WHERE id = $1', [user]))
    expect(account).toMatchObject({ roles: [], email: expect.stringMatching(/\.invalid$/) })
    expect(await hill.inTenant((tx) => tx.query('SELECT 1 FROM identity.account WHERE user_id = $1', [user]))).toEqual([])
    expect(await hill.inTenant((tx) => localPerson(tx, { peer: 'lake', issuer: 'lake', subject: analyst, project: home }))).toBe(user)
    expect(await hill.inTenant((tx) => joinedProject(tx, { peer: 'lake', foreignProject: home }))).toEqual({ project: there, state: 'joined' })
    expect(JSON.stringify(hill.entries)).not.toContain('Ada')
  })

  it('acts in that project alone, and as that person alone', async () => {
    const other = await project(lake)
    expect(await outcome(await act({ onBehalfOf: { user: analyst, project: other, roles: [] } }))).toMatchObject({
      state: 'refused',
      reason: 'project-not-joined',
    })
    const somebody = '01980000-0000-7000-9000-000000000002'
    expect(await outcome(await act({ onBehalfOf: { user: somebody, project: home, roles: [] } }))).toMatchObject({
      state: 'refused',
      reason: 'person-not-approved',
    })
  })

  it('is refused once the person is revoked, or the project left, also where it was under way', async () => {
    const underWay = await act()
    await lake.poll()
    const [{ id } = { id: '' }] = (await hill.done<Listed>('federation.projects', {})).persons
    await hill.done('federation.revoke_person', { person: id })
    expect(await outcome(underWay)).toMatchObject({ state: 'refused', reason: 'person-not-approved' })
    await hill.done('federation.approve_person', { person: id })
    await hill.done('federation.leave', { peer: 'lake', foreign_project: home })
    expect(await outcome(await act())).toMatchObject({ state: 'refused', reason: 'project-not-joined' })
    expect((await lake.done<Listed>('federation.projects', {})).invited).toMatchObject([{ state: 'left' }])
  })
})
