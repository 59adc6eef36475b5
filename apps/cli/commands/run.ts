import { type GatehouseClient, must } from '@gatehouse/sdk/client'
import type { paths } from '@gatehouse/sdk/generated/api'
import type { Command } from 'commander'
import type { Output } from '../terminal/output.ts'
import { openProgress } from '../terminal/progress.ts'
import { wholeNumber } from './act.ts'
import { allPages } from './all-pages.ts'
import { actAs, keyFile } from './as-whom.ts'
import { figure, latestVersion, sayRisk } from './plan.ts'

export type Run = paths['/v1/projects/{project}/runs/{run}']['get']['responses']['200']['content']['application/json']

const at = (project: string, run: string) => ({ params: { path: { project, run } } })
const underWay = new Set<Run['state']>(['queued', 'checking', 'waiting', 'waiting_for_node', 'running', 'treating', 'disclosure_control'])
const pollMs = 300

export const readRun = async (client: GatehouseClient, project: string, run: string): Promise<Run> =>
  must(await client.GET('/v1/projects/{project}/runs/{run}', at(project, run)))

export async function startRun(client: GatehouseClient, project: string, plan: string, version: number): Promise<{ readonly id: string }> {
  return must(await client.POST('/v1/projects/{project}/query-plans/{plan}/versions/{version}/runs', { params: { path: { project, plan, version } } }))
}

/** Until nothing is done for it any more: held, released, or ended otherwise. */
export async function waitForRun(client: GatehouseClient, project: string, run: string, show: boolean): Promise<Run> {
  const bar = openProgress('run', 100, show)
  try {
    for (;;) {
      const found = await readRun(client, project, run)
      const step = found.steps.find(({ state }) => state === 'running')
      bar.to(Math.round(100 * found.progress), step?.title ?? found.state)
      if (!underWay.has(found.state)) return found
      await new Promise((resolve) => setTimeout(resolve, pollMs))
    }
  } finally {
    bar.end()
  }
}

export function addRun(program: Command): void {
  const run = program.command('run').description('runs of query plans: begin, follow, compare')

  run
    .command('start')
    .description('runs a version of a plan and waits for it')
    .argument('<project>')
    .argument('<plan>')
    .argument('[version]', 'the latest where it is absent', wholeNumber)
    .option('--no-wait', 'do not wait')
    .option(...keyFile)
    .action(
      actAs(async ({ out, client }, project: string, plan: string, version: number | undefined, { wait }: { wait: boolean }) => {
        const begun = await startRun(client, project, plan, version ?? (await latestVersion(client, project, plan)))
        if (!wait) {
          out.say(`Run ${begun.id} is queued.`)
          return out.result(begun)
        }
        sayRun(out, await waitForRun(client, project, begun.id, !out.json))
      }),
    )

  run
    .command('wait')
    .description('waits until nothing is done for a run any more')
    .argument('<project>')
    .argument('<run>')
    .option(...keyFile)
    .action(actAs(async ({ out, client }, project: string, id: string) => sayRun(out, await waitForRun(client, project, id, !out.json))))

  run
    .command('show')
    .description('how a run stands, step by step')
    .argument('<project>')
    .argument('<run>')
    .option(...keyFile)
    .action(actAs(async ({ out, client }, project: string, id: string) => sayRun(out, await readRun(client, project, id))))

  run
    .command('list')
    .description('the runs of a project')
    .argument('<project>')
    .option('--plan <plan>', 'of this plan alone')
    .option(...keyFile)
    .action(
      actAs(async ({ out, client }, project: string, { plan }: { plan?: string }) => {
        const found = await allPages((cursor) =>
          client.GET('/v1/projects/{project}/runs', {
            params: { path: { project }, query: { limit: 100, ...(plan === undefined ? {} : { plan }), ...(cursor === undefined ? {} : { cursor }) } },
          }),
        )
        out.table(
          ['run', 'title', 'version', 'state', 'reason', 'asked', 'result'],
          found.map(({ id, title, version, state, reason, asked_at, result }) => [id, title, version, state, reason ?? '', asked_at, result ?? '']),
        )
        out.result(found)
      }),
    )

  run
    .command('compare')
    .description('two runs side by side: the plan, the sources, the rows, and how far the values of released results shifted')
    .argument('<project>')
    .argument('<left>')
    .argument('<right>')
    .option(...keyFile)
    .action(
      actAs(async ({ out, client }, project: string, left: string, right: string) => {
        const found = must(await client.GET('/v1/projects/{project}/runs/compare', { params: { path: { project }, query: { left, right } } }))
        out.say(found.same_plan ? 'Both ran the same plan.' : 'The plans differ:')
        if (!found.same_plan)
          out.table(
            ['place', 'what is otherwise'],
            found.changes.map(({ pointer, words }) => [pointer, words]),
          )
        out.table(
          ['step', 'rows left', 'rows right'],
          found.steps.map((step) => [step.title, rowsOf(step.left), rowsOf(step.right)]),
        )
        if (found.shifts.length > 0)
          out.table(
            ['column', 'shift (0 to 1)'],
            found.shifts.map(({ column, distance }) => [column, distance === null ? '–' : distance.toFixed(3)]),
          )
        out.result(found)
      }),
    )

  run
    .command('cancel')
    .description('cancels a run')
    .argument('<project>')
    .argument('<run>')
    .option(...keyFile)
    .action(
      actAs(async ({ out, client }, project: string, id: string) => {
        const ended = must(await client.POST('/v1/projects/{project}/runs/{run}/cancel', at(project, id)))
        out.say('Cancelled.')
        out.result(ended)
      }),
    )
}

const rowsOf = (step: { readonly rows_out: number | null } | null): string => (step === null ? '–' : figure(step.rows_out))

/** A run that did not come to a result is told as a failure to scripts. */
function sayRun(out: Output, found: Run): void {
  out.say(`${found.title}, version ${found.version}: ${found.state}${found.reason === null ? '' : ` (${found.reason})`}.`)
  if (found.detail !== null) out.say(found.detail)
  out.table(
    ['step', 'state', 'rows in', 'rows out', 'cells changed'],
    found.steps.map(({ title, state, rows_in, rows_out, cells_changed }) => [title, state, figure(rows_in), figure(rows_out), figure(cells_changed)]),
  )
  sayRisk(out, found)
  if (found.state === 'held_for_review') out.say(`The result is held: review ${found.review ?? ''} decides.`)
  if (found.state === 'released') out.say(`Result ${found.result ?? ''} is released.`)
  out.result(found)
  if (['refused', 'failed', 'cancelled', 'expired'].includes(found.state)) process.exitCode = 1
}
