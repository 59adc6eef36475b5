/** A project of the first hospital that the others join, each with a project of its own, and whose analyst each of them approves. */
import { must } from '@gatehouse/sdk/client'
import { type Invited, invite } from '../demo/second-person.ts'
import type { Connection } from '../node/connection.ts'
import type { Member, Mesh } from './open.ts'
import { until } from './until.ts'

export interface Joined {
  /** Of the first hospital. */
  readonly project: string
  readonly analyst: Invited
  /** Who answer for data at the first hospital: they judge results. */
  readonly owners: readonly [Invited, Invited]
  /** By the name of the node, the account there that the analyst acts as, with the project there. */
  readonly there: ReadonlyMap<string, { readonly project: string; readonly user: string }>
}

const purpose = 'dpv:ScientificResearch'
const year = 365 * 86_400_000

async function beginProject({ client }: Connection, title: string): Promise<string> {
  const { id } = must(
    await client.POST('/v1/projects', {
      body: {
        title,
        purpose,
        agreement: { reference: 'DSA 2026/42' },
        starts_at: new Date(Date.now() - 60_000).toISOString(),
        ends_at: new Date(Date.now() + year).toISOString(),
      },
    }),
  )
  const at = { params: { path: { project: id } } }
  for (const reference of ['hospital.patients', 'hospital.stays'])
    must(await client.POST('/v1/projects/{project}/sources', { ...at, body: { kind: 'table', reference } }))
  must(await client.POST('/v1/projects/{project}/begin', at))
  return id
}

/** @param password of the analyst, where somebody is to sign in as her */
export async function joinedProject({ members }: Mesh, signal: AbortSignal, password?: string): Promise<Joined> {
  const [first, ...others] = members as [Member, ...Member[]]
  const { client } = first.connection
  const person = (name: string, role: 'researcher' | 'data_owner', known?: string) =>
    invite(first.connection, { name, email: `${name.toLowerCase().replace(' ', '.')}@${first.hospital.name}.example.org`, roles: [role] }, known)
  const analyst = await person('Ana Analyst', 'researcher', password)
  const owners = [await person('Olu Owner', 'data_owner'), await person('Oda Owner', 'data_owner')] as const
  const project = await beginProject(first.connection, 'How long people stay, and where')
  const at = { params: { path: { project } } }
  must(await client.POST('/v1/projects/{project}/members', { ...at, body: { kind: 'user', holder: analyst.id, role: 'project_analyst' } }))
  const peers = others.map(({ hospital }) => hospital.name)
  must(await client.POST('/v1/mesh/projects', { body: { project, peers } }))
  const there = new Map<string, { project: string; user: string }>()
  const own = new Map<string, string>()
  for (const { hospital, connection } of others) {
    const invited = async () => must(await connection.client.GET('/v1/mesh/projects')).joined.some((one) => one.foreign_project === project)
    await until(invited, `${hospital.name} has not heard of the project`, signal)
    const local = await beginProject(connection, `With ${first.hospital.title}: how long people stay`)
    own.set(hospital.name, local)
    const path = { peer: first.hospital.name, foreign_project: project }
    must(await connection.client.POST('/v1/mesh/projects/{peer}/{foreign_project}/join', { params: { path }, body: { project: local } }))
  }
  must(await client.POST('/v1/mesh/projects/{project}/persons', { ...at, body: { user: analyst.id, peers } }))
  for (const { hospital, connection } of others) {
    const proposed = async () => must(await connection.client.GET('/v1/mesh/projects')).persons.find((one) => one.foreign_project === project)
    await until(async () => (await proposed()) !== undefined, `${hospital.name} has not heard of ${analyst.name}`, signal)
    const known = await proposed()
    const { user } = must(await connection.client.POST('/v1/mesh/persons/{person}/approve', { params: { path: { person: known?.id ?? '' } } }))
    const local = own.get(hospital.name) ?? ''
    must(
      await connection.client.POST('/v1/projects/{project}/members', {
        params: { path: { project: local } },
        body: { kind: 'user', holder: user ?? '', role: 'project_analyst' },
      }),
    )
    there.set(hospital.name, { project: local, user: user ?? '' })
  }
  return { project, analyst, owners, there }
}
