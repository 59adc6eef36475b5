import { nodeTenant } from '@gatehouse/runtime/base/context'
import type { Tx } from '@gatehouse/runtime/data/db'
import { operation, type StepsContext } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import { settingsOf } from '../budget/store.ts'
import { findVersion } from '../plans/store.ts'
import { changedEvent, runFacts } from '../runs/end.ts'
import { runQueue } from '../runs/queue.ts'
import { insertRun } from '../runs/store.ts'
import { limits } from '../schema.ts'
import { nextDue } from './cron.ts'
import { dueSchedules, moveSchedule, type ScheduleRow, tenantsWithDue } from './store.ts'

export const scheduleQueue = 'query-schedules'
const dueMax = 100

/** Each minute. What could not be begun in time is begun once, however often it was due meanwhile. */
export const beginDue = operation({
  name: 'query.begin_due',
  kind: 'steps',
  summary: 'Begin the runs of schedules that are due',
  input: z.strictObject({}),
  output: z.strictObject({ begun: z.int() }),
  access: { action: 'use', on: () => ({ type: 'query_run' }) },
  audit: { none: 'each run that begins has an entry of its own' },
  async run(ctx) {
    if (ctx.tenant === nodeTenant) return handOut(ctx)
    return ctx.step(async (tx) => {
      let begun = 0
      for (const schedule of await dueSchedules(tx, ctx.now, dueMax)) begun += (await begin(ctx, tx, schedule)) ? 1 : 0
      return { begun }
    })
  },
})

async function handOut(ctx: StepsContext): Promise<{ begun: number }> {
  const { database, queue } = ctx.node
  for (const { tenant_id: tenant } of await database.transaction('node', (tx) => tenantsWithDue(tx, ctx.now))) {
    await database.transaction(tenant, (tx) => queue.enqueue(tx, scheduleQueue, { tenant }, { singletonKey: tenant }))
  }
  return { begun: 0 }
}

/** Whoever made the schedule is asked for when the run is carried out; a project that has too many open runs misses this one. */
async function begin(ctx: StepsContext, tx: Tx, schedule: ScheduleRow): Promise<boolean> {
  const { project_id, plan_id, version: number } = schedule
  const version = await findVersion(tx, plan_id, number)
  const next = nextDue(schedule.cron, ctx.now)
  if (version === undefined || next === undefined) return false
  const run = {
    id: ctx.newId<'query_run'>(),
    project_id,
    plan_id,
    version: number,
    hash: version.hash,
    title: version.document.output.title,
    schedule_id: schedule.id,
    asked_by: schedule.made_by,
    asked_from: null,
    behalf: schedule.behalf,
    asked_at: ctx.now,
    floor: (await settingsOf(tx, project_id)).floor,
  }
  const begun = await insertRun(tx, run, limits.openRunsMax)
  await moveSchedule(tx, schedule.id, next, begun ? run.id : undefined)
  if (!begun) return false
  await ctx.node.queue.enqueue(tx, runQueue, { tenant: ctx.tenant, run: run.id }, { singletonKey: run.id })
  const facts = runFacts({ id: run.id, project: project_id, plan: plan_id, version: number, hash: version.hash, state: 'queued', reason: null })
  await ctx.record(tx, 'query.run_scheduled', { ...facts, details: { ...facts.details, schedule: schedule.id } }, [changedEvent(run, 'queued')])
  return true
}
