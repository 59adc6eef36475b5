/** The second half: the plan is made, counted, tried, approved, run, reviewed and taken away, and each refusal on the way is seen. */
import { must } from '@gatehouse/sdk/client'
import { download } from '../../commands/result.ts'
import { type Run, startRun, waitForRun } from '../../commands/run.ts'
import { type Connection, refusalOf } from '../../node/connection.ts'
import { count } from '../../terminal/output.ts'
import type { Invited } from '../second-person.ts'
import type { Story } from '../story.ts'
import { planOf, smallestClass } from './document.ts'
import { admittedOf } from './hospital.ts'
import { objectingMax, type Tables, type Team } from './prepare.ts'

export interface Scene {
  readonly story: Story
  readonly connection: Connection
  readonly team: Team
  readonly project: string
  readonly tables: Tables
  readonly patients: number
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`

export async function makePlan({ story, team, project, tables, patients }: Scene): Promise<string> {
  story.step('A query plan')
  const { client } = team.analyst
  const at = { params: { path: { project } } }
  const document = planOf(tables.patients, tables.admissions)
  const checked = must(await client.POST('/v1/projects/{project}/query-plans/validate', { ...at, body: { document: { ...document } } }))
  story.claim(`${team.analyst.name} writes one document; it holds together and fits the tables.`, checked.valid, JSON.stringify(checked.errors))
  const counted = must(await client.POST('/v1/projects/{project}/query-plans/count', { ...at, body: { document } }))
  const expected = admittedOf(patients) - objectingMax
  story.claim(
    `It is about ${count(counted.people ?? 0)} people, rounded to ${counted.base}; whoever objected is not counted.`,
    counted.people !== null && Math.abs(counted.people - expected) <= objectingMax,
    String(counted.people),
  )
  const few = {
    ...document,
    cohort: {
      all: [
        { column: 'town', is: 'eq' as const, value: 'York' },
        { column: 'birth_year', is: 'eq' as const, value: 1935 },
        { column: 'diagnosis', is: 'eq' as const, value: 'gout' },
      ],
    },
  }
  const hidden = must(await client.POST('/v1/projects/{project}/query-plans/count', { ...at, body: { document: few } }))
  story.claim(`Asked about a few, it says no number: fewer than ${hidden.floor}.`, hidden.people === null, String(hidden.people))

  const tried = must(await client.POST('/v1/projects/{project}/query-plans/dry-run', { ...at, body: { document } }))
  story.tell('', 'A dry run, of which nothing is kept:')
  story.table(
    ['step', 'rows in', 'rows out', 'cells changed'],
    tried.steps.map(({ title, rows_in, rows_out, cells_changed }) => [title, rows_in ?? 'too few', rows_out ?? 'too few', cells_changed ?? '']),
  )
  const [before, after] = [tried.risk_before?.prosecutor_highest ?? 0, tried.risk_after?.prosecutor_highest ?? 1]
  story.claim(
    `The highest risk that a row is recognised falls from ${percent(before)} to ${percent(after)}.`,
    after <= 1 / smallestClass && after < before,
    tried.reason ?? '',
  )
  const made = must(await client.POST('/v1/projects/{project}/query-plans', { ...at, body: { document } }))
  return made.id
}

export async function vote(who: Invited, review: string): Promise<string> {
  const at = { params: { path: { review } } }
  const { digest } = must(await who.client.GET('/v1/reviews/{review}', at))
  return must(await who.client.POST('/v1/reviews/{review}/vote', { ...at, body: { choice: 'approve', digest } })).state
}

export async function approvePlan({ story, team, project }: Scene, plan: string): Promise<void> {
  story.step('The holders agree')
  const { client } = team.analyst
  const at = { params: { path: { project, plan, version: 1 } } }
  const early = refusalOf(await client.POST('/v1/projects/{project}/query-plans/{plan}/versions/{version}/runs', at))
  story.claim(
    'Rows with pseudonyms that nobody offers: it cannot be run before those who answer for the tables agree.',
    early.type.endsWith('/not-runnable'),
    early.type,
  )
  const asked = must(await client.POST('/v1/projects/{project}/query-plans/{plan}/versions/{version}/request-approval', at))
  const review = asked.approval.review ?? ''
  const own = refusalOf(await client.POST('/v1/reviews/{review}/vote', { params: { path: { review } }, body: { choice: 'approve', digest: asked.hash } }))
  story.claim(`${team.analyst.name} decides nothing about it.`, own.status >= 400)
  const state = await vote(team.owners[0], review)
  story.claim(`${team.owners[0].name} approves exactly this version, by its hash ${asked.hash.slice(0, 12)}….`, state === 'approved', state)
}

export async function runPlan({ story, team, project, patients }: Scene, plan: string): Promise<Run> {
  story.step('The run')
  const begun = await startRun(team.analyst.client, project, plan, 1)
  const run = await waitForRun(team.analyst.client, project, begun.id, !story.out.json)
  story.table(
    ['step', 'rows in', 'rows out'],
    run.steps.map(({ title, rows_in, rows_out }) => [title, rows_in ?? 'too few', rows_out ?? 'too few']),
  )
  story.claim('It ends held: nothing has left.', run.state === 'held_for_review', `${run.state} ${run.detail ?? ''}`)
  const excluded = run.steps.find(({ kind, title }) => kind === 'exclude' && title.includes('patients'))
  story.claim('Those who objected were left out before anything else of them was read.', (excluded?.rows_in ?? 0) - (excluded?.rows_out ?? 0) >= 10)
  const linked = run.steps.find(({ kind }) => kind === 'link')?.rows_out ?? 0
  story.claim(
    `${count(linked)} people were found in both sources, by tokens and not by names.`,
    Math.abs(linked - (admittedOf(patients) - objectingMax)) <= 5,
    String(linked),
  )
  return run
}

export async function releaseResult({ story, team, project }: Scene, run: Run): Promise<string> {
  story.step('Disclosure control')
  const result = run.result ?? ''
  const at = { params: { path: { project, result } } }
  const own = refusalOf(await team.analyst.client.GET('/v1/projects/{project}/results/{result}/rows', at))
  story.claim(`${team.analyst.name} sees no row of it yet.`, own.type.endsWith('/result-held'), own.type)
  const { report } = must(await team.owners[0].client.GET('/v1/projects/{project}/results/{result}', at))
  story.table(
    ['check', 'status', 'what was found'],
    report.checks.map(({ check, column, status, detail }) => [column === null ? check : `${check} ${column}`, status, detail]),
  )
  const first = await vote(team.owners[0], run.review ?? '')
  story.claim(`${team.owners[0].name} agrees; one is not enough.`, first !== 'approved', first)
  const second = await vote(team.owners[1], run.review ?? '')
  story.claim(`${team.owners[1].name} agrees too: with the second vote it is released.`, second === 'approved', second)
  const page = must(
    await team.analyst.client.GET('/v1/projects/{project}/results/{result}/rows', { params: { path: { project, result }, query: { limit: 3 } } }),
  )
  story.table(
    page.columns,
    page.data.map((row) => page.columns.map((column) => (column === 'person' ? `${String(row[column]).slice(0, 24)}…` : row[column]))),
  )
  story.claim(
    'Each row is told by a pseudonym of this project, and no name stands in it.',
    page.columns.includes('person') && !page.columns.includes('family_name'),
  )
  return result
}

export async function takeAway({ story, team, project }: Scene, result: string): Promise<Uint8Array> {
  story.step('Taking it away')
  const { client } = team.analyst
  const at = { params: { path: { project, result } } }
  const asked = must(await client.POST('/v1/projects/{project}/results/{result}/downloads', { ...at, body: { format: 'json' } }))
  const spend = () =>
    client.GET('/v1/projects/{project}/results/{result}/downloads/{token}', {
      params: { path: { project, result, token: asked.token } },
      parseAs: 'arrayBuffer',
    })
  const bytes = new Uint8Array(must(await spend()) as unknown as ArrayBuffer)
  story.claim(`A one-time token, good for ${asked.expires_in} seconds, gives ${count(bytes.length)} bytes of JSON.`, bytes.length > 1_000)
  const again = await spend()
  story.claim('The same token a second time gives nothing.', !again.response.ok, String(again.response.status))
  const text = Buffer.from(bytes).toString('utf8')
  story.claim('What the file says of itself travels in it: plan, run, sources and treatment.', text.includes(result) && !/Name\d/.test(text))
  const csv = await download(client, project, result, 'csv')
  story.tell(`As CSV it is a file beside its metadata, ${count(csv.length)} bytes.`)
  return bytes
}
