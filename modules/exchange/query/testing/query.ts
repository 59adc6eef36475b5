/** A node with two uploaded tables of a hospital and a project that works with them, and the few steps that tests of runs begin with. */
import type { Id } from '@gatehouse/core/id'
import type { QueryPlanInput } from '@gatehouse/query/plan/schema'
import type { Principal } from '@gatehouse/runtime/base/context'
import { systemPrincipal } from '@gatehouse/runtime/base/context'
import type { Tx } from '@gatehouse/runtime/data/db'
import type { Module } from '@gatehouse/runtime/door/module'
import { catalogModule } from '../../../custody/catalog/index.ts'
import { addSource as addDataSource } from '../../../custody/catalog/sources/add.ts'
import { changeTable } from '../../../custody/catalog/tables/change.ts'
import { uploadTable } from '../../../custody/catalog/uploads/upload.ts'
import { readReview } from '../../../governance/approvals/reviews/read.ts'
import type { ReviewPage } from '../../../governance/approvals/reviews/schema.ts'
import { voteOnReview } from '../../../governance/approvals/reviews/vote.ts'
import { consentsModule } from '../../../governance/consents/index.ts'
import { createProject } from '../../../governance/projects/create.ts'
import { beginProject } from '../../../governance/projects/life.ts'
import { addMember } from '../../../governance/projects/members.ts'
import { addSource } from '../../../governance/projects/sources.ts'
import { projectsNode } from '../../../governance/projects/testing/projects.ts'
import { requestsModule } from '../../../governance/requests/index.ts'
import { linkageModule } from '../../linkage/index.ts'
import { queryModule } from '../module.ts'
import { createPlan } from '../plans/create.ts'
import type { PlanSummary } from '../plans/schema.ts'
import { conductRun } from '../runs/conduct.ts'
import { readRun } from '../runs/read.ts'
import type { RunSummary, RunView } from '../runs/schema.ts'
import { startRun } from '../runs/start.ts'

export type QueryNode = Awaited<ReturnType<typeof queryNode>>

const towns = ['York', 'Leeds', 'Hull', 'Ripon']
const illnesses = ['asthma', 'gout', 'migraine']

/** Person `n` lives in a town, was born in a year, and stayed for an illness; every tenth stayed nowhere. */
export const patientsCsv = (count: number) =>
  `patient_number,birth_year,town\n${Array.from({ length: count }, (_, n) => `P${n},${1950 + (n % 8)},${towns[(n >> 3) % 4]}`).join('\n')}\n`
export const staysCsv = (count: number) =>
  `patient_number,diagnosis,days\n${Array.from({ length: count }, (_, n) => n)
    .filter((n) => n % 10 !== 9)
    .map((n) => `P${n},${illnesses[(n * 7) % 3]},${1 + (n % 9)}`)
    .join('\n')}\n`

export const hospitalPlan: QueryPlanInput = {
  version: 1,
  form: 'anonymised',
  sources: [
    { as: 'patients', table: 'hospital.patients' },
    { as: 'stays', table: 'hospital.stays' },
  ],
  elements: [
    { name: 'birth_year', source: 'patients', column: 'birth_year', role: 'quasi', type: 'integer', hierarchy: { kind: 'interval', widths: [4, 8] } },
    { name: 'town', source: 'patients', column: 'town', role: 'quasi' },
    { name: 'diagnosis', source: 'stays', column: 'diagnosis', role: 'sensitive' },
  ],
  linkage: {
    keys: [{ name: 'number', form: 'identifier', columns: { patients: 'patient_number', stays: 'patient_number' } }],
    method: { kind: 'deterministic', passes: [['number']] },
    keep: 'linked',
  },
  treatment: { models: [{ model: 'k_anonymity', k: 5 }], suppression_limit: 0.2 },
  output: { title: 'Diagnoses by town', formats: ['csv', 'json'] },
}

/** @param above further modules of the node */
export async function queryNode(
  options: Parameters<typeof projectsNode>[1] = {},
  above: readonly Module[] = [],
  plugs: Parameters<typeof projectsNode>[2] = {},
) {
  const n = await projectsNode([consentsModule, requestsModule, catalogModule, linkageModule, queryModule, ...above], options, plugs)
  const { t } = n
  const officer = t.principal({ roles: ['administrator', 'officer', 'data_custodian', 'data_owner'] })
  const within = <T>(act: (tx: Tx) => Promise<T>): Promise<T> => t.database.transaction(t.tenant, act)

  async function* body(text: string): AsyncGenerator<Uint8Array> {
    yield Buffer.from(text)
  }
  const { id: source } = await n.done<{ id: Id<'data_source'> }>(addDataSource, { slug: 'hospital', kind: 'file', title: 'Hospital' }, officer)
  async function upload(name: string, csv: string): Promise<Id<'table'>> {
    const { table } = await n.done<{ table: { id: Id<'table'> } }>(uploadTable, { source, name, body: body(csv) }, officer)
    return table.id
  }
  const say = (table: Id<'table'>, columns: readonly object[], more: object = {}) => n.done(changeTable, { table, columns, ...more }, officer)

  const patients = await upload('patients', patientsCsv(200))
  const stays = await upload('stays', staysCsv(200))
  await say(patients, [
    { name: 'patient_number', identifier_role: 'subject' },
    { name: 'birth_year', identifier_role: 'quasi' },
    { name: 'town', identifier_role: 'quasi' },
  ])
  await say(stays, [
    { name: 'patient_number', identifier_role: 'subject' },
    { name: 'diagnosis', identifier_role: 'sensitive' },
    { name: 'days', identifier_role: 'none' },
  ])

  async function project(tables: readonly string[] = ['hospital.patients', 'hospital.stays'], more: object = {}) {
    const { id } = await n.done<{ id: Id<'project'> }>(createProject, { ...n.terms(), ...more }, officer)
    const [lead, analyst] = [await n.staff(), await n.staff()]
    const members: string[] = []
    for (const [who, role] of [
      [lead, 'project_lead'],
      [analyst, 'project_analyst'],
    ] as const) {
      members.push((await n.done<{ id: string }>(addMember, { project: id, kind: 'user', holder: who.id, role }, officer)).id)
    }
    for (const reference of tables) await n.done(addSource, { project: id, kind: 'table', reference }, officer)
    await n.done(beginProject, { project: id }, officer)
    return { project: id, lead, analyst, members }
  }
  type Of = Awaited<ReturnType<typeof project>>

  const plan = ({ project: id, analyst }: Of, document: unknown = hospitalPlan) => n.done<PlanSummary>(createPlan, { project: id, document }, analyst)
  const start = ({ project: id, analyst }: Of, of: Pick<PlanSummary, 'id'>, version = 1) =>
    n.done<RunSummary>(startRun, { project: id, plan: of.id, version }, analyst)
  const conduct = (run: string) => t.door.enter(conductRun, { run }, systemPrincipal(t.tenant))
  const look = ({ project: id, lead }: Of, run: string) => n.done<RunView>(readRun, { project: id, run }, lead)
  /** A run from its beginning to wherever it comes. */
  async function ran(of: Of, document: unknown = hospitalPlan): Promise<RunView> {
    const made = await plan(of, document)
    const run = await start(of, made)
    await conduct(run.id)
    return look(of, run.id)
  }
  async function vote(review: string, who: Principal, choice = 'approve') {
    const page = await n.done<ReviewPage>(readReview, { review }, who)
    return n.done(voteOnReview, { review, choice, digest: page.digest }, who)
  }
  return { ...n, officer, within, source, patients, stays, upload, say, project, plan, start, conduct, look, ran, vote }
}
