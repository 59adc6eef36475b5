import { setTimeout as wait } from 'node:timers/promises'
import { instantOf } from '@gatehouse/core/instant'
import { Problem } from '@gatehouse/core/problem'
import { errorFields } from '@gatehouse/runtime/base/log'
import { operation, type StepsContext } from '@gatehouse/runtime/door/operation'
import { ProcessFault } from '@gatehouse/runtime/work/bounded-process'
import { z } from 'zod'
import { type CatalogTable, ConnectorError, tableByReference } from '../../../custody/catalog/index.ts'
import { openProject } from '../../../governance/projects/index.ts'
import { excludedFrom } from '../excluded.ts'
import { exampleProject, linkageIn } from '../keys/schema.ts'
import { decisionsOf, recordDoubtfulLinks, rowKeyOf } from '../reviews/record.ts'
import { limits as reviewLimits } from '../reviews/schema.ts'
import type { Linked } from './link-tables.ts'
import { linkInProcess } from './linker-process.ts'
import { keepLinks } from './links-file.ts'
import { dateOrderOf, readForLinking } from './read-tables.ts'
import { exampleJob, jobInput, type Stage } from './schema.ts'
import type { JobReason } from './states.ts'
import { beginJob, endJob, findJob, finishJob, sayAlive } from './store.ts'

const aliveEveryMs = 500

class Stopped extends Error {
  readonly reason: JobReason

  constructor(reason: JobReason) {
    super(reason)
    this.reason = reason
  }
}

/** Everything is asked again here: that the project is open, that it may work with both tables, and, at every step, that whoever asked for it still may. */
export const runJob = operation({
  name: 'linkage.run_job',
  summary: 'Link two tables that a project asked to link',
  kind: 'steps',
  input: jobInput,
  output: z.strictObject({ outcome: z.string(), links: z.int(), doubtful: z.int() }),
  access: { action: 'use', on: linkageIn },
  example: { input: { project: exampleProject, job: exampleJob } },
  audit: ({ project, job }, { outcome, links, doubtful }) => ({ object: { kind: 'project', id: project }, details: { job, outcome, links, doubtful } }),
  async run(ctx, { project, job: id }) {
    const nothing = { links: 0, doubtful: 0 }
    if (!(await ctx.step((tx) => beginJob(tx, project, id, now(ctx))))) return { outcome: 'not_open', ...nothing }
    const life = keepAlive(ctx, project, id)
    try {
      const linked = await link(ctx, project, id, life)
      life.at('keeping')
      await keepLinks(ctx.node, ctx.tenant, id, linked.links)
      await life.stop()
      return await keep(ctx, project, id, linked)
    } catch (error) {
      await life.stop()
      if (life.cancelled) return { outcome: 'cancelled', ...nothing }
      const reason = life.barred ? 'not_allowed' : reasonOf(error)
      if (reason === 'failed') ctx.node.log.warn({ tenant: ctx.tenant, job: id, error: errorFields(error) }, 'two tables could not be linked')
      // Whoever asked may have lost the right, and the job ends all the same.
      await ctx.node.database.transaction(ctx.tenant, (tx) => endJob(tx, project, id, 'failed', reason, now(ctx)))
      return { outcome: reason, ...nothing }
    }
  },
})

type Project = z.output<typeof jobInput>['project']
type JobId = z.output<typeof jobInput>['job']
const now = ({ node }: StepsContext) => instantOf(node.source.nowMs())

