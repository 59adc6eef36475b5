import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { exampleProject, linkageIn } from '../keys/schema.ts'
import { linkageProblems } from '../problems.ts'
import { exampleJob, type Job, jobInput, jobSchema } from './schema.ts'
import { jobLife } from './states.ts'
import { endJob, findJob } from './store.ts'

export const cancelJob = operation({
  name: 'linkage.cancel_job',
  summary: 'Cancel a link job',
  description: 'The process that compares is ended within a second; nothing of it is kept.',
  input: jobInput,
  output: jobSchema,
  access: { action: 'create', on: linkageIn },
  audit: ({ project }, { id }) => ({ object: { kind: 'project', id: project }, details: { job: id } }),
  http: { method: 'POST', path: '/v1/projects/:project/link-jobs/:job/cancel' },
  example: { input: { project: exampleProject, job: exampleJob } },
  problems: [doorProblems.not_found, linkageProblems.job_ended],
  async run(ctx, { project, job: id }) {
    const found = await findJob(ctx.tx, project, id, true)
    if (found === undefined) return refuse(doorProblems.not_found)
    const state = jobLife.next(found.state, 'cancel')
    if (state === undefined) return refuse(linkageProblems.job_ended)
    await endJob(ctx.tx, project, id, state, null, ctx.now)
    const { report: _, model: __, ...job } = found
    return { ...job, state, stage: null, ended_at: ctx.now } satisfies Job
  },
})
