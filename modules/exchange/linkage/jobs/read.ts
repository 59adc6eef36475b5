import { pageSchema } from '@gatehouse/core/schema'
import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { exampleProject, linkageIn } from '../keys/schema.ts'
import { exampleJob, jobDetailSchema, jobInput, jobSchema, jobsQuery } from './schema.ts'
import { findJob, listJobRows } from './store.ts'

export const listJobs = operation({
  name: 'linkage.list_jobs',
  summary: 'List the link jobs of a project, newest first',
  input: jobsQuery,
  output: pageSchema(jobSchema),
  access: { action: 'read', on: linkageIn },
  audit: { none: 'it tells names of tables, times and counts of links, and nothing of a person' },
  http: { method: 'GET', path: '/v1/projects/:project/link-jobs' },
  example: { input: { project: exampleProject } },
  async run({ tx }, { project, cursor, limit }) {
    const rows = await listJobRows(tx, project, cursor, limit + 1)
    const data = rows.slice(0, limit)
    return { data, next: rows.length > limit ? (data.at(-1)?.id ?? null) : null }
  },
})

export const readJob = operation({
  name: 'linkage.read_job',
  summary: 'Read a link job with its report',
  description: 'How many pairs each rule made, what each agreement weighs, where the threshold stands, and links taken apart, all without a value of a record.',
  input: jobInput,
  output: jobDetailSchema,
  access: { action: 'read', on: linkageIn },
  audit: { none: 'its report holds figures and names of columns, and no value of a record' },
  http: { method: 'GET', path: '/v1/projects/:project/link-jobs/:job' },
  example: { input: { project: exampleProject, job: exampleJob } },
  problems: [doorProblems.not_found],
  async run({ tx }, { project, job: id }) {
    const job = await findJob(tx, project, id)
    return job === undefined ? refuse(doorProblems.not_found) : { ...job, model: job.model as Record<string, unknown> | null }
  },
})
