import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { tableByReference } from '../../../custody/catalog/index.ts'
import { openProject } from '../../../governance/projects/index.ts'
import { exampleProject, linkageIn } from '../keys/schema.ts'
import { linkageProblems } from '../problems.ts'
import { meaningsOf } from './read-tables.ts'
import { type Job, jobSchema, limits, readModel, startInput } from './schema.ts'
import { countOpenJobs, insertJob } from './store.ts'

export const linkQueue = 'linkage-jobs'

export const startJob = operation({
  name: 'linkage.start_job',
  summary: 'Link two tables of the catalogue',
  description:
    'A model is drafted from what the columns mean unless one is given, its weights are learnt from the records, pairs at or above the threshold are links, and those below it down to `review_from` go to clerical review. The work is done apart; the job tells how far it is. Links are kept as pairs of digests of rows.',
  input: startInput,
  output: jobSchema,
  access: { action: 'create', on: linkageIn },
  audit: ({ project, left, right }, { id, options }) => ({
    object: { kind: 'project', id: project },
    details: { job: id, left, right, threshold: options.threshold, review_from: options.review_from, opinions: options.opinions },
  }),
  http: { method: 'POST', path: '/v1/projects/:project/link-jobs', status: 202 },
  example: { input: { project: exampleProject, left: 'gp.patients', right: 'hospital.patients', threshold: 0.95, review_from: 0.5 } },
  problems: [
    linkageProblems.project_closed,
    linkageProblems.not_admitted,
    linkageProblems.nothing_in_common,
    linkageProblems.jobs_full,
    linkageProblems.model_unfit,
  ],
  async run(ctx, { project, left, right, model, ...options }) {
    const facts = { object: { kind: 'project', id: project } }
    const open = await openProject(ctx.tx, project, ctx.now)
    if (open === undefined) return refuse(linkageProblems.project_closed, undefined, facts)
    const admitted = new Set(open.sources.filter(({ kind }) => kind === 'table').map(({ reference }) => reference))
    const tables = await Promise.all([left, right].map(async (reference) => (admitted.has(reference) ? tableByReference(ctx.tx, reference) : undefined)))
    const [one, other] = tables
    if (one === undefined || other === undefined) return refuse(linkageProblems.not_admitted, undefined, facts)
    const shared = [...meaningsOf(one).keys()].filter((meaning) => meaningsOf(other).has(meaning))
    if (shared.length === 0) return refuse(linkageProblems.nothing_in_common, undefined, facts)
    const read = model === undefined ? undefined : readModel(model)
    if (model !== undefined && read === undefined) return refuse(linkageProblems.model_unfit, undefined, facts)
    if ((await countOpenJobs(ctx.tx, project)) >= limits.openJobsMax) return refuse(linkageProblems.jobs_full, undefined, facts)
    const job: Job = {
      id: ctx.newId<'link_job'>(),
      left,
      right,
      options,
      state: 'queued',
      stage: null,
      reason: null,
      links: null,
      doubtful: null,
      created_by: ctx.principal.id,
      created_at: ctx.now,
      started_at: null,
      ended_at: null,
    }
    await insertJob(ctx.tx, project, job, read ?? null)
    await ctx.enqueue(linkQueue, { project, job: job.id })
    return job
  },
})
