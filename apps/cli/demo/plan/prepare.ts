/** The first half: the hospital's tables become sources, people with different duties sign in, and a project is let begin. */
import { must } from '@gatehouse/sdk/client'
import { lookThrough } from '../../files/look-through.ts'
import type { Connection } from '../../node/connection.ts'
import { count } from '../../terminal/output.ts'
import { type Invited, invite } from '../second-person.ts'
import type { Story } from '../story.ts'
import { admittedOf, type Hospital, patientNumber } from './hospital.ts'

export interface Tables {
  readonly patients: string
  readonly admissions: string
}

export async function connectSources(story: Story, connection: Connection, hospital: Hospital, suffix: string): Promise<Tables> {
  story.step('Sources')
  const { client } = connection
  const { host, port, database, user } = hospital
  const slug = `hospital-${suffix}`
  const live = must(
    await client.POST('/v1/data-sources', {
      body: { slug, kind: 'postgresql', title: 'The hospital', settings: { host, port, database, tls: 'off' }, secret: { user, password: '' } },
    }),
  )
  const at = { params: { path: { source: live.id } } }
  const checked = must(await client.POST('/v1/data-sources/{source}/check', at))
  story.claim(
    `The hospital’s PostgreSQL answers (${checked.server ?? ''}), and is only ever read.`,
    checked.health === 'healthy' && checked.read_only === true,
    checked.health,
  )
  await lookThrough(client, live.id, false)
  const told = await client.GET('/v1/data-sources/{source}', at)
  story.claim('Its password is shown to nobody again.', !JSON.stringify(must(told)).includes('password'))

  const file = must(await client.POST('/v1/data-sources', { body: { slug: `admissions-${suffix}`, kind: 'file', title: 'Admissions' } }))
  const sent = must(
    await client.POST('/v1/data-sources/{source}/uploads', {
      params: { path: { source: file.id }, query: { name: 'stays' } },
      body: hospital.admissions,
      bodySerializer: (text: string) => text,
      headers: { 'content-type': 'application/octet-stream' },
    }),
  )
  const rows = admittedOf(hospital.patients)
  story.claim(
    `A file of ${count(rows)} admissions is a table too, sealed at rest.`,
    sent.upload.rows === rows && sent.upload.bad_rows === 0,
    String(sent.upload.rows),
  )

  const { data } = must(await client.GET('/v1/tables', { params: { query: { source: live.id } } }))
  const patients = data.find(({ reference }) => reference === `${slug}.patients`)
  if (patients === undefined) throw new Error('the table of patients was not discovered')
  const say = (table: string, columns: { name: string; identifier_role: 'subject' | 'quasi' | 'sensitive' | 'direct' }[]) =>
    client.PATCH('/v1/tables/{table}', { params: { path: { table } }, body: { columns } })
  must(
    await say(patients.id, [
      { name: 'patient_number', identifier_role: 'subject' },
      { name: 'family_name', identifier_role: 'direct' },
      { name: 'birth_year', identifier_role: 'quasi' },
      { name: 'sex', identifier_role: 'quasi' },
      { name: 'town', identifier_role: 'quasi' },
    ]),
  )
  must(
    await say(sent.table.id, [
      { name: 'patient_number', identifier_role: 'subject' },
      { name: 'diagnosis', identifier_role: 'sensitive' },
      { name: 'days', identifier_role: 'sensitive' },
    ]),
  )
  story.tell('Somebody has said which column names the person, which could be known from elsewhere, and which is sensitive.')
  return { patients: patients.reference, admissions: sent.table.reference }
}

export interface Team {
  readonly lead: Invited
  readonly analyst: Invited
  readonly owners: readonly [Invited, Invited]
}

export async function inviteTeam(story: Story, connection: Connection, suffix: string): Promise<Team> {
  story.step('People')
  const person = (name: string, role: 'researcher' | 'data_owner') =>
    invite(connection, { name, email: `${name.toLowerCase().replace(' ', '.')}.${suffix}@example.org`, roles: [role] })
  const lead = await person('Lea Lead', 'researcher')
  const analyst = await person('Ana Analyst', 'researcher')
  const owners = [await person('Olu Owner', 'data_owner'), await person('Oda Owner', 'data_owner')] as const
  story.tell(`${lead.name} leads, ${analyst.name} analyses; ${owners[0].name} and ${owners[1].name} answer for the data. Each has signed in by themselves.`)
  return { lead, analyst, owners }
}

/** Twelve patients have objected to any use of what is kept of them. */
export const objectingMax = 12

export async function beginProject(story: Story, { client }: Connection, team: Team, tables: Tables): Promise<string> {
  story.step('A project')
  const year = 365 * 86_400_000
  const made = must(
    await client.POST('/v1/projects', {
      body: {
        title: 'How long people stay',
        purpose: 'dpv:ScientificResearch',
        agreement: { reference: 'DSA 2026/31' },
        starts_at: new Date(Date.now() - 60_000).toISOString(),
        ends_at: new Date(Date.now() + year).toISOString(),
      },
    }),
  )
  const at = { params: { path: { project: made.id } } }
  for (const reference of [tables.patients, tables.admissions])
    must(await client.POST('/v1/projects/{project}/sources', { ...at, body: { kind: 'table', reference } }))
  for (const [{ id }, role] of [
    [team.lead, 'project_lead'],
    [team.analyst, 'project_analyst'],
  ] as const) {
    must(await client.POST('/v1/projects/{project}/members', { ...at, body: { kind: 'user', holder: id, role } }))
  }
  const begun = must(await client.POST('/v1/projects/{project}/begin', at))
  story.claim(`It has a purpose, an agreement, two sources, two members and an end: ${begun.ends_at.slice(0, 10)}.`, begun.state === 'active', begun.state)
  for (let index = 0; index < objectingMax; index++) {
    must(await client.POST('/v1/opt-outs', { body: { user_id: patientNumber(index), opt_out: { scope: 'all' } } }))
  }
  story.tell(`${objectingMax} patients have objected to any use of their records.`)
  return made.id
}
