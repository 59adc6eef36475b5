/** A run that weighs evidence: who decides its pairs in doubt, what they and others see, and what the next run makes of it. */
import type { QueryPlanInput } from '@gatehouse/query/plan/schema'
import type { Principal } from '@gatehouse/runtime/base/context'
import type { SourceRecord } from '@gatehouse/tabular/value'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { decidePair } from '../../linkage/reviews/decide-pair.ts'
import { listPairs, listReviews } from '../../linkage/reviews/list.ts'
import { readPair } from '../../linkage/reviews/read-pair.ts'
import type { OpenedPair, PairView, Review } from '../../linkage/reviews/schema.ts'
import { atGp, atHospital } from '../../linkage/testing/people.ts'
import { dryRunPlan } from '../plans/dry-run.ts'
import { requestApproval } from '../plans/request-approval.ts'
import type { PlanSummary, VersionSummary } from '../plans/schema.ts'
import { type QueryNode, queryNode } from '../testing/query.ts'
import { stepsOf } from './store.ts'

const keys = [
  ['given', 'name', 'given_name'],
  ['family', 'name', 'family_name'],
  ['born', 'date', 'date_of_birth'],
  ['postcode', 'postcode', 'postcode'],
] as const
const plan: QueryPlanInput = {
  version: 1,
  form: 'pseudonymised',
  sources: [
    { as: 'gp', table: 'hospital.registered' },
    { as: 'ward', table: 'hospital.admitted' },
  ],
  elements: [{ name: 'born', source: 'gp', column: 'date_of_birth', role: 'quasi' }],
  linkage: {
    keys: keys.map(([name, form, column]) => ({ name, form, columns: { gp: column, ward: column } })),
    method: { kind: 'probabilistic', threshold: 0.9999, review_from: 0.5 },
    keep: 'linked',
  },
  output: { title: 'Who is at both', formats: ['json'] },
}

let n: QueryNode
let of: Awaited<ReturnType<QueryNode['project']>>
let approved: PlanSummary
let custodian: Principal
beforeAll(async () => {
  n = await queryNode()
  const csv = (rows: readonly SourceRecord[]) => `${Object.keys(rows[0] ?? {}).join(',')}\n${rows.map((row) => Object.values(row).join(',')).join('\n')}\n`
  const means = keys.map(([, , name]) => ({ name, semantic: name, sensitivity: 'quasi_identifier' }))
  for (const [name, rows] of [
    ['registered', atGp()],
    ['admitted', atHospital()],
  ] as const)
    await n.say(await n.upload(name, csv(rows)), means)
  of = await n.project(['hospital.registered', 'hospital.admitted'])
  custodian = await n.staff(['data_custodian'])
  const owner = await n.staff(['data_owner'])
  approved = await n.plan(of, plan)
  const asked = await n.done<VersionSummary>(requestApproval, { project: of.project, plan: approved.id, version: 1 }, of.analyst)
  await n.vote(asked.approval.review ?? '', owner)
})
afterAll(() => n?.t.close())

async function ran(): Promise<{ run: string; linked: number; review: Review | undefined }> {
  const { id } = await n.start(of, approved)
  await n.conduct(id)
  expect(await n.look(of, id)).toMatchObject({ state: 'held_for_review', reason: null })
  // Members are told rounded counts.
  const link = (await n.within((tx) => stepsOf(tx, id))).find(({ kind }) => kind === 'link')
  const { data } = await n.done<{ data: Review[] }>(listReviews, { project: of.project }, custodian)
  return { run: id, linked: link?.facts.rows_out ?? 0, review: data.find((each) => each.id === id) }
}
const open = (review: string, pair: number, who: Principal) => n.done<OpenedPair>(readPair, { project: of.project, review, pair }, who)

it('leaves what is in doubt to people, who alone see values; the next run does as they decided', async () => {
  const first = await ran()
  expect(first.review).toMatchObject({ origin: 'run', state: 'open', decided: 0, pairs: expect.any(Number) })
  expect(first.review?.pairs).toBeGreaterThan(2)

  // Members who asked for the run, and its reviewers-to-be without the right, see neither pairs nor values.
  for (const member of [of.lead, of.analyst]) {
    expect(await n.refused(listPairs, { project: of.project, review: first.run }, member)).toMatchObject({ status: 403 })
    expect(await n.refused(readPair, { project: of.project, review: first.run, pair: 1 }, member)).toMatchObject({ status: 403 })
  }
  const looks = () => n.t.entries.filter(({ type }) => type === 'linkage.read_pair')
  const before = looks().length
  const opened = await open(first.run, 1, custodian)
  expect(looks().length).toBe(before + 1)
  expect(opened).toMatchObject({ left_source: 'hospital.registered', right_source: 'hospital.admitted' })
  expect(opened.comparisons.map(({ columns }) => columns[0])).toEqual(['given', 'family', 'born', 'postcode'])
  const values = opened.comparisons.flatMap(({ left, right }) => [...left, ...right]).filter((value) => value !== null)
  expect(values.length).toBeGreaterThan(4)

  // Nothing of it in clear: not at rest, not in the ledger, not in a log, not in what members are told.
  const kept = await n.within((tx) =>
    tx.query<Record<string, unknown>>('SELECT left_row, right_row, sealed FROM linkage.pair WHERE review_id = $1', [first.run]),
  )
  const atRest = kept.map(({ left_row, right_row, sealed }) => `${left_row} ${right_row} ${Buffer.from(sealed as Uint8Array).toString('latin1')}`)
  const told = JSON.stringify([atRest, await n.look(of, first.run), n.t.entries, n.t.logLines])
  for (const value of values.filter((each) => each.length > 4)) expect(told.toLowerCase()).not.toContain(value.toLowerCase())

  const { data: pairs } = await n.done<{ data: PairView[] }>(listPairs, { project: of.project, review: first.run, limit: 2 }, custodian)
  expect(pairs.map(({ number }) => number)).toEqual([1, 2])
  const decide = (pair: number, choice: string, reason: string) =>
    n.done(decidePair, { project: of.project, review: first.run, pair, choice, reason }, custodian)
  await decide(1, 'link', 'name_variant')
  await decide(2, 'no_link', 'common_name')

  const second = await ran()
  expect(second.linked).toBe(first.linked + 1)
  expect(second.review?.pairs).toBe((first.review?.pairs ?? 0) - 2)
})

it('asks nobody in a trial', async () => {
  const reviews = async () => (await n.done<{ data: Review[] }>(listReviews, { project: of.project }, custodian)).data.length
  const before = await reviews()
  await n.done(dryRunPlan, { project: of.project, document: plan }, of.analyst)
  expect(await reviews()).toBe(before)
})
