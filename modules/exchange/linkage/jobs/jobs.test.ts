/** Link jobs over uploaded tables, compared in a process of its own: what is refused first. */
import { type Principal, systemPrincipal } from '@gatehouse/runtime/base/context'
import type { AnyOperation } from '@gatehouse/runtime/door/operation'
import { rowsOf } from '@gatehouse/tabular/dataset'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { recordOptOut } from '../../../governance/consents/opt-outs/staff.ts'
import { endProject } from '../../../governance/projects/life.ts'
import { linkageModule, linksOf } from '../index.ts'
import { linkageProblems } from '../problems.ts'
import { decidePair } from '../reviews/decide-pair.ts'
import { listReviews } from '../reviews/list.ts'
import { readPair } from '../reviews/read-pair.ts'
import type { OpenedPair, Review } from '../reviews/schema.ts'
import { type CatalogueNode, catalogueNode } from '../testing/catalogue.ts'
import { atGp, atHospital } from '../testing/people.ts'
import { cancelJob } from './cancel.ts'
import { readJob } from './read.ts'
import { runJob } from './run.ts'
import type { Job } from './schema.ts'
import { startJob } from './start.ts'

let n: CatalogueNode
let analyst: Principal
let custodian: Principal
let project: string
const means = ['given_name', 'family_name', 'date_of_birth', 'postcode'].map((name) => ({ name, semantic: name }))
beforeAll(async () => {
  n = await catalogueNode([linkageModule])
  await n.table('gp', 'patients', atGp(), [...means, { name: 'number', semantic: null, identifier_role: 'subject' }])
  await n.table('hospital', 'patients', atHospital(), means)
  await n.table('ward', 'beds', [{ bed: 1 }, { bed: 2 }])
  project = await n.project('gp.patients', 'hospital.patients', 'ward.beds')
  analyst = await n.member(project)
  custodian = await n.staff(['data_custodian'])
})
afterAll(() => n.t.close())

/** As the queue enters it: what the node itself may do, and no more. */
const system = () => systemPrincipal(n.t.tenant, 'job')
const done = <T>(operation: AnyOperation, input: object, by = analyst) => n.done<T>(operation, input, by)
const tables = { left: 'gp.patients', right: 'hospital.patients' }
const start = (more: object = {}) => done<Job>(startJob, { project, ...tables, threshold: 0.9999, review_from: 0.5, ...more })
const run = ({ id }: Job, of = project) => done<{ outcome: string; links: number; doubtful: number }>(runJob, { project: of, job: id }, system())
const read = ({ id }: Job) => done<Job & { report: { links: number; decided: object } }>(readJob, { project, job: id })
const links = async ({ id }: Job) => {
  const found = []
  for await (const chunk of linksOf(n.t.door.node, n.t.tenant, id)) found.push(...rowsOf(chunk))
  return found.map(({ left_row, right_row }) => `${left_row} ${right_row}`)
}

describe('a link job is refused', () => {
  it.each([
    ['over a table that the project is not admitted to', { left: 'gp.letters' }, linkageProblems.not_admitted],
    ['over tables with nothing in common', { right: 'ward.beds' }, linkageProblems.nothing_in_common],
    ['with a model that is none', { model: { compare: [] } }, linkageProblems.model_unfit],
  ])('%s', async (_, more, problem) => {
    expect(await n.refused(startJob, { project, ...tables, ...more }, analyst)).toBe(problem)
  })

  it('when the project is over before it runs, and reads nothing', async () => {
    const ended = await n.project('gp.patients', 'hospital.patients')
    const member = await n.member(ended)
    const job = await done<Job>(startJob, { project: ended, ...tables }, member)
    await done(endProject, { project: ended }, n.officer)
    expect(await run(job, ended)).toEqual({ outcome: 'project_closed', links: 0, doubtful: 0 })
  })

  it('once it is cancelled', async () => {
    const job = await start()
    await done(cancelJob, { project, job: job.id })
    expect(await run(job)).toMatchObject({ outcome: 'not_open' })
    expect(await n.refused(cancelJob, { project, job: job.id }, analyst)).toBe(linkageProblems.job_ended)
    expect(await read(job)).toMatchObject({ state: 'cancelled', report: null })
  })
})

describe('a link job', () => {
  it('keeps links as digests of rows, tells no value anywhere, and opens what is in doubt to reviewers alone', async () => {
    const job = await start()
    const outcome = await run(job)
    expect(outcome.outcome).toBe('done')
    expect(outcome.links).toBeGreaterThan(250)
    const kept = await links(job)
    expect(kept).toHaveLength(outcome.links)
    const told = JSON.stringify([await read(job), kept, n.t.entries, n.t.logLines])
    // Digests are base64url, in which three letters stand somewhere by chance.
    for (const value of [/archer/, /YO\d+ \d/, /"G300"/, /"H12"/]) expect(told).not.toMatch(value)
    const [review] = (await done<{ data: Review[] }>(listReviews, { project }, custodian)).data
    expect(review).toMatchObject({ id: job.id, origin: 'job', pairs: outcome.doubtful, decided: 0 })
    const pair = await done<OpenedPair>(readPair, { project, review: job.id, pair: 1 }, custodian)
    expect(pair.comparisons.map(({ comparison }) => comparison)).toContain('family_name')
    expect(pair.comparisons.flatMap(({ left }) => left).join(' ')).toMatch(/[a-z]/)
  })

  it('leaves out whoever has opted out, though they were linked before', async () => {
    const before = await run(await start())
    for (const user_id of ['G311', 'G312']) await done(recordOptOut, { user_id, opt_out: { scope: 'all' } }, n.officer)
    const after = await start()
    expect((await run(after)).links).toBe(before.links - 2)
    expect((await done<{ report: { sources: object[] } }>(readJob, { project, job: after.id })).report.sources).toEqual([
      { name: 'gp.patients', records: 598 },
      { name: 'hospital.patients', records: 600 },
    ])
  })

  it('does the next time as people have decided', async () => {
    const first = await start()
    const { links: before, doubtful } = await run(first)
    await done(decidePair, { project, review: first.id, pair: 1, choice: 'link', reason: 'name_variant' }, custodian)
    await done(decidePair, { project, review: first.id, pair: 2, choice: 'no_link', reason: 'common_name' }, custodian)
    const second = await start()
    expect(await run(second)).toEqual({ outcome: 'done', links: before + 1, doubtful: doubtful - 2 })
    expect((await read(second)).report.decided).toEqual({ linked: 1, parted: 1 })
  })
})
