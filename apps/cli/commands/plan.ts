import { type GatehouseClient, must } from '@gatehouse/sdk/client'
import type { paths } from '@gatehouse/sdk/generated/api'
import type { Command } from 'commander'
import { readText } from '../files/read-text.ts'
import type { Output } from '../terminal/output.ts'
import { wholeNumber } from './act.ts'
import { allPages } from './all-pages.ts'
import { actAs, keyFile } from './as-whom.ts'

type Document = paths['/v1/projects/{project}/query-plans']['post']['requestBody']['content']['application/json']['document']
type Version = paths['/v1/projects/{project}/query-plans/{plan}/versions']['post']['responses']['201']['content']['application/json']

const at = (project: string, plan: string) => ({ params: { path: { project, plan } } })

/** @throws Error that names the file */
async function readDocument(file: string): Promise<Document> {
  const text = await readText(file)
  try {
    return JSON.parse(text) as Document
  } catch (error) {
    throw new Error(`${file} is no JSON: ${(error as Error).message}`)
  }
}

export async function latestVersion(client: GatehouseClient, project: string, plan: string): Promise<number> {
  return must(await client.GET('/v1/projects/{project}/query-plans/{plan}', at(project, plan))).latest.version
}

export function addPlan(program: Command): void {
  const plan = program.command('plan').description('query plans: from which tables, of whom, linked how, treated how, given out as what')

  plan
    .command('list')
    .description('the plans of a project')
    .argument('<project>')
    .option(...keyFile)
    .action(
      actAs(async ({ out, client }, project: string) => {
        const found = await allPages((cursor) =>
          client.GET('/v1/projects/{project}/query-plans', {
            params: { path: { project }, query: { limit: 100, ...(cursor === undefined ? {} : { cursor }) } },
          }),
        )
        out.table(
          ['plan', 'title', 'version', 'form', 'approval', 'made'],
          found.map(({ id, title, latest }) => [id, title, latest.version, latest.form, latest.approval.state, latest.made_at]),
        )
        out.result(found)
      }),
    )

  plan
    .command('show')
    .description('a plan as it is now, and its versions; with --json its document')
    .argument('<project>')
    .argument('<plan>')
    .option(...keyFile)
    .action(
      actAs(async ({ out, client }, project: string, id: string) => {
        const found = must(await client.GET('/v1/projects/{project}/query-plans/{plan}', at(project, id)))
        out.say(
          `${found.title}: version ${found.latest.version}, ${found.latest.form}, from ${found.document.sources.map(({ table }) => table).join(' and ')}.`,
        )
        sayApproval(out, found.latest)
        out.table(
          ['version', 'hash', 'approval', 'by', 'made'],
          found.history.map(({ version, hash, approval, made_by, made_at }) => [version, hash.slice(0, 16), approval.state, made_by, made_at]),
        )
        out.result(found)
      }),
    )

  plan
    .command('check')
    .description('says what is wrong with a plan in a file, each fault at its place; nothing is kept')
    .argument('<project>')
    .argument('<file>', 'the plan as JSON')
    .option(...keyFile)
    .action(
      actAs(async ({ out, client }, project: string, file: string) => {
        const document = { ...(await readDocument(file)) }
        const checked = must(await client.POST('/v1/projects/{project}/query-plans/validate', { params: { path: { project } }, body: { document } }))
        if (checked.errors.length > 0)
          out.table(
            ['where', 'what is wrong'],
            checked.errors.map(({ pointer, detail }) => [pointer, detail]),
          )
        for (const { pointer, from, to } of checked.raised) out.say(`${pointer}: the catalogue knows it as ${to}, and so it is kept, not as ${from}.`)
        if (checked.valid)
          out.say(`It holds together and fits its tables.${checked.approval_reasons.length === 0 ? '' : ' The holders of its tables have to approve it.'}`)
        out.result(checked)
        if (!checked.valid) process.exitCode = 1
      }),
    )

  plan
    .command('make')
    .description('makes a plan from a file, or with --plan a new version of one')
    .argument('<project>')
    .argument('<file>', 'the plan as JSON')
    .option('--plan <plan>', 'the plan that it becomes a new version of')
    .option(...keyFile)
    .action(
      actAs(async ({ out, client }, project: string, file: string, { plan: id }: { plan?: string }) => {
        const document = await readDocument(file)
        if (id !== undefined) {
          const version = must(await client.POST('/v1/projects/{project}/query-plans/{plan}/versions', { ...at(project, id), body: { document } }))
          out.say(`Version ${version.version} of ${id}.`)
          sayApproval(out, version)
          return out.result(version)
        }
        const made = must(await client.POST('/v1/projects/{project}/query-plans', { params: { path: { project } }, body: { document } }))
        out.say(`Plan ${made.id}, version 1.`)
        sayApproval(out, made.latest)
        out.result(made)
      }),
    )

  plan
    .command('diff')
    .description('what is otherwise in another version')
    .argument('<project>')
    .argument('<plan>')
    .argument('<from>', 'a version', wholeNumber)
    .argument('<to>', 'a later one', wholeNumber)
    .option(...keyFile)
    .action(
      actAs(async ({ out, client }, project: string, id: string, from: number, to: number) => {
        const found = must(await client.GET('/v1/projects/{project}/query-plans/{plan}/diff', { params: { path: { project, plan: id }, query: { from, to } } }))
        out.table(
          ['where', 'what'],
          found.changes.map(({ pointer, words }) => [pointer, words]),
        )
        out.result(found)
      }),
    )

  plan
    .command('count')
    .description('how many people a plan in a file is about, after disclosure control')
    .argument('<project>')
    .argument('<file>', 'the plan as JSON')
    .option(...keyFile)
    .action(
      actAs(async ({ out, client }, project: string, file: string) => {
        const document = await readDocument(file)
        const found = must(await client.POST('/v1/projects/{project}/query-plans/count', { params: { path: { project } }, body: { document } }))
        if (found.nodes.length > 0) out.say(`Only ${found.nodes.join(' and ')} can tell, when the plan is run.`)
        else out.say(found.people === null ? `Fewer than ${found.floor} people.` : `About ${found.people} people, rounded to ${found.base}.`)
        out.result(found)
      }),
    )

  plan
    .command('dry-run')
    .description('what each step of a plan in a file would take away, and the risk before and after; nothing is kept')
    .argument('<project>')
    .argument('<file>', 'the plan as JSON')
    .option(...keyFile)
    .action(
      actAs(async ({ out, client }, project: string, file: string) => {
        const document = await readDocument(file)
        const found = must(await client.POST('/v1/projects/{project}/query-plans/dry-run', { params: { path: { project } }, body: { document } }))
        out.table(
          ['step', 'what', 'rows in', 'rows out', 'cells changed'],
          found.steps.map(({ id, kind, rows_in, rows_out, cells_changed }) => [id, kind, figure(rows_in), figure(rows_out), figure(cells_changed)]),
        )
        out.table(
          ['column', 'changed by preparing', 'changed by treatment', 'nothing left', 'detail lost'],
          found.columns.map(({ name, prepared, changed, suppressed, loss }) => [
            name,
            figure(prepared),
            figure(changed),
            figure(suppressed),
            loss === null ? '' : `${Math.round(100 * loss)} %`,
          ]),
        )
        sayRisk(out, found)
        out.say(found.reason === null ? outcomeWords[found.outcome] : `${outcomeWords[found.outcome]} Reason: ${found.reason}.`)
        out.result(found)
      }),
    )

  plan
    .command('ask')
    .description('asks the holders of its tables to approve a version')
    .argument('<project>')
    .argument('<plan>')
    .argument('[version]', 'the latest where it is absent', wholeNumber)
    .option(...keyFile)
    .action(
      actAs(async ({ out, client }, project: string, id: string, given: number | undefined) => {
        const version = given ?? (await latestVersion(client, project, id))
        const asked = must(
          await client.POST('/v1/projects/{project}/query-plans/{plan}/versions/{version}/request-approval', {
            params: { path: { project, plan: id, version } },
          }),
        )
        sayApproval(out, asked)
        out.result(asked)
      }),
    )
}