async function link(ctx: StepsContext, project: Project, id: JobId, life: ReturnType<typeof keepAlive>): Promise<Linked> {
  const { node, tenant } = ctx
  const found = await ctx.step(async (tx) => {
    const [job, open] = [await findJob(tx, project, id), await openProject(tx, project, now(ctx))]
    if (job === undefined || open === undefined) throw new Stopped('project_closed')
    const admitted = async (reference: string): Promise<CatalogTable> => {
      const may = open.sources.some((source) => source.kind === 'table' && source.reference === reference)
      const table = may ? await tableByReference(tx, reference) : undefined
      if (table === undefined) throw new Stopped('not_admitted')
      return table
    }
    const tables = [await admitted(job.left), await admitted(job.right)] as const
    const excluded = await excludedFrom(tx, node, tenant, { purpose: open.project.purpose, tables: [job.left, job.right] })
    return { job, tables, excluded, decisions: await decisionsOf(tx, project) }
  })
  const [left, right] = found.tables
  const read = (table: CatalogTable) => readForLinking(node, tenant, table, found.excluded, life.signal)
  const [leftRows, rightRows] = [await read(left), await read(right)]
  for (const [table, { data }] of [
    [left, leftRows],
    [right, rightRows],
  ] as const)
    if (data.rowCount < table.floor) throw new Stopped('too_few_records')
  life.at('linking')
  const { options, model } = found.job
  return linkInProcess(
    {
      left: leftRows,
      right: rightRows,
      model: model ?? undefined,
      dateOrder: dateOrderOf(left) ?? dateOrderOf(right),
      threshold: options.threshold,
      reviewFrom: options.review_from,
      oneToOne: options.one_to_one,
      seed: options.seed,
      doubtfulMax: reviewLimits.pairsMax,
      rowKey: await rowKeyOf(node, tenant, project),
      decisions: found.decisions,
    },
    life.signal,
  )
}

/** The review and the end of the job are one act. */
async function keep(ctx: StepsContext, project: Project, id: JobId, { report, model, links, doubtful }: Linked) {
  const count = links.left.length
  return ctx.step(async (tx) => {
    const job = await findJob(tx, project, id, true)
    const at = now(ctx)
    if (job === undefined || !(await finishJob(tx, project, id, { report, model, links: count, doubtful: doubtful.length, now: at })))
      return { outcome: 'cancelled', links: 0, doubtful: 0 }
    const origin = { project, origin: 'job' as const, id, opinions: job.options.opinions, now: at }
    const pairs = doubtful.map((pair) => ({ ...pair, leftSource: job.left, rightSource: job.right }))
    await recordDoubtfulLinks(tx, ctx.node, ctx.tenant, origin, pairs)
    ctx.publish({ type: 'linkage.job_done', subject: id, data: { job: id, project, links: count, doubtful: doubtful.length } })
    return { outcome: 'done', links: count, doubtful: doubtful.length }
  })
}

const processReasons: Readonly<Record<string, JobReason>> = {
  no_column: 'nothing_in_common',
  missing_column: 'nothing_in_common',
  bad_model: 'model_unfit',
  unknown_comparison: 'model_unfit',
  unknown_level: 'model_unfit',
  too_many_patterns: 'model_unfit',
  too_few_records: 'too_few_records',
  too_many_pairs: 'too_many_pairs',
  memory: 'too_large',
  too_slow: 'too_slow',
}
const sourceReasons: Readonly<Record<string, JobReason>> = {
  unreachable: 'source_unreachable',
  slow: 'source_unreachable',
  refused: 'source_refused',
  drifted: 'source_drifted',
  too_large: 'too_large',
}

function reasonOf(error: unknown): JobReason {
  if (error instanceof Stopped) return error.reason
  if (error instanceof ProcessFault) return processReasons[error.reason] ?? 'failed'
  if (error instanceof ConnectorError) return sourceReasons[error.code] ?? 'failed'
  return error instanceof Problem ? 'not_allowed' : 'failed'
}

/** Says twice a second how far it is; once it is cancelled, or whoever asked may not any more, what is under way is ended. */
function keepAlive(ctx: StepsContext, project: Project, id: JobId) {
  const [stopping, ending] = [new AbortController(), new AbortController()]
  const state = { stage: 'reading' as Stage, cancelled: false, barred: false }
  const beats = (async () => {
    while (!stopping.signal.aborted) {
      await wait(aliveEveryMs, undefined, { signal: stopping.signal }).catch(() => undefined)
      if (stopping.signal.aborted) return
      const goes = await ctx
        .step((tx) => sayAlive(tx, project, id, state.stage, now(ctx)))
        .catch((error: unknown) => {
          if (error instanceof Problem) state.barred = true
          else ctx.node.log.warn({ tenant: ctx.tenant, job: id, error: errorFields(error) }, 'a link job could not say that it lives')
          return !state.barred
        })
      if (goes) continue
      state.cancelled = !state.barred
      ending.abort()
      return
    }
  })()
  return {
    signal: ending.signal,
    get cancelled() {
      return state.cancelled
    },
    get barred() {
      return state.barred
    },
    at(stage: Stage) {
      state.stage = stage
    },
    async stop() {
      stopping.abort()
      await beats
    },
  }
}
