import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { problems } from '../problems.ts'
import { endResult } from '../results/end.ts'
import { inProject } from '../schema.ts'
import { changedEvent, endRun, runFacts } from './end.ts'
import { exampleRun } from './read.ts'
import { runInput, runSummary } from './schema.ts'
import { findRun, stepsOf } from './store.ts'
import { runSummaryOf } from './view.ts'

export const cancelRun = operation({
  name: 'query.cancel_run',
  summary: 'Cancel a run',
  description: 'Within a second nothing more is read for it. What it has read so far is noise at once: the key is forgotten.',
  input: runInput,
  output: runSummary,
  access: { action: 'delete', on: inProject('query_run') },
  audit: (_input, run) => runFacts(run),
  http: { method: 'POST', path: '/v1/projects/:project/runs/:run/cancel' },
  example: { input: exampleRun },
  problems: [doorProblems.not_found, problems.run_ended],
  async run(ctx, { project, run: id }) {
    const before = await findRun(ctx.tx, id, true)
    if (before?.project_id !== project) return refuse(doorProblems.not_found)
    const ended = await endRun(ctx.tx, id, 'cancelled', ctx.now)
    if (ended === undefined) return refuse(problems.run_ended)
    if (ended.result_id !== null) await endResult(ctx.tx, ended.result_id, 'deleted', ctx.now)
    ctx.publish(changedEvent(ended, ended.state))
    return runSummaryOf(ended, await stepsOf(ctx.tx, id))
  },
})