const outcomeWords = {
  would_be_held: 'A run would be held for its reviewers, unless the project lets results go at once whose checks all pass.',
  would_be_released: 'A run would be released at once.',
  would_be_refused: 'A run would be refused.',
  depends_on_nodes: 'As far as this node can tell, nothing stands against a run; the other nodes of the plan decide when it is run.',
}

/** A figure after disclosure control. */
export const figure = (count: number | null | undefined): string => (count === undefined ? '' : count === null ? 'too few' : String(count))

type Risk = { readonly prosecutor_highest: number } | null

export function sayRisk(out: Output, { risk_before, risk_after, loss }: { risk_before: Risk; risk_after: Risk; loss: number | null }): void {
  const percent = (risk: Risk) => (risk === null ? 'nothing' : `${(100 * risk.prosecutor_highest).toFixed(1)} %`)
  if (risk_before === null && risk_after === null) return
  out.say(
    `Highest risk that a row is recognised: ${percent(risk_before)} before, ${percent(risk_after)} after.${loss === null ? '' : ` Lost: ${(100 * loss).toFixed(1)} %.`}`,
  )
}

function sayApproval(out: Output, { approval }: Pick<Version, 'approval'>): void {
  const words = {
    not_needed: 'It needs nobody’s approval.',
    needed: `The holders of its tables have to approve it (${approval.reasons.join(', ')}): gatehouse plan ask.`,
    asked: `Review ${approval.review ?? ''} is open: the holders of its tables decide.`,
    approved: 'The holders of its tables have approved it.',
  }
  out.say(words[approval.state])
}
